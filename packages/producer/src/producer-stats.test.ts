import { KafkaClient } from '@tskafka/core';
import { MockCluster, VirtualClock } from '@tskafka/testing';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ProducerOptions } from './options.ts';
import { Producer } from './producer.ts';

let clock: VirtualClock;
let cluster: MockCluster;

beforeEach(async () => {
  clock = new VirtualClock();
  const compacted = { partitions: 1, configs: { 'cleanup.policy': 'compact' } };
  cluster = await MockCluster.start({ topics: { orders: 1, compacted }, autoCreateTopics: false, clock });
});

async function start(options: ProducerOptions = {}): Promise<Producer> {
  const { brokers, transport } = cluster;
  const client = await passing(KafkaClient.connect({ brokers, transport, clock, topicTimeoutMs: 500 }));
  const producer = await passing(Producer.start(client, options));
  onTestFinished(async () => {
    await passing(client.close());
    await cluster.close();
  });
  return producer;
}

/** Lets virtual time pass until it has settled. */
async function passing<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  for (let i = 0; !isSettled && i < 100_000; i++) await clock.advance(1);
  return promise;
}

const orders = (...values: string[]) => values.map((value) => ({ topic: 'orders', value }));

it('begins with nothing', async () => {
  const producer = await start();
  expect(producer.stats()).toEqual({
    ...{ batches: 0, messages: 0, bytes: 0, retries: 0, failedMessages: 0, bufferedBytes: 0 },
    ...{ meanDeliveryMs: 0, meanQueueMs: 0, meanRequestMs: 0 },
    inFlight: new Map(),
  });
});

it('counts what was delivered, sent again and given up', async () => {
  const producer = await start();
  await passing(producer.sendBatch(orders('a', 'b', 'c')));
  cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
  await passing(producer.send({ topic: 'orders', value: 'again' }));
  cluster.fail('Produce', ['TOPIC_AUTHORIZATION_FAILED']);
  await expect(passing(producer.send({ topic: 'orders', value: 'refused' }))).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  expect(producer.stats()).toMatchObject({ batches: 2, messages: 4, retries: 1, failedMessages: 1, bufferedBytes: 0 });
  // A batch has a header of 61 bytes.
  expect(producer.stats().bytes).toBeGreaterThan(2 * 61);
  expect(producer.stats().bytes).toBeLessThan(2 * 61 + 100);
});

it('shows what is on its way: requests by broker, and what it takes of maxBufferedBytes', async () => {
  const producer = await start();
  const hold = cluster.hold('Produce');
  const sent = producer.sendBatch(orders('a'.repeat(1000)));
  await passing(hold.held());
  const { inFlight, bufferedBytes } = producer.stats();
  expect(inFlight).toEqual(new Map([[cluster.topic('orders').partition(0).leader, 1]]));
  expect(bufferedBytes).toBeGreaterThan(1000);
  expect(bufferedBytes).toBeLessThan(2000);
  hold.release();
  await passing(sent);
  expect([...producer.stats().inFlight.values()]).toEqual([0]);
  expect(producer.stats().bufferedBytes).toBe(0);
});

it('gives the mean times of deliveries, of waiting before them, and of requests', async () => {
  const producer = await start({ lingerMs: 50 });
  for (const ms of [100, 300]) {
    const hold = cluster.hold('Produce');
    const sent = producer.sendBatch(orders('a', 'b'));
    await passing(hold.held());
    await clock.advance(ms);
    hold.release();
    await passing(sent);
  }
  const { batches, meanDeliveryMs, meanQueueMs, meanRequestMs } = producer.stats();
  expect(batches).toBe(2);
  expect(Math.abs(meanQueueMs - 50)).toBeLessThan(5);
  expect(Math.abs(meanRequestMs - 200)).toBeLessThan(5);
  expect(Math.abs(meanDeliveryMs - 250)).toBeLessThan(10);
});

it('counts a message once that ran out of time on its way, and arrived after that', async () => {
  const producer = await start({ deliveryTimeoutMs: 1000 });
  const hold = cluster.hold('Produce');
  await expect(passing(producer.sendBatch(orders('a', 'b')))).rejects.toThrow('not delivered within 1000 ms');
  hold.release();
  await clock.advance(1000);
  expect(cluster.topic('orders').records().length).toBe(2);
  expect(producer.stats()).toMatchObject({ batches: 0, messages: 0, failedMessages: 2, bufferedBytes: 0 });
});

it('counts the records that a broker refuses by name (KIP-467), and the others', async () => {
  const producer = await start();
  const sent = ['a', null, 'c'].map((key) => producer.send({ topic: 'compacted', key, value: '' }));
  const told = await passing(Promise.allSettled(sent));
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(producer.stats()).toMatchObject({ batches: 1, messages: 2, failedMessages: 1 });
});

it('counts what was taken for a topic that does not exist', async () => {
  const producer = await start();
  await expect(passing(producer.send({ topic: 'absent', value: '' }))).rejects.toThrow('absent');
  expect(producer.stats()).toMatchObject({ messages: 0, failedMessages: 1 });
});
