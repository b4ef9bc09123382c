import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { checkOffset } from '../offsets/offset.ts';
import type { Isolation } from '../offsets/offsets-request.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atLeaders } from './at-leaders.ts';
import { checkList, checkPartition, fullPartitionName } from './items.ts';
import type { Results } from './results.ts';
import { type PartitionOffset, searchTimestamps } from './search-timestamps.ts';

/** Which records `listTimestamps` sees. */
export interface ListTimestampsOptions extends AdminOptions {
  /** With `read_committed` none that a transaction holds back or has aborted. Default `read_committed`, as our consumers read. */
  readonly isolation?: Isolation;
}

/**
 * The time of the first record at or behind each of these offsets, in milliseconds since 1970, and undefined where there is none: what `listOffsets`
 * tells, the other way round. A group's committed offsets become the times since which its next messages wait. A partition may be named with several.
 *
 * A broker tells times in its records alone, so they are read: all partitions of a leader in one request, where their batches are small.
 *
 * A partition's error is BrokerError: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, LEADER_NOT_AVAILABLE when none was elected within the
 * time; or CorruptRecordError. Rejects with TypeError or RangeError for what is no partition or no offset.
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
