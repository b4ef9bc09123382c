import type { Isolation } from '@tskafka/core';
import { VisibleRecords } from '@tskafka/core/internal';
import { CorruptRecordError, summarizeBatches } from '@tskafka/core/protocol';
import type { FetchedPartition } from './fetch-response.ts';
import type { MessageQueue } from './message-queue.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { Answer } from './waiting-batches.ts';

/** Hands a partition's batches to the queue. Only their headers are read here. Returns why the first of them cannot be read. */
export function enqueue(
  queue: MessageQueue<unknown, unknown>,
  isolation: Isolation,
  partition: PartitionQueue,
  { records, abortedTransactions, highWatermark }: FetchedPartition,
  answer: Answer,
): Error | undefined {
  if (records === null || records.length === 0) return undefined;
  const { bytes, recordCount, lastOffset, partitionLeaderEpoch, error } = summarizeBatches(records);
  // What is good is read first; the next fetch begins with what is not, and says so.
  if (bytes === 0) return error ?? new CorruptRecordError(`${records.length} bytes are less than a batch, and a broker sends at least one`);
  const visible = new VisibleRecords(isolation === 'read_committed' ? (abortedTransactions ?? []) : null);
  queue.push(partition, {
    records: records.subarray(0, bytes),
    recordCount,
    lastOffset,
    partitionLeaderEpoch,
    visible,
    highWatermark,
    answer,
  });
  return undefined;
}
