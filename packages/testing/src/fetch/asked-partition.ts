import { type Decoded, type FetchRequest, zeroUuid } from '@tskafka/core/protocol';

/** A partition as a fetch, or its session, asks for it. */
export interface AskedPartition {
  /** The name; undefined where the broker knows no topic of this id. */
  readonly topic: string | undefined;
  /** All zeros before version 13. */
  readonly topicId: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly maxBytes: number;
  /** -1 when the client did not say. */
  readonly currentLeaderEpoch: number;
  /** -1 when the client did not say. */
  readonly lastFetchedEpoch: number;
}

export type AskedPartitions = ReadonlyMap<string, AskedPartition>;

/** What tells a partition from another: the topic's id where there is one, else its name. */
export function partitionKey({ topicId, topic, partition }: Pick<AskedPartition, 'topic' | 'topicId' | 'partition'>): string {
  return `${topicId === zeroUuid ? topic : topicId}-${partition}`;
}

/** The partitions that the request names, in its order. One that is named twice counts once, as it was named last. */
export function askedPartitions(
  { topics }: Pick<Decoded<FetchRequest>, 'topics'>,
  nameOf: (topic: Decoded<FetchRequest>['topics'][number]) => string | undefined,
): AskedPartitions {
  const asked = new Map<string, AskedPartition>();
  for (const topic of topics) {
    const name = nameOf(topic);
    for (const { partition, fetchOffset, partitionMaxBytes: maxBytes, currentLeaderEpoch, lastFetchedEpoch } of topic.partitions) {
      const one = { topic: name, topicId: topic.topicId, partition, fetchOffset, maxBytes, currentLeaderEpoch, lastFetchedEpoch };
      asked.set(partitionKey(one), one);
    }
  }
  return asked;
}

/** The keys of the partitions that an incremental fetch wants to hear no more of. */
export function forgottenPartitions({ forgottenTopicsData }: Pick<Decoded<FetchRequest>, 'forgottenTopicsData'>): string[] {
  return forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => partitionKey({ topic, topicId, partition })),
  );
}
