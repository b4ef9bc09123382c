import { afterAll, describe, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
const topic = await broker.createTopic({ partitions: 2 });
const nodeIds = Array.from({ length: broker.nodes }, (_, i) => i + 1);
const notAsked = -2147483648;
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.metadata))('Metadata version %i', (version) => {
  const ask = (names: readonly string[] | null) =>
    wire.send(apis.metadata, version, {
      topics: names?.map((name) => ({ name })) ?? null,
      ...(version >= 4 ? { allowAutoTopicCreation: false } : {}),
    });

  it('names every broker with its address, and one of them as controller', async () => {
    const { brokers, controllerId, clusterId } = await ask([topic.name]);
    expect(brokers.map(({ nodeId }) => nodeId).sort()).toEqual(nodeIds);
    expect(brokers.map(({ host, port }) => `${host}:${port}`).sort()).toEqual(broker.bootstrap.split(',').sort());
    if (version >= 1) expect(nodeIds).toContain(controllerId);
    if (version >= 2) expect(clusterId).toMatch(/^[\w-]{22}$/);
  });

  it('describes a topic: leader, replicas and those in sync of each partition', async () => {
    const { topics } = await ask([topic.name]);
    expect(topics).toHaveLength(1);
    const [found] = topics;
    expect(found).toMatchObject({ errorCode: code.none, name: topic.name, isInternal: false, topicAuthorizedOperations: notAsked });
    expect(found!.topicId).toBe(version >= 10 ? topic.id : zeroUuid);
    expect(found!.partitions.map(({ partitionIndex }) => partitionIndex).sort()).toEqual([0, 1]);
    for (const partition of found!.partitions) {
      expect(nodeIds).toContain(partition.leaderId);
      expect(partition).toMatchObject({ errorCode: code.none, replicaNodes: [partition.leaderId], isrNodes: [partition.leaderId] });
      expect(partition).toMatchObject({ leaderEpoch: version >= 7 ? 0 : -1, offlineReplicas: [] });
    }
  });

  it('lists all topics: for null, and in version 0 for an empty list', async () => {
    const { topics } = await ask(version === 0 ? [] : null);
    expect(topics.map(({ name }) => name)).toContain(topic.name);
  });

  if (version >= 1)
    it('lists no topic for an empty list', async () => {
      expect((await ask([])).topics).toEqual([]);
    });

  if (version >= 4)
    it('answers an unknown topic with error 3, and does not create it when that is not allowed', async () => {
      const name = broker.freshName('unknown');
      const expected = { errorCode: code.unknownTopicOrPartition, name, topicId: zeroUuid, partitions: [] };
      expect((await ask([name])).topics).toMatchObject([expected]);
      expect((await ask([name])).topics).toMatchObject([expected]);
    });

  it('answers a name that no topic can have with error 17', async () => {
    for (const name of ['no spaces', '..', 'x'.repeat(250)]) {
      expect((await ask([name])).topics).toMatchObject([{ errorCode: code.invalidTopic, name, partitions: [] }]);
    }
  });

  if (version >= 8)
    it('tells what the client may do with the topic when it is asked', async () => {
      const { topics } = await wire.send(apis.metadata, version, {
        topics: [{ name: topic.name }],
        allowAutoTopicCreation: false,
        includeTopicAuthorizedOperations: true,
      });
      const bits = [3, 4, 5, 6, 7, 8, 10, 11]; // read, write, create, delete, alter, describe, describe and alter configs
      expect(topics[0]!.topicAuthorizedOperations).toBe(bits.reduce((sum, bit) => sum | (1 << bit), 0));
    });

  if (version >= 12)
    it('finds a topic by its id, and answers an unknown id with error 100', async () => {
      const unknown = 'AQIDBAUGBwgJCgsMDQ4PEA';
      const { topics } = await wire.send(apis.metadata, version, {
        topics: [topic.id, unknown].map((topicId) => ({ topicId, name: null })),
        allowAutoTopicCreation: false,
      });
      expect(topics.find(({ topicId }) => topicId === topic.id)).toMatchObject({ errorCode: code.none, name: topic.name });
      expect(topics.find(({ topicId }) => topicId === unknown)).toMatchObject({ errorCode: code.unknownTopicId, name: null });
    });
});

describe('Metadata', () => {
  it.each([0, 3, 4, 12])('version %i creates a topic that is asked for and missing, when the request allows it', async (version) => {
    const name = broker.freshName('asked-for');
    const ask = async () => (await wire.send(apis.metadata, version, { topics: [{ name }] })).topics[0]!;
    expect([code.none, code.unknownTopicOrPartition]).toContain((await ask()).errorCode); // a real Kafka answers before it is there
    await expect.poll(async () => (await ask()).errorCode).toBe(code.none);
    await expect.poll(async () => (await ask()).partitions.length).toBe(3); // num.partitions of both brokers
  });
});
