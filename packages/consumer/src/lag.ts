import type { Isolation, TopicPartition } from '@tskafka/core';
import { type Cluster, type ResolvedOffset, resolveOffsets } from '@tskafka/core/internal';
import type { ConsumerPartition } from './consumer-partitions.ts';

export type { ResolvedOffset };

/** The lag of a consumer in a partition. */
export interface PartitionLag extends TopicPartition {
  /** The number of offsets up to the end, including gaps left by compaction and transactions. */
  readonly lag: number;
}

interface LagOptions {
  readonly isolation: Isolation;
  readonly signal: AbortSignal | undefined;
}

/** Where each partition ends now. */
export function endsOf(cluster: Cluster, partitions: readonly TopicPartition[], options: LagOptions): Promise<ResolvedOffset[]> {
  const places = partitions.map(({ topic, partition }) => ({ topic, partition, place: { kind: 'latest' } as const }));
  return resolveOffsets(cluster, places, options);
}

/** What is between each position and the end of its partition. */
export async function lagOf(cluster: Cluster, partitions: readonly ConsumerPartition[], options: LagOptions): Promise<PartitionLag[]> {
  const ends = await endsOf(cluster, partitions, options);
  return ends.map(({ topic, partition, offset }, i) => ({ topic, partition, lag: Math.max(0, offset - partitions[i]!.position) }));
}
