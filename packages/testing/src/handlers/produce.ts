import {
  apis,
  CorruptRecordError,
  type Decoded,
  errorCodes,
  type ProduceRequest,
  type ProduceResponse,
  readBatches,
  zeroUuid,
} from '@tskafka/core/protocol';
import { appendFromClient, type AppendResult, refused } from '../append.ts';
import { CloseConnection, defineHandler, type HandlerContext } from '../handler.ts';
import { leaderHints } from '../leader-hints.ts';

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
        const result = produce(name, index, records, request.acks, context);
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

function produce(name: string | undefined, index: number, records: Buffer | null, acks: number, context: HandlerContext): AppendResult {
  const { state, version } = context;
  if (name === undefined) return refused(errorCodes.UNKNOWN_TOPIC_ID);
  const partition = state.partition(name, index);
  if (partition === undefined) return refused(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const failure = context.failureOf(name, index);
  if (failure !== 0) return refused(failure);
  try {
    const batches = readBatches(records ?? Buffer.alloc(0));
    const batch = batches[0];
    if (batch === undefined || batches.length > 1) return refused(errorCodes.INVALID_RECORD);
    if (batch.compression === 'zstd' && version < 7) return refused(errorCodes.UNSUPPORTED_COMPRESSION_TYPE);
    return appendFromClient(partition, batch, { state, brokerId: context.brokerId, acks, clientId: context.clientId });
  } catch (error) {
    if (error instanceof CorruptRecordError) return refused(errorCodes.CORRUPT_MESSAGE);
    throw error;
  }
}
