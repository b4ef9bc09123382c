import { checkOffset, type Cluster, type OffsetToCommit, resolveOffsets, shown } from '@tskafka/core/internal';
import { type ConsumerPartitions, type PartitionKey, pairsOf } from './consumer-partitions.ts';

/** What to commit for a partition: the next offset to read, alone or with a text as metadata. */
export type CommitSpec = number | { readonly offset: number; readonly metadata?: string };

/**
 * Reads what somebody wants to have committed. Rejects with RangeError for a partition that is not read, an offset below 0 and one
 * beyond the end of the log, where nothing can have been read yet.
 */
export async function offsetsToCommit(
  cluster: Cluster,
  partitions: ConsumerPartitions,
  given: Iterable<readonly [PartitionKey, CommitSpec]>,
  signal: AbortSignal | undefined,
): Promise<OffsetToCommit[]> {
  const byPartition = new Map(
    pairsOf(given).map(([key, spec]) => {
      const { offset, metadata } = typeof spec === 'object' && spec !== null ? spec : { offset: spec, metadata: undefined };
      if (metadata !== undefined && typeof metadata !== 'string') throw new TypeError(`metadata must be a string, not ${shown(metadata)}`);
      return [partitions.get(key), { offset: checkOffset(offset, 'an offset to commit'), metadata }] as const;
    }),
  );
  const ahead = [...byPartition].filter(([{ position }, { offset }]) => offset > position.next);
  const places = ahead.map(([{ topic, partition }, { offset }]) => ({ topic, partition, place: { kind: 'offset', offset } as const }));
  await resolveOffsets(cluster, places, { signal });
  return [...byPartition].map(([{ topic, partition, topicId }, { offset, metadata }]) => ({
    ...{ topic, partition, topicId, offset },
    ...(metadata === undefined ? {} : { metadata }),
  }));
}
