import { groupBy, type TopicMetadata } from '@tskafka/core/internal';
import type { FetchRequest } from '@tskafka/core/protocol';
import type { SessionPartition, SessionRequest } from './fetch-session.ts';
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
  readonly isCommittedOnly: boolean;
  readonly rackId: string;
}

export interface AskedLimits {
  readonly partitionMaxBytes: number;
  /** Before version 12 a request says nothing of what was fetched last. */
  readonly saysEpoch: boolean;
}

/** What a broker is told of a partition. */
export function sessionPartition(
  { queue: { name, topic, partition, position }, offset }: Asked,
  known: TopicMetadata | undefined,
  { partitionMaxBytes, saysEpoch }: AskedLimits,
): SessionPartition {
  return {
    name,
    topic,
    topicId: known?.topicId,
    partition,
    currentLeaderEpoch: known?.partitions.get(partition)?.leaderEpoch ?? -1,
    fetchOffset: offset,
    lastFetchedEpoch: saysEpoch ? position.fetchedEpoch : -1,
    partitionMaxBytes,
  };
}

/** One request for all that is asked of a broker. Topics carry name and id: the codec writes what the version knows. */
export function fetchRequest(session: SessionRequest, limits: FetchLimits): FetchRequest {
  const { maxWaitMs, minBytes, maxBytes, isCommittedOnly, rackId } = limits;
  const { sessionId, sessionEpoch } = session;
  return {
    ...{ maxWaitMs, minBytes, maxBytes, isolationLevel: isCommittedOnly ? 1 : 0, sessionId, sessionEpoch, rackId },
    topics: byTopic(session.partitions).map(({ topic, topicId, partitions }) => ({ topic, topicId, partitions })),
    forgottenTopicsData: byTopic(session.forgotten).map(({ topic, topicId, partitions }) => ({
      ...{ topic, topicId, partitions: partitions.map(({ partition }) => partition) },
    })),
  };
}

function byTopic(partitions: readonly SessionPartition[]) {
  if (partitions.length === 0) return [];
  return [...groupBy(partitions, ({ topic, topicId }) => `${topicId} ${topic}`).values()].map((ofTopic) => {
    const { topic, topicId } = ofTopic[0]!;
    return { topic, topicId, partitions: ofTopic };
  });
}
