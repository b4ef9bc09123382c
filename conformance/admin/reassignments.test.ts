import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const reassign = async (topic: string, partitionIndex: number, replicas: number[] | null, version = 0, more = {}) => {
  const topics = [{ name: topic, partitions: [{ partitionIndex, replicas }] }];
  const answer = await wire.send(apis.alterPartitionReassignments, version, { timeoutMs: 10_000, topics, ...more });
  expect(answer).toMatchObject({
    errorCode: code.none,
    errorMessage: null,
    responses: [{ name: topic, partitions: [{ partitionIndex }] }],
  });
  return answer.responses[0]!.partitions[0]!;
};
const list = (topics: { name: string; partitionIndexes: number[] }[] | null) =>
  wire.send(apis.listPartitionReassignments, 0, { timeoutMs: 10_000, topics });
const partitionsOf = async (name: string) => {
  const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false });
  return topics[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
};
const none = { errorCode: code.none, errorMessage: null };

describe.each(versionsOf(apis.alterPartitionReassignments))('AlterPartitionReassignments version %i', (version) => {
  it('takes replicas that are there already', async () => {
    const { name } = await broker.createTopic({ assignments: [[1]] });
    expect(await reassign(name, 0, [1], version)).toMatchObject(none);
    expect(await partitionsOf(name)).toMatchObject([{ leaderId: 1, leaderEpoch: 0, replicaNodes: [1], isrNodes: [1] }]);
  });

  it.each<[string, number[], string]>([
    ['no replicas', [], 'The manual partition assignment includes an empty replica list.'],
    ['a broker twice', [1, 1], 'The manual partition assignment includes the broker 1 more than once.'],
    ['a broker that is not there', [99], 'The manual partition assignment includes broker 99, but no such broker is registered.'],
    ['a negative broker', [-1], 'The manual partition assignment includes broker -1, but no such broker is registered.'],
  ])('refuses %s', async (_, replicas, errorMessage) => {
    const { name } = await broker.createTopic();
    expect(await reassign(name, 0, replicas, version)).toMatchObject({ errorCode: code.invalidReplicaAssignment, errorMessage });
  });

  it('refuses to take back what is not under way', async () => {
    const { name } = await broker.createTopic();
    expect(await reassign(name, 0, null, version)).toMatchObject({ errorCode: code.noReassignmentInProgress, errorMessage: null });
  });

  it('knows no other topics and partitions', async () => {
    const { name } = await broker.createTopic();
    const missing = broker.freshName('missing');
    const errorCode = code.unknownTopicOrPartition;
    expect(await reassign(name, 7, [1], version)).toMatchObject({ errorCode, errorMessage: `Unable to find partition ${name}:7.` });
    expect(await reassign(missing, 0, [1], version)).toMatchObject({ errorCode, errorMessage: `Unable to find a topic named ${missing}.` });
  });

  if (broker.nodes > 1) {
    it('moves a partition with its records to another broker', async () => {
      const topic = await broker.createTopic({ assignments: [[1, 2]] });
      await append(await broker.leaderWire(topic), topic, batchOfValues('a', 'b'));
      expect(await reassign(topic.name, 0, [3], version)).toMatchObject(none);
      await until('only broker 3 has it', async () => (await partitionsOf(topic.name))[0]!.replicaNodes.join() === '3');
      const [partition] = await partitionsOf(topic.name);
      expect(partition).toMatchObject({ leaderId: 3, leaderEpoch: 1, replicaNodes: [3], isrNodes: [3] });
      expect(await list([{ name: topic.name, partitionIndexes: [0] }])).toMatchObject({ topics: [] });
      expect(valuesOf(await fetchFrom(await broker.leaderWire(topic), 12, topic, 0))).toEqual(['a', 'b']);
    });

    it('adds a replica without a new leader epoch, and takes one away with one', async () => {
      const { name } = await broker.createTopic({ assignments: [[1]] });
      expect(await reassign(name, 0, [3, 1], version)).toMatchObject(none);
      await until('broker 3 is in sync', async () => (await partitionsOf(name))[0]!.isrNodes.length === 2);
      expect(await partitionsOf(name)).toMatchObject([{ leaderId: 1, leaderEpoch: 0, replicaNodes: [3, 1] }]);
      expect(await reassign(name, 0, [1], version)).toMatchObject(none);
      await until('broker 3 is gone', async () => (await partitionsOf(name))[0]!.replicaNodes.length === 1);
      expect(await partitionsOf(name)).toMatchObject([{ leaderId: 1, leaderEpoch: 1, replicaNodes: [1], isrNodes: [1] }]);
    });

    it('orders the replicas anew', async () => {
      const { name } = await broker.createTopic({ assignments: [[1, 2]] });
      expect(await reassign(name, 0, [2, 1], version)).toMatchObject(none);
      await until('broker 2 comes first', async () => (await partitionsOf(name))[0]!.replicaNodes[0] === 2);
      expect(await partitionsOf(name)).toMatchObject([{ leaderId: 1, leaderEpoch: 0, replicaNodes: [2, 1] }]);
    });
  }
});

if (broker.nodes > 1) {
  it('keeps the number of replicas when it is asked to', async () => {
    const { name } = await broker.createTopic({ assignments: [[1]] });
    const fixed = { allowReplicationFactorChange: false };
    expect(await reassign(name, 0, [1, 2], 1, fixed)).toMatchObject({
      errorCode: code.invalidReplicationFactor,
      errorMessage: 'The replication factor is changed from 1 to 2',
    });
    expect(await reassign(name, 0, [2], 1, fixed)).toMatchObject(none);
  });
}

it('answers for each partition', async () => {
  const { name } = await broker.createTopic({ partitions: 2 });
  const partitions = [0, 9, 1].map((partitionIndex) => ({ partitionIndex, replicas: [1] }));
  const { responses } = await wire.send(apis.alterPartitionReassignments, 0, { timeoutMs: 10_000, topics: [{ name, partitions }] });
  expect(responses[0]!.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode])).toEqual([
    [0, code.none],
    [9, code.unknownTopicOrPartition],
    [1, code.none],
  ]);
});

it('answers a request for nothing', async () => {
  expect(await wire.send(apis.alterPartitionReassignments, 0, { topics: [] })).toMatchObject({
    errorCode: code.none,
    errorMessage: '',
    responses: [],
  });
});

describe('ListPartitionReassignments', () => {
  it('lists nothing of topics that are not under way, or not there', async () => {
    const { name } = await broker.createTopic();
    const asked = [name, broker.freshName('missing')].map((topic) => ({ name: topic, partitionIndexes: [0, 7] }));
    expect(await list(asked)).toMatchObject({ ...none, topics: [] });
    expect(await list([])).toMatchObject({ ...none, topics: [] });
  });
});
