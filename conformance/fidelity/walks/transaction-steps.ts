import { apis } from '@tskafka/core/protocol';
import { produceRequest } from '../scenarios/requests.ts';
import type { DataWalker } from './data-walker.ts';
import type { Step, WeightedSteps } from './walker.ts';

const begin: Step<DataWalker> = async (walker) => {
  const { producer } = walker.pick(walker.producers);
  const request = producer.beginning();
  const { errorCode, producerId, producerEpoch } = await walker.ask(apis.initProducerId, walker.version(apis.initProducerId), request);
  if (errorCode === 0) Object.assign(producer, { producerId, producerEpoch });
  await producer.settled();
};

const addPartitions: Step<DataWalker> = (walker) => {
  const { producer } = walker.pick(walker.producers);
  const version = walker.version(apis.addPartitionsToTxn);
  return walker.ask(
    apis.addPartitionsToTxn,
    version,
    producer.addition(version, [[walker.topic().name, walker.partition()]], epochOf(walker, producer)),
  );
};

/** Rarely another than its own. */
function epochOf(walker: DataWalker, { producerEpoch }: { readonly producerEpoch: number }) {
  return walker.chance(0.03) ? { producerEpoch: producerEpoch + walker.pick([-1, 1]) } : {};
}

const writeInTransaction: Step<DataWalker> = async (walker) => {
  const [topic, partition, writing] = [walker.topic(), walker.partition(), walker.pick(walker.producers)];
  const { producer } = writing;
  const baseSequence = writing.sequence(topic, partition) + (walker.chance(0.05) ? walker.int(3) - 1 : 0);
  const isTransactional = walker.chance(0.97);
  const identity = { producerId: producer.producerId, producerEpoch: producer.producerEpoch, ...epochOf(walker, producer) };
  const { bytes, count } = walker.batch({ ...identity, baseSequence, isTransactional });
  const request = produceRequest(topic, bytes, { partition, transactionalId: isTransactional ? producer.transactionalId : null });
  const answer = await walker.ask(apis.produce, walker.version(apis.produce), request);
  const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!;
  if (errorCode !== 0) return;
  writing.wrote(topic, partition, count);
  walker.wroteUpTo(topic, partition, baseOffset + count);
};

const addOffsets: Step<DataWalker> = (walker) => {
  const { producer } = walker.pick(walker.producers);
  return walker.ask(
    apis.addOffsetsToTxn,
    walker.version(apis.addOffsetsToTxn),
    producer.offsetsOf(walker.pick(walker.groups), epochOf(walker, producer)),
  );
};

const commitInTransaction: Step<DataWalker> = (walker) => {
  const { producer } = walker.pick(walker.producers);
  const request = producer.commitment(walker.pick(walker.groups), walker.topic(), walker.int(20), epochOf(walker, producer), {
    partition: walker.partition(),
  });
  return walker.ask(apis.txnOffsetCommit, walker.version(apis.txnOffsetCommit), request);
};

const end: Step<DataWalker> = async (walker) => {
  const { producer } = walker.pick(walker.producers);
  const version = walker.version(apis.endTxn);
  const request = producer.ending(walker.chance(0.5), epochOf(walker, producer));
  const { errorCode, producerId, producerEpoch } = await walker.ask(apis.endTxn, version, request);
  if (errorCode === 0 && producerId !== undefined && producerId !== -1) Object.assign(producer, { producerId, producerEpoch });
  await producer.settled();
};

const describeTransaction: Step<DataWalker> = (walker) =>
  walker.ask(apis.describeTransactions, 0, { transactionalIds: [walker.pick(walker.producers).producer.transactionalId] });

const describeProducers: Step<DataWalker> = (walker) =>
  walker.ask(apis.describeProducers, 0, { topics: [{ name: walker.topic().name, partitionIndexes: [walker.partition()] }] });

const listTransactions: Step<DataWalker> = (walker) =>
  walker.ask(
    apis.listTransactions,
    walker.version(apis.listTransactions),
    { stateFilters: [], producerIdFilters: [] },
    { own: 'transactionStates' },
  );

/** What a transactional producer does, in the order that it should or in any other. */
export const transactionSteps: WeightedSteps<DataWalker> = [
  [1, begin],
  [4, addPartitions],
  [14, writeInTransaction],
  [3, addOffsets],
  [4, commitInTransaction],
  [5, end],
  [2, describeTransaction],
  [3, describeProducers],
  [1, listTransactions],
];
