import { errorCodes } from '@tskafka/core/protocol';
import type { RequestOf } from '../../api-name.ts';
import { isInternalTopic } from '../../topics/topic-name.ts';
import { AccessRule, has, type Need, onCluster } from '../access-rule.ts';

const writeAs = (transactionalId: string): Need => ['write', 'transactionalId', transactionalId];

/** What the APIs of producers and transactions ask for. */
export const transactionRules = [
  new AccessRule('InitProducerId').step(({ transactionalId }, context) => {
    const refuse = (errorCode: number) => ({ answer: { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 } });
    if (transactionalId === null) {
      const isAllowed = has(onCluster('idempotentWrite'), context) || context.access.maySome('write', 'topic');
      return isAllowed ? undefined : refuse(errorCodes.CLUSTER_AUTHORIZATION_FAILED);
    }
    return has(writeAs(transactionalId), context) ? undefined : refuse(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  }),
  new AccessRule('AddPartitionsToTxn').step((request, context) => {
    if (context.version >= 4) {
      // What brokers ask each other.
      if (has(onCluster('clusterAction'), context)) return undefined;
      return { answer: { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, resultsByTransaction: [] } };
    }
    const topics = request.v3AndBelowTopics;
    if (!has(writeAs(request.v3AndBelowTransactionalId), context)) {
      return { answer: addResults(topics, () => errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED) };
    }
    const isAllowed = (name: string): boolean => !isInternalTopic(name) && has(['write', 'topic', name], context);
    if (topics.every(({ name }) => isAllowed(name))) return undefined;
    // All partitions, or none.
    return {
      answer: addResults(topics, (name, partition) => {
        if (!isAllowed(name)) return errorCodes.TOPIC_AUTHORIZATION_FAILED;
        const isThere = context.metadata.topic(name)?.partitions.some(({ index }) => index === partition) ?? false;
        return isThere ? errorCodes.OPERATION_NOT_ATTEMPTED : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      }),
    };
  }),
  new AccessRule('AddOffsetsToTxn').whole(
    ({ transactionalId, groupId }) => [writeAs(transactionalId), ['read', 'group', groupId]],
    (errorCode) => ({ throttleTimeMs: 0, errorCode }),
  ),
  new AccessRule('EndTxn').whole(
    ({ transactionalId }) => writeAs(transactionalId),
    (errorCode) => ({ throttleTimeMs: 0, errorCode }),
  ),
  new AccessRule('TxnOffsetCommit')
    .whole(
      ({ transactionalId, groupId }) => [writeAs(transactionalId), ['read', 'group', groupId]],
      (errorCode, { topics }) => ({ throttleTimeMs: 0, topics: topics.map((topic) => refusedCommit(topic, errorCode)) }),
    )
    .each('topics', 'topics', { need: ({ name }) => ['read', 'topic', name], refused: refusedCommit }),
  new AccessRule('WriteTxnMarkers').whole(
    (_, context) => (has(onCluster('alter'), context) ? undefined : onCluster('clusterAction')),
    (errorCode, { markers }) => ({
      markers: markers.map(({ producerId, topics }) => ({
        producerId,
        topics: topics.map(({ name, partitionIndexes }) => ({
          name,
          partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode })),
        })),
      })),
    }),
  ),

  new AccessRule('DescribeTransactions')
    .each('transactionalIds', 'transactionStates', {
      need: (transactionalId) => ['describe', 'transactionalId', transactionalId],
      refused: (transactionalId, errorCode) => ({
        errorCode,
        transactionalId,
        transactionState: '',
        transactionTimeoutMs: 0,
        transactionStartTimeMs: 0,
        producerId: 0,
        producerEpoch: 0,
        topics: [],
      }),
      place: 'asAsked',
    })
    .sift((answer, context) => ({
      ...answer,
      transactionStates: answer.transactionStates.map((transaction) => ({
        ...transaction,
        topics: transaction.topics.filter(({ topic }) => has(['describe', 'topic', topic], context)),
      })),
    })),
  new AccessRule('ListTransactions').sift((answer, context) => ({
    ...answer,
    transactionStates: answer.transactionStates.filter(({ transactionalId }) =>
      has(['describe', 'transactionalId', transactionalId], context),
    ),
  })),
];

function addResults(topics: RequestOf<'AddPartitionsToTxn'>['v3AndBelowTopics'], errorFor: (name: string, partition: number) => number) {
  const results = topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partition) => ({ partitionIndex: partition, partitionErrorCode: errorFor(name, partition) })),
  }));
  return { throttleTimeMs: 0, resultsByTopicV3AndBelow: results };
}

function refusedCommit(
  { name, partitions }: { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number }[] },
  errorCode: number,
) {
  return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
}
