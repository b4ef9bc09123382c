import { KafkaClient, type ProcessHandler, SimpleConsumer } from '@tskafka/consumer';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { messagesOf, settled } from '../consumer/fixture.ts';
import { proxiedClient } from '../proxied.ts';

afterAll(() => broker.closeWires());

/** A transactional producer whose every byte passes a proxy, and a client that goes past it. */
async function setup(options: ProducerOptions = {}) {
  const { proxy, client } = await proxiedClient();
  const past = await KafkaClient.connect({ brokers: broker.bootstrap });
  const producer = await Producer.start(client, { transactionalId: broker.freshName('transactional'), ...options });
  onTestFinished(async () => {
    proxy.calm();
    await producer.close();
    await past.close();
  });
  const { name } = await broker.createTopic({ partitions: 2, replicationFactor: 3 });
  const committed = async (): Promise<string[]> => (await messagesOf(past, name)).map(({ value }) => String(value)).sort();
  /** The same, when all transactions are over. */
  const written = async (): Promise<string[]> => {
    await settled(past, name);
    return committed();
  };
  return { proxy, client, producer, topic: name, committed, written };
}

it('P22, P24: answers to ends of transactions are lost, one after the other, and each has the reported outcome', async () => {
  const { proxy, producer, topic, written } = await setup();
  const fault = proxy.dropResponse('EndTxn', { times: 6 });
  for (let i = 0; i < 12; i++) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, partition: i % 2, value: String(i).padStart(2, '0') });
    await (i % 3 === 0 ? transaction.abort() : transaction.commit());
  }
  expect(fault.count).toBe(6);
  expect(await written()).toEqual(['01', '02', '04', '05', '07', '08', '10', '11']);
});

it('P25: a late end of a transaction does not end the next one', async () => {
  const { proxy, producer, topic, committed } = await setup({ deliveryTimeoutMs: 5000 });
  const first = await producer.transaction();
  await first.send({ topic, partition: 0, value: 'first' });
  const end = proxy.blackhole('up');
  await expect(first.commit()).rejects.toMatchObject({ persistence: 'possibly persisted' });
  // What was under way arrives now, and only then does the next one begin.
  end();
  const next = await producer.transaction();
  await next.send({ topic, partition: 0, value: 'next' });
  expect((await committed()).includes('next')).toBe(false);
  await next.abort();
  expect((await committed()).includes('next')).toBe(false);
});

it('P1, P29: a processor loses, duplicates and reorders nothing while connections break', async () => {
  const { proxy, client, producer, topic, written } = await setup();
  const source = await broker.createTopic({ partitions: 1, replicationFactor: 3 });
  const values = Array.from({ length: 3000 }, (_, i) => String(i).padStart(4, '0'));
  await using plain = await Producer.start(client);
  await plain.sendBatch(values.map((value) => ({ topic: source.name, value })));
  const faults = (['EndTxn', 'TxnOffsetCommit', 'Produce'] as const).map((api) => proxy.dropResponse(api, { times: 2 }));
  await using consumer = await SimpleConsumer.start(client.topic(source.name), {
    consumerGroup: broker.freshName('group'),
    until: 'latest',
  });
  let count = 0;
  const handler: ProcessHandler = ({ value }, transaction) => {
    void transaction.send({ topic, partition: 0, value });
    if (++count % 700 === 0) proxy.rst();
  };
  await consumer.process(handler, { producer, maxMessages: 250 });
  expect(faults.map((fault) => fault.count)).toEqual([2, 2, 2]);
  expect(await written()).toEqual(values);
});
