import { apis } from '@tskafka/core/protocol';
import { fetchRequest, listOffsetsRequest, produceRequest, recordTime } from '../scenarios/requests.ts';
import type { DataWalker } from './data-walker.ts';
import type { Step, WeightedSteps } from './walker.ts';

const write: Step<DataWalker> = async (walker) => {
  const [topic, partition] = [walker.topic(), walker.partition()];
  const { bytes, count } = walker.batch({ compression: walker.pick(['none', 'gzip', 'snappy', 'lz4'] as const) });
  const version = walker.version(apis.produce);
  const answer = await walker.ask(apis.produce, version, produceRequest(topic, bytes, { partition, acks: walker.pick([1, -1]) }));
  const { baseOffset } = answer.responses[0]!.partitionResponses[0]!;
  if (baseOffset >= 0) walker.wroteUpTo(topic, partition, baseOffset + count);
};

const read: Step<DataWalker> = (walker) => {
  const [topic, partition] = [walker.topic(), walker.partition()];
  const fields = {
    partition,
    maxBytes: walker.pick([0, 1, 100, 500, 50_000_000]),
    partitionMaxBytes: walker.pick([0, 1, 70, 200, 1_000_000, 1_000_000]),
    isolationLevel: walker.int(2),
    leaderEpoch: walker.pick([-1, -1, 0, 1]),
    lastFetchedEpoch: walker.pick([-1, -1, -1, 0, 1]),
  };
  return walker.ask(apis.fetch, walker.version(apis.fetch), fetchRequest(topic, walker.offset(topic, partition), fields));
};

const readSeveral: Step<DataWalker> = (walker) => {
  const asked = walker.topics.map((topic) => ({
    ...{ topic: topic.name, topicId: topic.id },
    partitions: [0, 1].map((partition) => ({
      partition,
      fetchOffset: walker.offset(topic, partition),
      partitionMaxBytes: walker.pick([100, 1_000_000]),
    })),
  }));
  const request = {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: walker.pick([1, 200, 1000, 50_000_000]),
    isolationLevel: walker.int(2),
    topics: asked,
  };
  return walker.ask(apis.fetch, walker.version(apis.fetch), request);
};

const readInSession: Step<DataWalker> = async (walker) => {
  const { session } = walker;
  if (walker.chance(0.05)) session.epoch += walker.int(3) - 1;
  if (walker.chance(0.05)) Object.assign(session, { id: 0, epoch: 0 });
  const asked = walker.topics
    .filter(() => walker.chance(session.epoch === 0 ? 0.9 : 0.3))
    .map((topic) => {
      const partitions = [0, 1]
        .filter(() => walker.chance(0.8))
        .map((partition) => {
          return { partition, fetchOffset: walker.offset(topic, partition), partitionMaxBytes: walker.pick([100, 1_000_000]) };
        });
      return { topic: topic.name, topicId: topic.id, partitions };
    });
  const forgotten = walker.topics
    .filter(() => session.epoch > 0 && walker.chance(0.1))
    .map((topic) => ({ topic: topic.name, topicId: topic.id, partitions: [walker.int(2)] }));
  const request = {
    ...{ maxWaitMs: 0, minBytes: 0, maxBytes: walker.pick([200, 1000, 50_000_000]), isolationLevel: walker.int(2) },
    ...{ sessionId: session.id, sessionEpoch: session.epoch, topics: asked, forgottenTopicsData: forgotten },
  };
  const version = walker.chance(0.9) ? walker.version(apis.fetch, 13) : walker.version(apis.fetch, 7);
  const answer = await walker.ask(apis.fetch, version, request, { connection: 'session' });
  if (answer.errorCode !== 0) Object.assign(session, { id: 0, epoch: 0 });
  else Object.assign(session, { id: answer.sessionId, epoch: answer.sessionId === 0 ? 0 : session.epoch + 1 });
};

const lookUp: Step<DataWalker> = (walker) => {
  const topic = walker.topic();
  const time = walker.pick([-1, -1, -2, -2, -3, -3, -4, -5, -6, 0, recordTime, recordTime + walker.int(1000), recordTime + 1000]);
  const fields = { partition: walker.partition(), leaderEpoch: walker.pick([-1, -1, 0, 1]), isolationLevel: walker.int(2) };
  return walker.ask(apis.listOffsets, walker.version(apis.listOffsets), listOffsetsRequest(topic, time, fields));
};

const epochEnd: Step<DataWalker> = (walker) => {
  const partitions = [
    { partition: walker.partition(), currentLeaderEpoch: walker.pick([-1, 0, 1]), leaderEpoch: walker.pick([-1, 0, 0, 1]) },
  ];
  const topics = [{ topic: walker.topic().name, partitions }];
  return walker.ask(apis.offsetForLeaderEpoch, walker.version(apis.offsetForLeaderEpoch), { replicaId: -1, topics });
};

const deleteRecords: Step<DataWalker> = (walker) => {
  const [topic, partitionIndex] = [walker.topic(), walker.partition()];
  const partitions = [{ partitionIndex, offset: walker.offset(topic, partitionIndex) }];
  const request = { topics: [{ name: topic.name, partitions }], timeoutMs: 10_000 };
  return walker.ask(apis.deleteRecords, walker.version(apis.deleteRecords), request);
};

const grow: Step<DataWalker> = async (walker) => {
  const [topic, count, validateOnly] = [walker.topic(), walker.int(5), walker.chance(0.5)];
  const request = { topics: [{ name: topic.name, count, assignments: null }], timeoutMs: 10_000, validateOnly };
  const { results } = await walker.ask(apis.createPartitions, walker.version(apis.createPartitions), request);
  if (results[0]!.errorCode === 0 && !validateOnly) await walker.talk.served(topic.name, count);
};

const describeTopic: Step<DataWalker> = (walker) =>
  walker.ask(apis.metadata, walker.version(apis.metadata, 4), {
    topics: [{ name: walker.pick(walker.topics).name }],
    allowAutoTopicCreation: false,
  });

/** Records, offsets by time, and the shape of topics. */
export const logSteps: WeightedSteps<DataWalker> = [
  [10, write],
  [10, read],
  [4, readSeveral],
  [6, readInSession],
  [8, lookUp],
  [2, epochEnd],
  [2, deleteRecords],
  [1, grow],
  [1, describeTopic],
];
