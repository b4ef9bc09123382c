import type { KafkaClient, Message } from '@tskafka/consumer';
import { type DeliveryReport, Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { messagesOf, useClient } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** Each report once, in the order of its partition, and the record lies where the report says. */
function expectTrue(reports: readonly DeliveryReport[], log: readonly Message[]): void {
  const told = reports.map(({ message, metadata, error }) => [error ?? `${metadata.partition}-${metadata.offset}`, String(message.value)]);
  expect(new Map(told as [string, string][])).toEqual(
    new Map(log.map(({ partition, offset, value }) => [`${partition}-${offset}`, String(value)])),
  );
  expect(told).toHaveLength(log.length);
}

describe('produce', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'writes each message once, in order, where its report says: %s',
    async (compression) => {
      const topic = await broker.createTopic({ partitions: 3 });
      const reports: DeliveryReport[] = [];
      await using producer = await Producer.start(client, {
        compression,
        batchBytes: 20_000,
        onDelivery: (report) => reports.push(report),
      });
      for (let i = 0; i < 5000; i++)
        await producer.produce({ topic: topic.name, key: i % 3 === 0 ? null : `key ${i % 7}`, value: `message ${i}` });
      await producer.flush();
      const log = await messagesOf(client, topic.name);
      expectTrue(reports, log);
      const numbers = (partition: number): number[] =>
        log.filter((message) => message.partition === partition).map(({ value }) => Number(String(value).split(' ')[1]));
      for (const partition of [0, 1, 2]) expect(numbers(partition)).toEqual(numbers(partition).sort((a, b) => a - b));
    },
  );

  it('P5: splits a batch that is too large for the topic until it fits: each record once, in order', async () => {
    const topic = await broker.createTopic({ partitions: 1, configs: { 'max.message.bytes': '3000' } });
    const reports: DeliveryReport[] = [];
    await using producer = await Producer.start(client, { onDelivery: (report) => reports.push(report) });
    for (let i = 0; i < 500; i++) void producer.produce({ topic: topic.name, value: `${i} ${'x'.repeat(90)}` });
    await producer.flush();
    const log = await messagesOf(client, topic.name);
    expectTrue(reports, log);
    expect(log.map(({ value }) => Number.parseInt(String(value)))).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('P5: tells of the one record that fits in no batch, and the others arrive', async () => {
    const topic = await broker.createTopic({ partitions: 1, configs: { 'max.message.bytes': '3000' } });
    await using producer = await Producer.start(client);
    const reports = producer.deliveryReports();
    for (const length of [10, 5000, 20]) void producer.produce({ topic: topic.name, value: 'x'.repeat(length) });
    await producer.flush();
    const told = new Map<number, string>();
    while (told.size < 3) {
      const { message, error } = (await reports.next()).value as DeliveryReport;
      told.set(message.value!.length, error === undefined ? 'delivered' : (error as Error & { errorName: string }).errorName);
    }
    expect(told).toEqual(new Map([[10, 'delivered'], [5000, 'MESSAGE_TOO_LARGE'], [20, 'delivered']])); // prettier-ignore
    expect((await messagesOf(client, topic.name)).map(({ value }) => value!.length)).toEqual([10, 20]);
  });

  it('R1: an application that is faster than the broker waits, and no more is held than maxBufferedBytes', async () => {
    const topic = await broker.createTopic({ partitions: 3 });
    let [outstanding, most, delivered] = [0, 0, 0];
    const onDelivery = ({ error }: DeliveryReport): void => {
      outstanding--;
      if (error === undefined) delivered++;
    };
    await using producer = await Producer.start(client, { maxBufferedBytes: 200_000, onDelivery });
    const value = Buffer.alloc(1000, 'x');
    for (let i = 0; i < 20_000; i++) {
      const full = producer.produce({ topic: topic.name, value });
      most = Math.max(most, ++outstanding);
      if (full !== undefined) await full;
    }
    await producer.flush();
    expect(delivered).toBe(20_000);
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThanOrEqual(201);
  });

  it('rejects flush with what nobody was told', async () => {
    const topic = await broker.createTopic({ partitions: 1, configs: { 'max.message.bytes': '1000' } });
    await using producer = await Producer.start(client);
    void producer.produce({ topic: topic.name, value: 'x'.repeat(2000) });
    await expect(producer.flush()).rejects.toMatchObject({ errorName: 'MESSAGE_TOO_LARGE', persistence: 'not persisted' });
    await producer.flush();
  });
});
