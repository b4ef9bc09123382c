import { type Consumer, Kafka, logLevel, Partitioners, type Producer, type Transaction } from 'kafkajs';
import { expect, it } from 'vitest';
import { serve, type Served, valuesOf } from './cluster.ts';

const clientOf = ({ brokers }: Served): Kafka => new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING });

async function producerOf(served: Served): Promise<Producer> {
  const options = { createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1 };
  const producer = clientOf(served).producer({ ...options, transactionalId: 'copier' });
  await producer.connect();
  return producer;
}

const write = (to: Transaction, ...values: string[]) => to.send({ topic: 'orders', messages: values.map((value) => ({ value })) });

/** The values that a consumer reads until it has seen `last`. */
async function readUntil(last: string, consumer: Consumer): Promise<string[]> {
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.at(-1) === last) resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

it('commits and aborts transactions, of which readers see what is committed', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  const producer = await producerOf(served);
  const aborted = await producer.transaction();
  await write(aborted, 'aborted');
  await aborted.abort();
  const committed = await producer.transaction();
  await write(committed, 'a', 'b');
  expect(served.cluster.transaction('copier').state).toBe('Ongoing');
  expect(valuesOf(served, 'orders')).toEqual([]);
  await committed.commit();
  await producer.disconnect();

  const consumers = clientOf(served);
  const options = { maxWaitTimeInMs: 100 };
  expect(await readUntil('b', consumers.consumer({ ...options, groupId: 'committed' }))).toEqual(['a', 'b']);
  const all = consumers.consumer({ ...options, groupId: 'all', readUncommitted: true });
  expect(await readUntil('b', all)).toEqual(['aborted', 'a', 'b']);
});

it.each(['commit', 'abort'] as const)('moves the offsets of a group with the transaction: %s', async (outcome) => {
  await using served = await serve({ topics: { orders: 1 } });
  const producer = await producerOf(served);
  const transaction = await producer.transaction();
  await write(transaction, 'a');
  const topics = [{ topic: 'orders', partitions: [{ partition: 0, offset: '7' }] }];
  await transaction.sendOffsets({ consumerGroupId: 'group', topics });
  expect(served.cluster.group('group').committed('orders', 0)).toBeUndefined();
  await transaction[outcome]();
  await producer.disconnect();
  expect(served.cluster.group('group').committed('orders', 0)).toBe(outcome === 'commit' ? 7 : undefined);
});

it('is fenced by another producer of its transactional id, which aborts what was open', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  const older = await producerOf(served);
  const lost = await older.transaction();
  await write(lost, 'lost');

  const newer = await producerOf(served);
  const transaction = await newer.transaction();
  await expect(write(lost, 'late')).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  await expect(lost.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  await write(transaction, 'a');
  await transaction.commit();
  expect(valuesOf(served, 'orders')).toEqual(['a']);
  await Promise.all([older.disconnect(), newer.disconnect()]);
});
