import { type Isolation, KafkaError, type TopicPartition } from '@tskafka/core';
import {
  type Cluster,
  fetchCommitted,
  partitionName,
  type Place,
  type ReadingMember,
  resolveOffsets,
  startOf,
} from '@tskafka/core/internal';

export interface StartOptions {
  readonly consumerGroup: string | undefined;
  readonly resetOffsetOnStart: boolean;
  /** Whether it is the start: a rebalance resets nothing that was read. Default true. */
  readonly isFirst?: boolean;
  /** Partitions that have gone and come back before anything of them was read, and where they were to begin. They begin there still. */
  readonly unread?: ReadonlyMap<string, number>;
  readonly autoOffsetReset: Place | 'none';
  readonly isolation: Isolation;
  /** As which member of the group; see fetchCommitted. */
  readonly member?: () => ReadingMember | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Where a partition starts, and whether that was chosen for this reader or is what the group has committed. */
export interface StartOffset extends TopicPartition {
  readonly offset: number;
  readonly isGiven: boolean;
  /** Of what is before the offset, as the group has committed it; -1 when nobody knows. */
  readonly leaderEpoch?: number;
}

/** Where a consumer starts in each of these partitions, by the rule of core's offsets/start.ts. Nothing is committed by it. */
export async function startOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  { consumerGroup, resetOffsetOnStart, isFirst = true, unread = new Map(), autoOffsetReset, isolation, member, signal }: StartOptions,
): Promise<StartOffset[]> {
  const resets = (name: string): boolean => resetOffsetOnStart && (isFirst || unread.has(name));
  const asked = consumerGroup === undefined ? [] : partitions.filter((partition) => !resets(partitionName(partition)));
  const stored = asked.length === 0 ? [] : await fetchCommitted(cluster, consumerGroup!, asked, { member, signal });
  const committed = new Map(stored.map((entry) => [partitionName(entry), entry]));
  const starts = partitions.map(({ topic, partition }) => {
    const name = partitionName({ topic, partition });
    const reset = unread.has(name) ? 'unread' : autoOffsetReset;
    const start = startOf({ committed: committed.get(name)?.offset, resetOffsetOnStart: resets(name), autoOffsetReset: reset });
    if (start === 'none') throw new KafkaError(`${name}: nothing is committed to start from, and autoOffsetReset is 'none'`);
    return { topic, partition, name, start };
  });
  const places = starts.flatMap(({ topic, partition, start }) => (typeof start === 'object' ? [{ topic, partition, place: start }] : []));
  const resolved = await resolveOffsets(cluster, places, { isolation, signal });
  const chosen = new Map([...unread, ...resolved.map((entry) => [partitionName(entry), entry.offset] as const)]);
  return starts.map(({ topic, partition, name, start }) =>
    typeof start === 'number'
      ? { topic, partition, offset: start, isGiven: false, leaderEpoch: committed.get(name)!.leaderEpoch }
      : { topic, partition, offset: chosen.get(name)!, isGiven: true },
  );
}

/** Where reading ends in each of these partitions, as the log is now: a place beyond its end means the end. */
export async function endOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  { until, isolation, signal }: { readonly until: Place; readonly isolation: Isolation; readonly signal: AbortSignal | undefined },
): Promise<number[]> {
  const limit = until.kind === 'offset' ? until.offset : Infinity;
  const place: Place = until.kind === 'offset' ? { kind: 'latest' } : until;
  const places = partitions.map(({ topic, partition }) => ({ topic, partition, place }));
  const ends = await resolveOffsets(cluster, places, { isolation, signal });
  return ends.map(({ offset }) => Math.min(offset, limit));
}
