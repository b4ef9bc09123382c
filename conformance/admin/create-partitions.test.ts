import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.createPartitions))('CreatePartitions version %i', (version) => {
  const grow = async (name: string, count: number, assignments: number[][] | null = null, validateOnly = false) => {
    const topics = [{ name, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }];
    const { results } = await wire.send(apis.createPartitions, version, { topics, timeoutMs: 10_000, validateOnly });
    expect(results).toHaveLength(1);
    return results[0]!;
  };
  const replicasOf = async (name: string) => {
    const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false });
    return topics[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex).map(({ replicaNodes }) => replicaNodes);
  };

  it('adds partitions, where it is told to', async () => {
    const { name } = await broker.createTopic({ assignments: [[1]] });
    expect(await grow(name, 2)).toMatchObject({ name, errorCode: code.none, errorMessage: null });
    await broker.everyNodeKnows(name, 2);
    expect(await grow(name, 3, [[broker.nodes]])).toMatchObject({ errorCode: code.none });
    await broker.everyNodeKnows(name, 3);
    expect((await replicasOf(name))[2]).toEqual([broker.nodes]);
  });

  it('adds nothing when it is asked to validate only', async () => {
    const { name } = await broker.createTopic();
    expect(await grow(name, 2, null, true)).toMatchObject({ errorCode: code.none });
    expect(await replicasOf(name)).toHaveLength(1);
  });

  it.each<[string, number, number[][] | null, number, string]>([
    ['as many partitions as there are', 2, null, code.invalidPartitions, 'Topic already has 2 partition(s).'],
    ['fewer partitions', 1, null, code.invalidPartitions, 'The topic NAME currently has 2 partition(s); 1 would not be an increase.'],
    [
      'fewer assignments than partitions',
      4,
      [[1]],
      code.invalidReplicaAssignment,
      'Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    ],
    ['an empty assignment', 3, [[]], code.invalidReplicaAssignment, 'The manual partition assignment includes an empty replica list.'],
    [
      'a broker that is not there',
      3,
      [[99]],
      code.invalidReplicaAssignment,
      'The manual partition assignment includes broker 99, but no such broker is registered.',
    ],
    ['a broker twice', 3, [[1, 1]], code.invalidReplicaAssignment, 'The manual partition assignment includes the broker 1 more than once.'],
  ])('refuses %s', async (_, count, assignments, errorCode, errorMessage) => {
    const { name } = await broker.createTopic({ partitions: 2 });
    expect(await grow(name, count, assignments)).toMatchObject({ errorCode, errorMessage: errorMessage.replace('NAME', name) });
  });

  it('knows no other topics, and takes a topic but once', async () => {
    expect(await grow(broker.freshName('missing'), 2)).toMatchObject({ errorCode: code.unknownTopicOrPartition });
    const { name } = await broker.createTopic();
    const topic = { name, count: 2, assignments: null };
    const { results } = await wire.send(apis.createPartitions, version, { topics: [topic, topic], timeoutMs: 10_000, validateOnly: false });
    expect(results).toMatchObject([{ name, errorCode: code.invalidRequest, errorMessage: 'Duplicate topic name.' }]);
  });
});
