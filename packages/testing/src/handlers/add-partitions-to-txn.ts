import { type AddPartitionsToTxnRequest, type AddPartitionsToTxnResponse, apis, type Decoded, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { fencedCode, transactionCoordinatorError } from '../transactions/coordinator-error.ts';

type Asked = Decoded<AddPartitionsToTxnRequest>['transactions'][number];
type TopicResults = NonNullable<AddPartitionsToTxnResponse['resultsByTopicV3AndBelow']>;
type CodeOf = (topic: string, partition: number) => number;

/** Adds partitions to transactions. From version 4 on brokers send it, for several transactions at once, or only to ask (KIP-890). */
export const addPartitionsToTxnHandler = defineHandler(apis.addPartitionsToTxn, (request, context) => {
  if (context.version >= 4) {
    const errorCode = context.failureOf();
    if (errorCode !== 0) return { throttleTimeMs: 0, errorCode, resultsByTransaction: [] };
    const resultsByTransaction = request.transactions.map((asked) => ({
      transactionalId: asked.transactionalId,
      topicResults: resultsOf(asked, context),
    }));
    return { throttleTimeMs: 0, errorCode, resultsByTransaction };
  }
  const asked: Asked = {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: request.v3AndBelowProducerId,
    producerEpoch: request.v3AndBelowProducerEpoch,
    topics: request.v3AndBelowTopics,
    verifyOnly: false,
  };
  return { throttleTimeMs: 0, resultsByTopicV3AndBelow: resultsOf(asked, context) };
});

function resultsOf(asked: Asked, context: HandlerContext): TopicResults {
  const codeOf = missing(asked, context) ?? (asked.verifyOnly ? verify(asked, context) : add(asked, context));
  return asked.topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: codeOf(name, partitionIndex) })),
  }));
}

/** One partition that cannot be had keeps the others out of the transaction. */
function missing({ topics }: Asked, { state, failureOf }: HandlerContext): CodeOf | undefined {
  const codeOf = (topic: string, partition: number): number =>
    state.partition(topic, partition) === undefined ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : failureOf(topic, partition);
  if (topics.every(({ name, partitions }) => partitions.every((partition) => codeOf(name, partition) === 0))) return undefined;
  return (topic, partition) => codeOf(topic, partition) || errorCodes.OPERATION_NOT_ATTEMPTED;
}

function add(asked: Asked, context: HandlerContext): CodeOf {
  const { transactionalId, producerId, producerEpoch, topics } = asked;
  const refusal = transactionalId === '' ? errorCodes.INVALID_REQUEST : transactionCoordinatorError(transactionalId, context);
  if (refusal !== 0) return () => refusal;
  const partitions = new Map(topics.map((topic) => [topic.name, new Set(topic.partitions)]));
  const version = context.version > 3 ? 2 : 0;
  const error = context.state.transactions.addPartitions(transactionalId, { producerId, producerEpoch, partitions, version });
  const code = fencedCode(error, context.version >= 2);
  return () => code;
}

function verify(asked: Asked, context: HandlerContext): CodeOf {
  const { transactionalId } = asked;
  const refusal = transactionalId === '' ? errorCodes.INVALID_REQUEST : transactionCoordinatorError(transactionalId, context);
  if (refusal !== 0) return () => refusal;
  return (topic, partition) => errorCodes[context.state.transactions.verifyPartition(transactionalId, asked, topic, partition)];
}
