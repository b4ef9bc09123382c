import { groupBy, type TopicMetadata } from '@tskafka/core/internal';
import type { FetchRequest } from '@tskafka/core/protocol';
import type { PartitionQueue } from './partition-queue.ts';

/** A partition in a request, and which offset it was asked from: when it has moved meanwhile, the answer is of no use. */
export interface Asked {
  readonly queue: PartitionQueue;
  readonly offset: number;
  readonly moves: number;
}

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  readonly isCommittedOnly: boolean;
}

/** One request for all that is asked of a broker. Topics carry name and id: the codec writes what the version knows. */
export function fetchRequest(
  asked: readonly Asked[],
  metadataOf: (topic: string) => TopicMetadata | undefined,
  { maxWaitMs, minBytes, maxBytes, partitionMaxBytes, isCommittedOnly }: FetchLimits,
): FetchRequest {
  const topics = [...groupBy(asked, ({ queue }) => queue.topic)].map(([topic, ofTopic]) => {
    const known = metadataOf(topic);
    const partitions = ofTopic.map(({ queue: { partition }, offset }) => ({
      partition,
      currentLeaderEpoch: known?.partitions.get(partition)?.leaderEpoch ?? -1,
      fetchOffset: offset,
      partitionMaxBytes,
    }));
    return { topic, topicId: known?.topicId, partitions };
  });
  return { maxWaitMs, minBytes, maxBytes, isolationLevel: isCommittedOnly ? 1 : 0, topics };
}
