import { createTopics, deleteTopics, KafkaClient } from '@tskafka/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';

describe('KafkaClient', () => {
  let client: KafkaClient;

  beforeAll(async () => {
    client = await KafkaClient.connect(options());
  });
  afterAll(async () => {
    await client?.close();
  });

  const options = () => ({ brokers: broker.bootstrap, transport: broker.transport, topicTimeoutMs: 500 });

  it('knows the brokers and the cluster after connecting to one address', async () => {
    await using one = await KafkaClient.connect({ ...options(), brokers: broker.bootstrap.split(',')[0]! });
    expect(one.brokers.map(({ id }) => id)).toHaveLength(broker.nodes);
    expect(one.clusterId).toEqual(client.clusterId);
  });

  it('creates, lists and deletes topics, and says of each what became of it', async () => {
    const names = [broker.freshName('admin'), broker.freshName('admin')];
    const created = await createTopics(client, [
      { name: names[0]!, partitions: 2 },
      { name: names[1]!, partitions: 1, configs: { 'cleanup.policy': 'compact' } },
      { name: 'not a name!', partitions: 1 },
    ]);
    expect(created.get(names[0]!)).toBeUndefined();
    expect(created.get(names[1]!)).toBeUndefined();
    expect(created.get('not a name!')).toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' });
    await broker.everyNodeKnows(names[0]!, 2);
    await broker.everyNodeKnows(names[1]!, 1);
    expect(await client.topics()).toEqual(expect.arrayContaining(names));

    // Whoever asks for it is told what a name may be.
    const impossible = client.topic('not a name!').partitions();
    await expect(impossible).rejects.toThrow(
      "topic 'not a name!' (a name has letters, digits, '.', '_' and '-', at most 249): INVALID_TOPIC_EXCEPTION",
    );

    const again = await createTopics(client, [{ name: names[0]! }]);
    expect(again.get(names[0]!)).toMatchObject({ errorName: 'TOPIC_ALREADY_EXISTS' });

    const deleted = await deleteTopics(client, [names[0]!, 'never-made']);
    expect(deleted.get(names[0]!)).toBeUndefined();
    expect(deleted.get('never-made')).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await deleteTopics(client, [names[1]!]);
  });

  it('shows the partitions of a topic with their leaders and replicas', async () => {
    const { name } = await broker.createTopic({ partitions: 3 });
    const partitions = await client.topic(name).partitions();
    expect(partitions.map(({ id }) => id)).toEqual([0, 1, 2]);
    for (const { leader, replicas, isr } of partitions) {
      expect(client.brokers.map(({ id }) => id)).toContain(leader);
      expect(replicas).toEqual([leader]);
      expect(isr).toEqual([leader]);
    }
  });

  it('M7: a topic that does not exist is a clear error, and asking for it does not create it', async () => {
    const name = broker.freshName('missing');
    await expect(client.topic(name).partitions()).rejects.toThrow(`topic '${name}' does not exist: UNKNOWN_TOPIC_OR_PARTITION`);
    expect(await client.topics()).not.toContain(name);
  });

  it('M6: waits for a topic that is made while it is asked for', async () => {
    const name = broker.freshName('soon');
    await using patient = await KafkaClient.connect({ ...options(), topicTimeoutMs: 10_000 });
    const asked = patient.topic(name).partitions();
    await createTopics(client, [{ name, partitions: 2 }]);
    await expect(asked).resolves.toHaveLength(2);
    await deleteTopics(client, [name]);
  });

  it('M9: partitions that are added become known', async () => {
    const { name } = await broker.createTopic({ partitions: 1 });
    await expect(client.topic(name).partitions()).resolves.toHaveLength(1);
    const wire = await broker.wire();
    await wire.send(apis.createPartitions, 2, { topics: [{ name, count: 3, assignments: null }], timeoutMs: 10_000, validateOnly: false });
    await broker.everyNodeKnows(name, 3);
    await using fresh = await KafkaClient.connect(options());
    await expect(fresh.topic(name).partitions()).resolves.toHaveLength(3);
  });

  it('rejects what is pending, and every later call, when it is closed; closing twice is closing once', async () => {
    const closing = await KafkaClient.connect(options());
    const pending = closing.topic(broker.freshName('never')).partitions();
    await Promise.all([expect(pending).rejects.toMatchObject({ name: 'ClosedError' }), closing.close()]);
    await closing.close();
    await expect(closing.topics()).rejects.toMatchObject({ name: 'ClosedError' });
  });
});
