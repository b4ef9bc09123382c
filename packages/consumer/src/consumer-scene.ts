// For tests of a consumer: a cluster in virtual time, the consumer, and what brokers were asked and answered.
import { type ClientOptions, KafkaClient } from '@tskafka/core';
import { MockCluster, type MockClusterOptions, type MockTopic, type ResponseOf, VirtualClock } from '@tskafka/testing';
import { afterEach } from 'vitest';
import type { SimpleConsumerOptions } from './options.ts';
import { SimpleConsumer } from './simple-consumer.ts';
import { seededRandom, valueOf } from './test-records.ts';

export let clock: VirtualClock;
export let cluster: MockCluster;
export let client: KafkaClient;
export let topic: MockTopic;
export let consumer: SimpleConsumer;

afterEach(async () => {
  await consumer?.close();
  await client?.close();
  await cluster?.close();
});

export interface Setup {
  readonly consumer?: SimpleConsumerOptions;
  readonly cluster?: MockClusterOptions;
  readonly client?: Partial<ClientOptions>;
  readonly partitions?: number;
  /** Done before the consumer starts. */
  readonly before?: () => void;
  /** How long the start may take. Default 5000 ms. */
  readonly startMs?: number;
}

/** A cluster in virtual time whose broker 1 leads all of the topic `orders`, and a consumer that has not begun to read. */
export async function setUp(options: Setup = {}): Promise<void> {
  const { partitions = 1, before, startMs = 5000 } = options;
  clock = new VirtualClock();
  const common = { clock, random: seededRandom() };
  cluster = await MockCluster.start({ topics: { orders: partitions }, autoCreateTopics: false, ...common, ...options.cluster });
  topic = cluster.topic('orders');
  for (let partition = 0; partition < partitions; partition++) topic.moveLeader(partition, 1);
  before?.();
  client = await within(
    1000,
    KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, ...common, ...options.client }),
  );
  consumer = await within(startMs, SimpleConsumer.start(client.topic('orders'), options.consumer));
}

/** The promise's outcome, with virtual time passing in small steps until it is there. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  await clock.advance(0);
  for (let passed = 0; !isSettled && passed < ms; passed += 5) await clock.advance(5);
  if (!isSettled) throw new Error(`nothing has settled within ${ms} ms`);
  return promise;
}

export const next = (ms = 1000) => within(ms, consumer.consume()).then(valueOf);
export const fetches = () => cluster.requests({ api: 'Fetch' });
export const asked = () =>
  fetches().map(({ broker, request }) => ({
    broker,
    partitions: request.topics.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)),
    maxWaitMs: request.maxWaitMs,
  }));

export type FetchResponse = ResponseOf<'Fetch'>;

/** Changes the answers to the next fetches. */
export function answer(change: (response: FetchResponse) => void, times = 1): void {
  cluster.intercept('Fetch', async (call) => {
    const isChanged = times-- > 0;
    const response = await call.pass();
    if (isChanged && response !== undefined) change(response);
    return response;
  });
}

/** Changes what the next answers say of the first partition in them. */
export function answerOf0(
  change: (partition: Omit<FetchResponse['responses'][number]['partitions'][number], 'records'> & { records: Buffer }) => void,
  times = 1,
): void {
  answer(({ responses }) => change(responses[0]!.partitions[0]! as never), times);
}
