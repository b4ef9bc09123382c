import { ShareConsumer, type ShareConsumerOptions, type ShareMessage } from '@tskafka/consumer';
import { apis, type ShareFetchResponse } from '@tskafka/core/protocol';
import type { MockClusterOptions } from '@tskafka/testing';
import { beforeEach, onTestFinished } from 'vitest';
import { addressOf } from '../address.ts';
import { Wire } from '../wire.ts';
import { Scene } from './scene.ts';

/** Members of share groups (KIP-932) and what may go wrong around them. */

export const lockMs = 30_000;
export const explicit: Partial<ShareConsumerOptions> = { acknowledgementMode: 'explicit' };

/** The scene of the running test. */
export let scene: Scene;

/** Each test of the file that calls it has a scene of its own. */
export function useShareScene(): void {
  beforeEach(() => begin());
}

/** A topic with the messages 0 to 3, and a group that reads it from its start. */
export async function begin(options: MockClusterOptions = {}): Promise<void> {
  const configs = { 'group.share.assignment.interval.ms': '0', ...options.configs };
  const begun = await Scene.start({ topics: { orders: { partitions: 1, replicationFactor: 3 } }, ...options, configs });
  onTestFinished(() => begun[Symbol.asyncDispose]());
  scene = begun;
  await scene.connect();
  const wire = await Wire.connect(scene.cluster.transport, addressOf(scene.cluster.brokers[0]!));
  const entries = [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }];
  const resources = [{ resourceType: 32, resourceName: 'workers', configs: entries }];
  await wire.send(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
  wire.close();
  for (const value of ['0', '1', '2', '3']) scene.cluster.topic('orders').append({ value, partition: 0 });
}

export const append = (...values: string[]): void => void scene.cluster.topic('orders').append(...values);
export const within = <T>(promise: Promise<T>, ms = 60_000): Promise<T> => scene.settledWithin(promise, ms);
export const group = () => scene.cluster.group('workers');
export const leader = () => scene.cluster.topic('orders').partition(0).leader;

export async function join(options: Partial<ShareConsumerOptions> = {}): Promise<ShareConsumer> {
  const source = options.topics === undefined ? scene.client.topic('orders') : scene.client;
  const consumer = new ShareConsumer(source, { consumerGroup: 'workers', ...options });
  onTestFinished(() => within(consumer.close()));
  await within(consumer.start());
  return consumer;
}

export async function take(consumer: ShareConsumer, count: number): Promise<ShareMessage[]> {
  const messages: ShareMessage[] = [];
  while (messages.length < count) messages.push((await within(consumer.consume()))!);
  return messages.sort((a, b) => a.offset - b.offset);
}

/** The same, though the reader may be told of errors meanwhile. */
export async function takeWhileTold(consumer: ShareConsumer, count: number): Promise<ShareMessage[]> {
  const messages: ShareMessage[] = [];
  while (messages.length < count) {
    const message = await within(consumer.consume()).catch(() => undefined);
    if (message !== undefined) messages.push(message);
  }
  return messages;
}

/** Changes the next answer that has something to say of a partition. */
export function rewriteNextFetch(change: (answer: ShareFetchResponse) => ShareFetchResponse): void {
  const interception = scene.cluster.intercept('ShareFetch', async (call) => {
    const answer = (await call.pass()) as ShareFetchResponse | undefined;
    if (answer === undefined || answer.responses.length === 0) return answer as never;
    interception.stop();
    return change(answer) as never;
  });
}

export const delivered = (messages: readonly ShareMessage[]): string[] =>
  messages.map(({ value, deliveryCount }) => `${String(value)} x${deliveryCount}`);

/** Lets virtual time pass until it is so. */
export async function until(isTrue: () => boolean, ms = 120_000): Promise<void> {
  for (let passed = 0; !isTrue(); passed += 50) {
    if (passed > ms) throw new Error(`${ms} ms have passed, and still not: ${String(isTrue)}`);
    await scene.clock.advance(50);
  }
}
