import { apis, type Decoded, errorCodes, type MetadataRequest, type MetadataResponse, zeroUuid } from '@tskafka/core/protocol';
import { notAsked } from '../security/authorized-operations.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import type { PartitionMetadata, TopicMetadata } from '../broker/metadata-view.ts';
import { invalidTopicName, isInternalTopic } from '../topics/topic-name.ts';

type TopicAnswer = MetadataResponse['topics'][number];

/** Brokers, topics, leaders. */
export const metadataHandler = defineHandler(apis.metadata, (request, context) => {
  const { metadata, session, version } = context;
  if (version < 12 && request.topics?.some(({ name, topicId }) => name === null || topicId !== zeroUuid)) return refused(request);
  const topics = topicsOf(request, context);
  const failure = context.failureOf();
  // Only this error is the whole answer's (KIP-1102); others are those of its topics, where it has any.
  const isWhole = failure === errorCodes.REBOOTSTRAP_REQUIRED || topics.length === 0;
  return {
    errorCode: isWhole ? failure : errorCodes.NONE,
    brokers: metadata.brokers.map(({ id, rack }) => ({ nodeId: id, ...session.addressOf(id), rack: rack ?? null })),
    clusterId: metadata.clusterId,
    controllerId: metadata.controllerId,
    topics: failure === errorCodes.REBOOTSTRAP_REQUIRED ? [] : topics,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? context.access.clusterOperations() : notAsked,
  };
});

/** The fields for topic ids came with version 10, and brokers take them from version 12 on. */
function refused({ topics }: Decoded<MetadataRequest>): MetadataResponse {
  const answers = topics!.map(({ name, topicId }): TopicAnswer => {
    return {
      errorCode: errorCodes.INVALID_REQUEST,
      name: name ?? '',
      topicId,
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: notAsked,
    };
  });
  return { brokers: [], clusterId: null, controllerId: -1, topics: answers, clusterAuthorizedOperations: notAsked };
}

function topicsOf(request: Decoded<MetadataRequest>, context: HandlerContext): TopicAnswer[] {
  const { metadata, version } = context;
  const { topics } = request;
  const operationsOf = (name: string): number =>
    request.includeTopicAuthorizedOperations ? context.access.operations('topic', name) : notAsked;
  const describe = (name: string): TopicAnswer => describeTopic(name, request, context, operationsOf(name));
  if (topics === null || (topics.length === 0 && version === 0)) return [...metadata.topicNames].map(describe);
  const ids = topics.map(({ topicId }) => topicId).filter((id) => id !== undefined && id !== zeroUuid);
  if (ids.length === 0) return [...new Set(topics.map(({ name }) => name!))].map(describe);
  // Where there is one id, names are not looked at.
  return [...new Set(ids)].map((topicId) => {
    const name = metadata.topicNameOf(topicId);
    if (name !== undefined) return describe(name);
    return { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null, topicId, isInternal: false, partitions: [] };
  });
}

function describeTopic(name: string, request: Decoded<MetadataRequest>, context: HandlerContext, operations: number): TopicAnswer {
  const failure = context.failureOf(name);
  const topic = context.metadata.topic(name) ?? created(name, request, context);
  const isTopic = typeof topic === 'object';
  const errorCode = failure || (isTopic ? errorCodes.NONE : topic);
  return {
    errorCode,
    name,
    topicId: isTopic && failure === 0 ? topic.id : zeroUuid,
    isInternal: isInternalTopic(name),
    partitions: isTopic && failure === 0 ? topic.partitions.map((partition) => describePartition(partition, context)) : [],
    topicAuthorizedOperations: operations,
  };
}

/** The topic that the request has brought into being, or the error code of a topic that is not there, or not heard of. */
function created(name: string, request: Decoded<MetadataRequest>, { state, version, metadata }: HandlerContext): TopicMetadata | number {
  if (invalidTopicName(name) !== undefined) return errorCodes.INVALID_TOPIC_EXCEPTION;
  const asked = version < 4 || request.allowAutoTopicCreation;
  if (state.topics.has(name) || !asked || request.topics === null || !state.configs.boolean('auto.create.topics.enable'))
    return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (state.configs.number('default.replication.factor') > state.aliveBrokers.length) return errorCodes.INVALID_REPLICATION_FACTOR;
  state.createTopicForClient({ name });
  return metadata.topic(name) ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
}

function describePartition(partition: PartitionMetadata, { metadata, version }: HandlerContext): TopicAnswer['partitions'][number] {
  const alive = new Set(metadata.brokers.map(({ id }) => id));
  const leaderAlive = alive.has(partition.leader);
  const offlineReplicas = partition.replicas.filter((id) => !alive.has(id));
  const replicaMissing = version === 0 && offlineReplicas.length > 0;
  return {
    errorCode: !leaderAlive ? errorCodes.LEADER_NOT_AVAILABLE : replicaMissing ? errorCodes.REPLICA_NOT_AVAILABLE : errorCodes.NONE,
    partitionIndex: partition.index,
    leaderId: leaderAlive ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: version === 0 ? partition.replicas.filter((id) => alive.has(id)) : partition.replicas,
    isrNodes: version === 0 ? partition.isr.filter((id) => alive.has(id)) : partition.isr,
    offlineReplicas,
  };
}
