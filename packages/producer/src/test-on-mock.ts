import { type ClientOptions, KafkaClient, type MessageToSend, type Transport } from '@tskafka/core';
import { MockCluster, type MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { expect, onTestFinished } from 'vitest';
import type { ProducerOptions } from './options.ts';
import { Producer } from './producer.ts';

interface Setup extends ProducerOptions {
  readonly cluster?: MockClusterOptions;
  readonly client?: Partial<ClientOptions>;
  readonly wrap?: (transport: Transport) => Transport;
}

/** For tests: a cluster of one broker with `orders`, a client and a producer, all in virtual time, and closed when the test is over. */
export async function startOnMock({ cluster: clusterOptions, client: clientOptions, wrap = (same) => same, ...options }: Setup = {}) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock, ...clusterOptions });
  const transport = wrap(cluster.transport);
  const client = await KafkaClient.connect({ brokers: cluster.brokers, transport, clock, random: () => 0.5, ...clientOptions });
  const producer = await Producer.start(client, options);
  onTestFinished(async () => {
    await producer.close({ timeoutMs: 1 }).catch(() => {});
    await client.close();
    await cluster.close();
  });
  /** The values in the log of `orders`, in order. */
  const log = (partition?: number): string[] =>
    cluster
      .topic('orders')
      .records(partition === undefined ? {} : { partition })
      .map(({ value }) => String(value));
  const requestCount = (): number => cluster.requests({ api: 'Produce' }).length;
  return { clock, cluster, client, producer, log, requestCount };
}

export const order = (value: string): MessageToSend => ({ topic: 'orders', value });
export const values = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `v${from + i}`);

/** What the promise rejects with; that it resolves fails the test. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`it resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
