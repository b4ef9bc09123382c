import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { deleteRecords as deleteRecordsApi } from '../protocol/apis/delete-records.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atLeaders } from './at-leaders.ts';
import { checkList, checkPartition, checkTwins, fullPartitionName } from './items.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** The records of a partition to delete. Java: RecordsToDelete. */
export interface RecordsToDelete extends TopicPartition {
  /** The offset of the first record to keep. `end` deletes everything that consumers can read now (up to the high watermark). */
  readonly before: number | 'end';
}

/** Kafka's word for the high watermark. */
const highWatermark = -1;

/**
 * Deletes the records before an offset (KIP-107), and returns the first offset that each partition still holds.
 *
 * An entry is a BrokerError: OFFSET_OUT_OF_RANGE when the offset is beyond the high watermark, POLICY_VIOLATION when the topic is only
 * compacted, UNKNOWN_TOPIC_OR_PARTITION when there is no such partition. Rejects with TypeError for a bad item. Java: Admin.deleteRecords.
 */
export async function deleteRecords(
  client: KafkaClient,
  records: readonly RecordsToDelete[],
  options: AdminOptions = {},
): Promise<Results<RecordsToDelete, number>> {
  const cluster = clusterOf('deleteRecords', client);
  const limits = limitsOf(cluster, 'deleteRecords', options);
  checkList('records', records, check);
  checkTwins(records, fullPartitionName);
  return atLeaders(
    cluster,
    records,
    async (connection, open, signal) => {
      const topics = byTopic(open, ({ partition, before }) => ({
        partitionIndex: partition,
        offset: before === 'end' ? highWatermark : before,
      }));
      const request = { topics, timeoutMs: limits.heldMs };
      const answer = await connection.send(deleteRecordsApi, request, { signal, heldMs: limits.heldMs });
      return matchAnswers(open, fullPartitionName, byPartition(answer.topics), ({ errorCode, lowWatermark }, item) =>
        errorCode === 0 ? lowWatermark : brokerError(errorCode, `records of ${fullPartitionName(item)} before ${item.before}`),
      );
    },
    limits,
  );
}

function check(item: RecordsToDelete): void {
  checkPartition(item);
  if (item.before === 'end' || (Number.isSafeInteger(item.before) && item.before >= 0)) return;
  throw new TypeError(`before must be an offset of at least 0, or 'end', not ${shown(item.before)}`);
}
