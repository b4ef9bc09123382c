import { apis, type Decoded, errorCodes, type ProduceRequest, type ProduceResponse, zeroUuid } from '@tskafka/core/protocol';
import { appendFromClient, type AppendResult, refused } from '../log/append.ts';
import { awaitReplicas, type AwaitedWrite } from '../log/await-replicas.ts';
import { CloseConnection, defineHandler, type HandlerContext } from '../handler.ts';
import { leaderHints } from '../broker/leader-hints.ts';
import { readProduced } from '../log/read-produced.ts';
import { checkTransaction, type Produced } from '../transactions/check-produced.ts';

type PartitionAnswer = ProduceResponse['responses'][number]['partitionResponses'][number];
type TopicData = Decoded<ProduceRequest>['topicData'][number];

/** Appends batches. With acks 0 there is no answer, and an error closes the connection instead; with -1 it waits for the replicas in sync. */
export const produceHandler = defineHandler(apis.produce, (request, context) => {
  const read = request.topicData.flatMap((topic) => {
    const name = nameOf(topic, context);
    return topic.partitionData.map(({ index, records }) => ({ name, index, produced: readPartition(name, index, records, context) }));
  });
  const produced = read.map((one) => one.produced);
  const refusals = checkTransaction(produced, request.transactionalId, context);
  const { brokerId, clientId, session, state } = context;
  const append = { state, brokerId, acks: request.acks, clientId };
  const results = read.map(({ name, index, produced: one }) => {
    const result = refusals.get(one) ?? one.refusal ?? appendFromClient(one.partition, one.batch, append);
    return { name, index, result };
  });
  if (request.acks === 0) {
    if (results.every(({ result }) => result.errorCode === 0)) return undefined;
    throw new CloseConnection('a produce request without acknowledgement has failed');
  }
  if (request.acks === 1) return answer(request, results, context);
  const written = results.filter(({ result }) => result.requiredOffset !== undefined);
  const writes = written.map(({ name, index, result }): AwaitedWrite => {
    return { partition: context.state.partition(name!, index)!, requiredOffset: result.requiredOffset! };
  });
  const finish = (codes: readonly number[]): ProduceResponse => {
    const replicated = results.map((one) => {
      const code = codes[written.indexOf(one)];
      return code === undefined ? one : { ...one, result: { ...one.result, errorCode: code } };
    });
    return answer(request, replicated, context);
  };
  const onClose = (callback: () => void): (() => void) => session.onClose(callback);
  const codes = awaitReplicas(writes, { brokerId, clock: state.clock, timeoutMs: request.timeoutMs, onClose });
  return Array.isArray(codes) ? finish(codes) : codes.then(finish);
});

interface Result {
  readonly name: string | undefined;
  readonly index: number;
  readonly result: AppendResult;
}

function answer({ topicData }: Decoded<ProduceRequest>, results: readonly Result[], context: HandlerContext): ProduceResponse {
  const hints = leaderHints(context);
  let place = 0;
  const responses = topicData.map(({ name: topic, topicId, partitionData }) => ({
    name: topic,
    topicId,
    partitionResponses: partitionData.map((): PartitionAnswer => {
      const { name, index, result } = results[place++]!;
      const { requiredOffset: _, ...told } = result;
      const hint = result.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && context.version >= 10 ? hints.of(name!, index) : {};
      return { index, ...told, ...hint };
    }),
  }));
  return { responses, nodeEndpoints: hints.endpoints() };
}

function nameOf(topic: TopicData, { metadata, version }: HandlerContext): string | undefined {
  return version >= 13 ? metadata.topicNameOf(topic.topicId ?? zeroUuid) : topic.name;
}

function readPartition(name: string | undefined, index: number, records: Buffer | null, context: HandlerContext): Produced {
  if (name === undefined) return { refusal: refused(errorCodes.UNKNOWN_TOPIC_ID) };
  const partition = context.state.partition(name, index);
  if (partition === undefined) return { refusal: refused(errorCodes.UNKNOWN_TOPIC_OR_PARTITION) };
  const failure = context.failureOf(name, index);
  if (failure !== 0) return { refusal: refused(failure) };
  const batch = readProduced(records, context.version);
  if (!('errorCode' in batch)) return { partition, batch };
  return { refusal: refused(batch.errorCode, batch.atLog ? partition.log.startOffset : -1, batch.errorMessage) };
}
