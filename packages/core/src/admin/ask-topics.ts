import type { Connection } from '../connection/connection.ts';
import { ProtocolError } from '../errors.ts';
import type { Decoded } from '../protocol/api.ts';
import { describeTopicPartitions, type DescribeTopicPartitionsResponse } from '../protocol/apis/describe-topic-partitions.ts';
import { metadata as metadataApi, type MetadataRequestTopic } from '../protocol/apis/metadata.ts';
import { zeroUuid } from '../protocol/writer.ts';

/** What a broker tells of a topic, by whichever request. */
export type TopicAnswer = Decoded<DescribeTopicPartitionsResponse>['topics'][number];

/** Asks page by page; only this request tells of eligible leader replicas. Before 3.7 there is none but Metadata. */
export async function askNamed(
  connection: Connection,
  names: 'all' | readonly string[],
  wantsOperations: boolean,
  signal: AbortSignal,
): Promise<TopicAnswer[]> {
  if (!connection.versions.offers(describeTopicPartitions)) {
    const topics = names === 'all' ? null : [...new Set(names)].map((name) => ({ name }));
    return askMetadata(connection, topics, wantsOperations, signal);
  }
  const topics = names === 'all' ? [] : [...new Set(names)].sort().map((name) => ({ name }));
  const found = new Map<string | null, TopicAnswer>();
  let cursor: Decoded<DescribeTopicPartitionsResponse>['nextCursor'] = null;
  for (;;) {
    const page: Decoded<DescribeTopicPartitionsResponse> = await connection.send(describeTopicPartitions, { topics, cursor }, { signal });
    for (const topic of page.topics) {
      const before = found.get(topic.name)?.partitions ?? [];
      found.set(topic.name, { ...topic, partitions: [...before, ...topic.partitions] });
    }
    const next = page.nextCursor;
    if (next === null) return [...found.values()];
    if (next.topicName === cursor?.topicName && next.partitionIndex === cursor.partitionIndex) {
      throw new ProtocolError(`${connection.name} keeps returning the same page of topics`);
    }
    cursor = next;
  }
}

/** Asks for topics by their ids: only Metadata takes them, from version 12 on (KIP-516). */
export function askIdentified(
  connection: Connection,
  ids: 'all' | readonly string[],
  wantsOperations: boolean,
  signal: AbortSignal,
): Promise<TopicAnswer[]> {
  const topics = [...new Set(ids)].map((topicId) => ({ topicId, name: null }));
  return askMetadata(connection, topics, wantsOperations, signal, 12);
}

async function askMetadata(
  connection: Connection,
  topics: readonly MetadataRequestTopic[] | null,
  wantsOperations: boolean,
  signal: AbortSignal,
  minVersion = 4,
): Promise<TopicAnswer[]> {
  // Before version 8 nothing is told of operations.
  const includeTopicAuthorizedOperations = wantsOperations && connection.versions.offers(metadataApi, { minVersion: 8 });
  const request = { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations };
  const answer = await connection.send(metadataApi, request, { minVersion, signal });
  return answer.topics.map((topic) => ({
    ...topic,
    topicId: topic.topicId ?? zeroUuid,
    partitions: topic.partitions.map((partition) => ({ ...partition, eligibleLeaderReplicas: null, lastKnownElr: null })),
  }));
}
