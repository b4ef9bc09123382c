import { apis, type Decoded, errorCodes, type ProduceRequest, type ProduceResponse, zeroUuid } from '@tskafka/core/protocol';
import { appendFromClient, type AppendResult, refused } from '../log/append.ts';
import { CloseConnection, defineHandler, type HandlerContext } from '../handler.ts';
import { leaderHints } from '../broker/leader-hints.ts';
import { readProduced } from '../log/read-produced.ts';

type PartitionAnswer = ProduceResponse['responses'][number]['partitionResponses'][number];
type TopicData = Decoded<ProduceRequest>['topicData'][number];

/** Appends batches. With acks 0 there is no answer, and an error closes the connection instead. */
export const produceHandler = defineHandler(apis.produce, (request, context) => {
  const hints = leaderHints(context);
  const responses = request.topicData.map((topic) => {
    const name = nameOf(topic, context);
    return {
      name: topic.name,
      topicId: topic.topicId,
      partitionResponses: topic.partitionData.map(({ index, records }): PartitionAnswer => {
        const result = produce(name, index, records, request, context);
        const hint = result.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && context.version >= 10 ? hints.of(name!, index) : {};
        return { index, ...result, ...hint };
      }),
    };
  });
  if (request.acks !== 0) return { responses, nodeEndpoints: hints.endpoints() };
  if (responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))) {
    throw new CloseConnection('a produce request without acknowledgement has failed');
  }
  return undefined;
});

function nameOf(topic: TopicData, { metadata, version }: HandlerContext): string | undefined {
  return version >= 13 ? metadata.topicNameOf(topic.topicId ?? zeroUuid) : topic.name;
}

function produce(
  name: string | undefined,
  index: number,
  records: Buffer | null,
  request: ProduceFacts,
  context: HandlerContext,
): AppendResult {
  const { state, version } = context;
  if (name === undefined) return refused(errorCodes.UNKNOWN_TOPIC_ID);
  const partition = state.partition(name, index);
  if (partition === undefined) return refused(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const failure = context.failureOf(name, index);
  if (failure !== 0) return refused(failure);
  const batch = readProduced(records, version);
  if ('errorCode' in batch) return refused(batch.errorCode, batch.atLog ? partition.log.startOffset : -1, batch.errorMessage);
  if (batch.isTransactional) {
    // No transaction is open, as there are none yet (SKIPPED.md).
    const unnamed = request.transactionalId === null;
    return refused(unnamed ? errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED : errorCodes.INVALID_PRODUCER_ID_MAPPING);
  }
  return appendFromClient(partition, batch, { state, brokerId: context.brokerId, acks: request.acks, clientId: context.clientId });
}

type ProduceFacts = Pick<Decoded<ProduceRequest>, 'acks' | 'transactionalId'>;
