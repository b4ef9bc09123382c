import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { checkOffset } from '../offsets/offset.ts';
import type { Isolation } from '../offsets/offsets-request.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atLeaders } from './at-leaders.ts';
import { checkList, checkPartition, fullPartitionName } from './items.ts';
import type { Results } from './results.ts';
import { type PartitionOffset, searchTimestamps } from './search-timestamps.ts';

/** Options of `listTimestamps`. */
export interface ListTimestampsOptions extends AdminOptions {
  /** Default `read_committed`, like our consumers: it ignores records of open and aborted transactions. */
  readonly isolation?: Isolation;
}

/**
 * Returns the timestamp of the first record at or after each of these offsets, in milliseconds since 1970, or undefined if there is none:
 * the reverse of `listOffsets`. A group's committed offsets become the times since which its next messages wait. A partition may be named
 * with several.
 *
 * A broker tells times in its records alone, so they are read: all partitions of a leader in one request, where their batches are small.
 *
 * A partition's error is BrokerError: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, LEADER_NOT_AVAILABLE when none was elected
 * within the time; or CorruptRecordError. Rejects with TypeError or RangeError for an invalid partition or offset.
 */
export async function listTimestamps<Item extends PartitionOffset>(
  client: KafkaClient,
  places: readonly Item[],
  options: ListTimestampsOptions = {},
): Promise<Results<Item, number | undefined>> {
  const cluster = clusterOf('listTimestamps', client);
  checkList('places', places, (place) => {
    checkPartition(place);
    checkOffset(place.offset, `the offset of ${fullPartitionName(place)}`);
  });
  const limits = limitsOf(cluster, 'listTimestamps', options, ['isolation']);
  const { isolation = 'read_committed' } = options;
  if (places.length === 0) return new Map();
  return atLeaders(cluster, places, (connection, open, signal) => searchTimestamps(connection, open, { isolation, signal }), limits);
}
