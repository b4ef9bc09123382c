import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { type DeliveryReport, Producer, type ProducerOptions } from '@tskafka/producer';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { proxiedClient } from '../proxied.ts';

afterAll(() => broker.closeWires());

/** A producer whose every byte passes a proxy. */
async function setup(options: ProducerOptions = {}) {
  const { proxy, client } = await proxiedClient();
  const reports: DeliveryReport[] = [];
  const producer = await Producer.start(client, { onDelivery: (report) => reports.push(report), ...options });
  onTestFinished(() => producer.close());
  return { proxy, producer, reports };
}

/** Read past the proxy. */
async function valuesOf(topic: string): Promise<string[]> {
  await using client = await KafkaClient.connect({ brokers: broker.bootstrap });
  await using consumer = await SimpleConsumer.start(client.topic(topic), { until: 'latest' });
  const values: string[] = [];
  for await (const { value } of consumer) values.push(String(value));
  return values;
}

it('R1: on a network far slower than the application, no more is held than maxBufferedBytes, and all arrives', async () => {
  const { proxy, producer, reports } = await setup({ maxBufferedBytes: 300_000 });
  const topic = await broker.createTopic({ partitions: 1 });
  const end = proxy.rate(500_000);
  let most = 0;
  const value = 'x'.repeat(1000);
  for (let i = 0; i < 3000; i++) {
    const full = producer.produce({ topic: topic.name, value: `${i} ${value}` });
    most = Math.max(most, i + 1 - reports.length);
    if (full !== undefined) await full;
  }
  end();
  await producer.flush();
  expect(most).toBeGreaterThan(200);
  expect(most).toBeLessThanOrEqual(301);
  expect((await valuesOf(topic.name)).map((each) => Number.parseInt(each))).toEqual(Array.from({ length: 3000 }, (_, i) => i));
});

it('P1: connections that break under produce lose nothing, double nothing, and keep the order; each message is told of once', async () => {
  const { proxy, producer, reports } = await setup({ batchBytes: 5000 });
  const topic = await broker.createTopic({ partitions: 1 });
  for (let i = 0; i < 20_000; i++) {
    const full = producer.produce({ topic: topic.name, value: String(i) });
    if (full !== undefined) await full;
    if (i % 2000 === 1999) {
      const before = reports.length;
      await until('some of it has been delivered', () => Promise.resolve(reports.length > before));
      proxy.rst();
    }
  }
  await producer.flush();
  expect(reports.map(({ message, error }) => error ?? message.value)).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i)));
  expect(await valuesOf(topic.name)).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i)));
});

it('P10: bytes of messages that were given up while the socket held them never reach another topic', async () => {
  const { proxy, producer, reports } = await setup({ deliveryTimeoutMs: 5000 });
  const [a, b] = [await broker.createTopic({ partitions: 1 }), await broker.createTopic({ partitions: 1 })];
  await producer.send({ topic: a.name, value: 'first' });
  const end = proxy.blackhole('up');
  for (let i = 0; i < 3000; i++) await producer.produce({ topic: a.name, value: `canary ${'A'.repeat(1000)}` });
  await until('the messages are given up', () => Promise.resolve(reports.length === 3000), 30_000);
  end();
  for (let i = 0; i < 1000; i++) await producer.send({ topic: b.name, value: `${i}` });
  await producer.flush();
  expect(reports.every(({ error }) => error !== undefined)).toBe(true);
  expect(await valuesOf(b.name)).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
  expect(new Set(await valuesOf(a.name))).toEqual(new Set(['first', `canary ${'A'.repeat(1000)}`]));
});
