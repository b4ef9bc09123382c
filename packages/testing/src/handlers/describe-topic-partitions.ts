import {
  apis,
  type Decoded,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  errorCodes,
  zeroUuid,
} from '@tskafka/core/protocol';
import { notAsked } from '../security/authorized-operations.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import type { TopicMetadata } from '../broker/metadata-view.ts';
import { invalidTopicName, isInternalTopic } from '../topics/topic-name.ts';

type TopicAnswer = DescribeTopicPartitionsResponse['topics'][number];

/** What a broker gives at once at most (`max.request.partition.size.limit`). */
const mostPartitions = 2000;

/** Topics in pages, by name. The cursor says where the next page begins (KIP-966). */
export const describeTopicPartitionsHandler = defineHandler(apis.describeTopicPartitions, (request, context) => {
  const { cursor } = request;
  const all = request.topics.length === 0;
  const asked = all ? [...context.metadata.topicNames] : request.topics.map(({ name }) => name);
  if (isWrong(request, asked, all))
    return {
      throttleTimeMs: 0,
      topics: asked.map((name) => ({ ...failed(name, errorCodes.INVALID_REQUEST, context), topicAuthorizedOperations: notAsked })),
    };
  const names = [...new Set(asked)].filter((name) => cursor === null || name >= cursor.topicName).sort();
  let room = Math.max(1, Math.min(mostPartitions, request.responsePartitionLimit));
  const topics: TopicAnswer[] = [];
  for (const name of names) {
    if (room === 0) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const failure = context.failureOf(name);
    const topic = context.metadata.topic(name);
    if (failure !== 0 || topic === undefined) {
      if (!all || failure !== 0) topics.push(failed(name, failure || errorOf(name), context));
      continue;
    }
    const first = cursor?.topicName === name ? cursor.partitionIndex : 0;
    const partitions = topic.partitions.slice(first, first + room);
    topics.push({ ...describe(topic, context), partitions: partitions.map((partition) => describePartition(partition, context)) });
    room -= partitions.length;
    const next = first + partitions.length;
    if (next < topic.partitions.length) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: next } };
  }
  return { throttleTimeMs: 0, topics, nextCursor: null };
});

function isWrong({ cursor }: Decoded<DescribeTopicPartitionsRequest>, asked: readonly string[], all: boolean): boolean {
  return cursor !== null && (cursor.partitionIndex < 0 || (!all && !asked.includes(cursor.topicName)));
}

function errorOf(name: string): number {
  return invalidTopicName(name) === undefined ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION;
}

function describe({ name, id, internal }: TopicMetadata, { access }: HandlerContext): Omit<TopicAnswer, 'partitions'> {
  const topicAuthorizedOperations = access.operations('topic', name);
  return { errorCode: errorCodes.NONE, name, topicId: id, isInternal: internal, topicAuthorizedOperations };
}

function describePartition(
  partition: TopicMetadata['partitions'][number],
  { metadata }: HandlerContext,
): TopicAnswer['partitions'][number] {
  const alive = new Set(metadata.brokers.map(({ id }) => id));
  const leaderAlive = alive.has(partition.leader);
  return {
    // Unlike Metadata, this one leaves it at the leader -1.
    errorCode: errorCodes.NONE,
    partitionIndex: partition.index,
    leaderId: leaderAlive ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    eligibleLeaderReplicas: partition.elr,
    lastKnownElr: partition.lastKnownElr,
    offlineReplicas: partition.replicas.filter((id) => !alive.has(id)),
  };
}

function failed(name: string, errorCode: number, { access }: HandlerContext): TopicAnswer {
  return {
    errorCode,
    name,
    topicId: zeroUuid,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: access.operations('topic', name),
  };
}
