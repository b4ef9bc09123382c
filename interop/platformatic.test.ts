import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { expect, it } from 'vitest';
import { append, serve, type Served, valuesOf } from './cluster.ts';

const options = ({ brokers }: Served) => ({ clientId: 'platformatic', bootstrapBrokers: brokers });

it('produces, idempotent and compressed', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  const producer = new Producer({ ...options(served), serializers: stringSerializers, idempotent: true });
  const messages = [
    { topic: 'orders', key: 'k', value: 'a', headers: { h: '1' } },
    { topic: 'orders', value: 'b', key: 'l' },
  ];
  await producer.send({ messages, compression: 'gzip' });
  await producer.close();
  expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
});

it('administers topics', async () => {
  await using served = await serve();
  const admin = new Admin(options(served));
  await admin.createTopics({ topics: ['new'], partitions: 2, replicas: 3 });
  await admin.createPartitions({ topics: [{ name: 'new', count: 3 }] });
  expect(await admin.listTopics()).toEqual(['new']);
  expect((await admin.metadata({ topics: ['new'] })).topics.get('new')?.partitions).toHaveLength(3);
  await admin.deleteTopics({ topics: ['new'] });
  expect(await admin.listTopics()).toEqual([]);
  await admin.close();
});

it.each(['classic', 'consumer'] as const)(
  'consumes in a %s group, commits, and goes on behind what it has committed',
  async (groupProtocol) => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b');
    const read = async (count: number): Promise<string[]> => {
      const consumer = new Consumer({
        ...options(served),
        groupId: 'group',
        groupProtocol,
        deserializers: stringDeserializers,
        maxWaitTime: 100,
      });
      const stream = await consumer.consume({ topics: ['orders'], mode: 'committed', fallbackMode: 'earliest', autocommit: false });
      const values: string[] = [];
      for await (const message of stream) {
        values.push(message.value);
        await message.commit();
        if (values.length === count) break;
      }
      await consumer.close(true);
      return values;
    };
    expect(await read(2)).toEqual(['a', 'b']);
    append(served, 'orders', 'c');
    expect(await read(1)).toEqual(['c']);
    expect(served.cluster.group('group').committed('orders', 0)).toBe(3);
  },
);

it('commits and aborts transactions with the offsets of a group, and reads what is committed', async () => {
  await using served = await serve({ topics: { input: 1, orders: 1 } });
  append(served, 'input', 'a', 'b');
  const consumer = new Consumer({ ...options(served), groupId: 'group', deserializers: stringDeserializers, maxWaitTime: 100 });
  const producer = new Producer({
    ...options(served),
    serializers: stringSerializers,
    ...{ idempotent: true, transactionalId: 'copier', strict: true },
  });
  const outcomes = ['abort', 'commit'] as const;
  for await (const message of await consumer.consume({ topics: ['input'], mode: 'earliest', autocommit: false })) {
    const transaction = await producer.beginTransaction();
    await transaction.addConsumer(consumer);
    await transaction.send({ messages: [{ topic: 'orders', value: message.value }] });
    await transaction.addOffset(message);
    await transaction[outcomes[Number(message.offset)]!]();
    if (message.offset === 1n) break;
  }
  await Promise.all([producer.close(), consumer.close(true)]);
  expect(valuesOf(served, 'orders')).toEqual(['b']);
  expect(served.cluster.group('group').committed('input', 0)).toBe(2);
});
