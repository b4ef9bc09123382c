import { afterAll, describe, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import type { CreateTopicsRequest } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

type Topic = CreateTopicsRequest['topics'][number];

describe.each(versionsOf(apis.createTopics))('CreateTopics version %i', (version) => {
  const create = async (topic: Partial<Topic>, validateOnly = false) => {
    const full = { name: broker.freshName(), numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...topic };
    const { topics } = await wire.send(apis.createTopics, version, { topics: [full], timeoutMs: 10_000, validateOnly });
    expect(topics).toHaveLength(1);
    expect(topics[0]!.name).toBe(full.name);
    return topics[0]!;
  };
  const partitionsOf = async (name: string) => {
    const { topics } = await wire.send(apis.metadata, 4, { topics: [{ name }], allowAutoTopicCreation: false });
    return topics[0]!.partitions;
  };

  it('creates a topic, which shows up in the metadata', async () => {
    const created = await create({ numPartitions: 3, configs: [{ name: 'retention.ms', value: '60000' }] });
    expect(created).toMatchObject({ errorCode: code.none, errorMessage: null });
    await expect.poll(async () => (await partitionsOf(created.name)).length).toBe(3);
    if (version >= 7) expect(created.topicId).not.toBe(zeroUuid);
    if (version < 5) return;
    expect(created).toMatchObject({ numPartitions: 3, replicationFactor: 1, topicConfigErrorCode: code.none });
    // A list and not null: Java fails on null.
    const retention = created.configs!.find(({ name }) => name === 'retention.ms');
    expect(retention).toMatchObject({ value: '60000', readOnly: false, configSource: 1, isSensitive: false });
  });

  it('creates it on the brokers that an assignment names', async () => {
    const assignments = [
      { partitionIndex: 0, brokerIds: [broker.nodes] },
      { partitionIndex: 1, brokerIds: [1] },
    ];
    const created = await create({ numPartitions: -1, replicationFactor: -1, assignments });
    expect(created.errorCode).toBe(code.none);
    await expect.poll(async () => (await partitionsOf(created.name)).length).toBe(2);
    const partitions = await partitionsOf(created.name);
    expect(partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex).map(({ replicaNodes }) => replicaNodes)).toEqual([
      [broker.nodes],
      [1],
    ]);
  });

  if (version >= 4)
    it("takes -1 for the cluster's own numbers of partitions and replicas", async () => {
      const created = await create({ numPartitions: -1, replicationFactor: -1 });
      expect(created).toMatchObject({ errorCode: code.none });
      if (version >= 5) expect(created).toMatchObject({ numPartitions: 3, replicationFactor: broker.nodes });
    });

  it('creates nothing when it is asked to validate only', async () => {
    const created = await create({}, true);
    expect(created.errorCode).toBe(code.none);
    expect(await partitionsOf(created.name)).toEqual([]);
  });

  it('refuses a name that is taken', async () => {
    const { name } = await create({});
    expect(await create({ name })).toMatchObject({ errorCode: code.topicAlreadyExists, errorMessage: expect.stringContaining(name) });
  });

  it.each<[string, Partial<Topic>, number]>([
    ['a name that no topic can have', { name: 'no spaces' }, code.invalidTopic],
    ['the name .', { name: '.' }, code.invalidTopic],
    ['an empty name', { name: '' }, code.invalidTopic],
    ['a name of 250 characters', { name: 'x'.repeat(250) }, code.invalidTopic],
    ['no partitions', { numPartitions: 0 }, code.invalidPartitions],
    ['less than one partition', { numPartitions: -2 }, code.invalidPartitions],
    ['no replicas', { replicationFactor: 0 }, code.invalidReplicationFactor],
    ['more replicas than brokers', { replicationFactor: broker.nodes + 1 }, code.invalidReplicationFactor],
    ['an unknown setting', { configs: [{ name: 'no.such.setting', value: '1' }] }, code.invalidConfig],
    ['a setting with a wrong value', { configs: [{ name: 'retention.ms', value: 'long' }] }, code.invalidConfig],
    ['numbers beside an assignment', { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }, code.invalidRequest],
    [
      'an assignment to an unknown broker',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [99] }] },
      code.invalidReplicaAssignment,
    ],
    [
      'an assignment that leaves out a partition',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      code.invalidReplicaAssignment,
    ],
  ])('refuses %s', async (_, topic, errorCode) => {
    expect(await create(topic)).toMatchObject({ errorCode });
  });

  it('refuses a topic that is in the request twice', async () => {
    const name = broker.freshName();
    const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    const { topics } = await wire.send(apis.createTopics, version, { topics: [topic, topic], timeoutMs: 10_000 });
    expect(topics).toMatchObject([{ name, errorCode: code.invalidRequest }]);
  });
});
