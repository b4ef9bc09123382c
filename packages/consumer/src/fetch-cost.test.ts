import { KafkaClient } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { MockCluster } from '@tskafka/testing';
import { describe, expect, it, vi } from 'vitest';
import { ShareConsumer } from './share/share-consumer.ts';
import { SimpleConsumer } from './simple-consumer.ts';
import { valueOf } from './test-records.ts';

/** How often somebody looks up a topic, which is done for every partition that is looked at, while each partition's two messages are read. */
async function lookUps({ topics, partitions }: { readonly topics: number; readonly partitions: number }): Promise<number> {
  const names = Array.from({ length: topics }, (_, i) => `t${i}`);
  await using cluster = await MockCluster.start({ brokers: 3, topics: Object.fromEntries(names.map((name) => [name, partitions])) });
  for (const name of names) {
    for (let partition = 0; partition < partitions; partition++) cluster.topic(name).append({ value: 'a', partition }, { value: 'b', partition }); // prettier-ignore
  }
  await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
  await using consumer = await SimpleConsumer.start(client, { topics: names, until: 'latest' });
  const lookedUp = vi.spyOn(client[clusterSymbol].metadata, 'topic');
  let messages = 0;
  for await (const { value } of consumer) messages += value!.length;
  expect(messages).toBe(2 * topics * partitions);
  return lookedUp.mock.calls.length;
}

/** Reads ten times, by at least some fetches. */
async function expectNoListener(consumer: SimpleConsumer | ShareConsumer, read: () => Promise<void>): Promise<void> {
  const listen = vi.spyOn(EventTarget.prototype, 'addEventListener');
  const before = consumer.stats().fetches;
  for (let i = 0; i < 10; i++) await read();
  expect(consumer.stats().fetches - before).toBeGreaterThan(5);
  expect(listen).not.toHaveBeenCalled();
  listen.mockRestore();
}

describe('the work of reading', () => {
  it('grows with the number of partitions and topics, and not with its square', async () => {
    const one = await lookUps({ topics: 10, partitions: 10 });
    expect(await lookUps({ topics: 100, partitions: 10 })).toBeLessThan(15 * one);
    expect(await lookUps({ topics: 1000, partitions: 10 })).toBeLessThan(150 * one);
  });

  it('puts nothing on a signal for a fetch: what it brought would live up to the next full collection', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
    await using consumer = await SimpleConsumer.start(client.topic('orders'));
    const read = async (): Promise<void> => {
      cluster.topic('orders').append({ value: 'a' });
      expect(valueOf(await consumer.consume())).toBe('a');
    };
    await read();
    await expectNoListener(consumer, read);
  });

  it('puts nothing on a signal for a fetch of a share consumer either', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
    await using consumer = await ShareConsumer.start(client.topic('orders'), { consumerGroup: 'workers' });
    const read = async (): Promise<void> => {
      const next = consumer.consume();
      cluster.topic('orders').append({ value: 'a' });
      expect(valueOf(await next)).toBe('a');
    };
    // The group begins at the end, as it is when its first member asks.
    const first = consumer.consume();
    await vi.waitUntil(() => consumer.stats().fetches > 0, { timeout: 60_000 });
    cluster.topic('orders').append({ value: 'a' });
    await first;
    await expectNoListener(consumer, read);
  });
});
