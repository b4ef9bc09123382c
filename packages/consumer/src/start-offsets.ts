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
  { consumerGroup, resetOffsetOnStart, autoOffsetReset, isolation, member, signal }: StartOptions,
): Promise<StartOffset[]> {
  const asksGroup = consumerGroup !== undefined && !resetOffsetOnStart;
  const stored = asksGroup ? await fetchCommitted(cluster, consumerGroup, partitions, { member, signal }) : [];
  const committed = new Map(stored.map((entry) => [partitionName(entry), entry]));
  const starts = partitions.map(({ topic, partition }) => {
    const name = partitionName({ topic, partition });
    const start = startOf({ committed: committed.get(name)?.offset, resetOffsetOnStart, autoOffsetReset });
    if (start === 'none') throw new KafkaError(`${name}: nothing is committed to start from, and autoOffsetReset is 'none'`);
    return { topic, partition, start };
  });
  const places = starts.flatMap(({ start, ...place }) => (typeof start === 'number' ? [] : [{ ...place, place: start }]));
  const resolved = await resolveOffsets(cluster, places, { isolation, signal });
  const offsets = new Map(resolved.map((entry) => [partitionName(entry), entry.offset]));
  return starts.map(({ topic, partition, start }) =>
    typeof start === 'number'
      ? { topic, partition, offset: start, isGiven: false, leaderEpoch: committed.get(partitionName({ topic, partition }))!.leaderEpoch }
      : { topic, partition, offset: offsets.get(partitionName({ topic, partition }))!, isGiven: true },
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
