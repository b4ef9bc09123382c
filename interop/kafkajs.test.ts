import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { append, serve, type Served, valuesOf } from './cluster.ts';

const clientOf = ({ brokers }: Served): Kafka => new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING });
const withPartitioner = { createPartitioner: Partitioners.DefaultPartitioner };

it('produces, idempotent and compressed', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  const producer = clientOf(served).producer({ ...withPartitioner, idempotent: true });
  await producer.connect();
  await producer.send({ topic: 'orders', compression: 1, messages: [{ key: 'k', value: 'a', headers: { h: '1' } }, { value: 'b' }] });
  await producer.disconnect();
  expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
});

it('administers topics', async () => {
  await using served = await serve();
  const admin = clientOf(served).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'new', numPartitions: 2, replicationFactor: 3 }] });
  await admin.createPartitions({ topicPartitions: [{ topic: 'new', count: 3 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: ['new'] });
  expect(topics[0]!.partitions).toHaveLength(3);
  const described = await admin.describeConfigs({
    includeSynonyms: true,
    resources: [{ type: 2, name: 'new', configNames: ['retention.ms'] }],
  });
  expect(described.resources[0]!.configEntries).toMatchObject([{ configName: 'retention.ms', configValue: '604800000' }]);
  await admin.deleteTopics({ topics: ['new'] });
  expect(await admin.listTopics()).toEqual([]);
  await admin.disconnect();
});

it('consumes in a group, commits, and goes on behind what it has committed', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  append(served, 'orders', 'a', 'b');
  const read = async (count: number): Promise<(string | undefined)[]> => {
    const consumer = clientOf(served).consumer({ groupId: 'group', maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    const values: (string | undefined)[] = [];
    await new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          values.push(message.value?.toString());
          if (values.length === count) resolve();
        },
      });
    });
    await consumer.disconnect(); // which commits
    return values;
  };
  expect(await read(2)).toEqual(['a', 'b']);
  append(served, 'orders', 'c');
  expect(await read(1)).toEqual(['c']);
  expect(served.cluster.group('group').committed('orders', 0)).toBe(3);
});

it('shares a topic between two members, and gives all to the one that stays', async () => {
  await using served = await serve({ topics: { orders: 4 } });
  const client = clientOf(served);
  const member = async () => {
    const consumer = client.consumer({ groupId: 'group', maxWaitTimeInMs: 100 });
    const assignments: number[][] = [];
    let changed = () => {};
    consumer.on('consumer.group_join', ({ payload }) => {
      assignments.push(payload.memberAssignment['orders'] ?? []);
      changed();
    });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders' });
    await consumer.run({ eachMessage: async () => {} });
    const has = (count: number) =>
      new Promise<void>((resolve) => {
        changed = () => assignments.at(-1)?.length === count && resolve();
        changed();
      });
    return { consumer, has };
  };
  const first = await member();
  await first.has(4);
  const second = await member();
  await Promise.all([first.has(2), second.has(2)]);
  await first.consumer.disconnect();
  await second.has(4);
  await second.consumer.disconnect();
});
