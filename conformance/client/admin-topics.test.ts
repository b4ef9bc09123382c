import { createPartitions, createTopics, deleteTopics, describeTopics, type KafkaClient, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('describeTopics', () => {
  it('tells of topics by name and by id, in the order given', async () => {
    const [one, two] = [await broker.createTopic({ partitions: 3 }), await broker.createTopic({ replicationFactor: broker.nodes })];
    const byId = { id: two.id };
    const described = valuesOf(await describeTopics(client, [byId, one.name, two.name]));
    expect([...described.keys()]).toEqual([byId, one.name, two.name]);
    expect(described.get(one.name)).toMatchObject({ name: one.name, id: one.id, isInternal: false, authorizedOperations: undefined });
    expect(described.get(one.name)!.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
    const { partitions } = described.get(byId)!;
    expect(partitions).toHaveLength(1);
    expect(partitions[0]!.replicas).toContain(partitions[0]!.leader);
    expect(partitions[0]!.isr.toSorted()).toEqual(partitions[0]!.replicas.toSorted());
    expect(partitions[0]).toMatchObject({ leaderEpoch: 0, offlineReplicas: [] });
    // Only the request by name tells of eligible leader replicas (KIP-966).
    expect(partitions[0]!.eligibleLeaderReplicas).toBeUndefined();
    expect(described.get(two.name)!.partitions[0]!.eligibleLeaderReplicas).toEqual([]);
  });

  it('tells what may be done, when asked', async () => {
    const { name, id } = await broker.createTopic();
    const described = valuesOf(await describeTopics(client, [name, { id }], { includeAuthorizedOperations: true }));
    for (const { authorizedOperations } of described.values()) expect(authorizedOperations).toContain('describeConfigs');
  });

  it('tells of all topics', async () => {
    const { name } = await broker.createTopic({ partitions: 2 });
    const all = valuesOf(await describeTopics(client, 'all'));
    expect(all.get(name)!.partitions).toHaveLength(2);
    expect([...all.keys()].sort()).toEqual(await client.topics({ internal: true }));
  });

  it('says at once of each topic that there is none, and creates none', async () => {
    const none = broker.freshName('none');
    const noId = { id: 'abcdefghijklmnopqrstuw' };
    const described = await describeTopics(client, [none, 'not/possible', noId]);
    expect(described.get(none)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION', message: expect.stringContaining(none) });
    expect(described.get('not/possible')).toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' });
    expect(described.get(noId)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_ID' });
    expect(await client.topics()).not.toContain(none);
  });

  it.each([[['']], [[{ id: 'short' }]], ['orders']])('refuses %j', async (topics) => {
    await expect(describeTopics(client, topics as string[])).rejects.toThrow(TypeError);
  });
});

describe('createTopics and deleteTopics', () => {
  it('puts replicas where it is told to, and deletes by id', async () => {
    const name = broker.freshName('placed');
    const assignments = [[broker.nodes], [1]];
    expect(valuesOf(await createTopics(client, [{ name, assignments }]))).toEqual(new Map([[name, undefined]]));
    await broker.everyNodeKnows(name, 2);
    const { id, partitions } = valuesOf(await describeTopics(client, [name])).get(name)!;
    expect(partitions.map(({ replicas }) => replicas)).toEqual(assignments);
    const item = { id: id! };
    const other = { id: 'abcdefghijklmnopqrstuw' };
    const deleted = await deleteTopics(client, [item, other]);
    expect(deleted.get(item)).toBeUndefined();
    expect(deleted.get(other)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_ID' });
  });

  it('creates nothing when it is only to validate', async () => {
    const name = broker.freshName('valid');
    const checked = await createTopics(client, [{ name, partitions: 2 }, { name: 'not/possible' }], { validateOnly: true });
    expect(checked.get(name)).toBeUndefined();
    expect(checked.get('not/possible')).toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' });
    expect(await client.topics()).not.toContain(name);
  });

  it.each([
    [{ name: 'a', assignments: [[1]], partitions: 1 }, /leave both numbers out/],
    [{ name: 'a', assignments: [['1']] }, /a broker's id must be a whole number/],
    [{ name: '' }, /a topic's name must be/],
  ])('refuses %j', async (topic, message) => {
    await expect(createTopics(client, [topic as never])).rejects.toThrow(message);
  });
});

describe('createPartitions', () => {
  it('adds partitions, each topic for itself', async () => {
    const { name } = await broker.createTopic();
    const none = broker.freshName('none');
    const created = await createPartitions(client, [
      { topic: name, partitions: 3, assignments: [[1], [broker.nodes]] },
      { topic: none, partitions: 2 },
    ]);
    expect(created.get(name)).toBeUndefined();
    expect(created.get(none)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await until('there are three', async () => valuesOf(await describeTopics(client, [name])).get(name)!.partitions.length === 3);
    expect(await createPartitions(client, [{ topic: name, partitions: 3 }])).toEqual(
      new Map([[name, expect.objectContaining({ errorName: 'INVALID_PARTITIONS' })]]),
    );
  });

  it('adds none when it is only to validate, and refuses a number that is none', async () => {
    const { name } = await broker.createTopic();
    valuesOf(await createPartitions(client, [{ topic: name, partitions: 2 }], { validateOnly: true }));
    expect(valuesOf(await describeTopics(client, [name])).get(name)!.partitions).toHaveLength(1);
    await expect(createPartitions(client, [{ topic: name, partitions: 0 }])).rejects.toThrow(/must be a whole number of at least 1/);
  });
});
