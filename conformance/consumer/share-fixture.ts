import { type KafkaClient, ShareConsumer, type ShareConsumerOptions, type ShareMessage } from '@tskafka/consumer';
import { broker, type TestTopic, type TopicOptions } from '../broker.ts';
import { configureGroup, type GroupConfigs } from '../group-configs.ts';
import { write } from './fixture.ts';

/** The name of a share group that reads from the start, unless `configs` say otherwise. */
async function freshShareGroup(configs: GroupConfigs = {}): Promise<string> {
  const group = broker.freshName('share');
  const error = await configureGroup(group, { 'share.auto.offset.reset': 'earliest', 'share.assignment.interval.ms': '0', ...configs });
  if (error !== 0) throw new Error(`configuring ${group}: error ${error}`);
  return group;
}

/** A topic with these values, and a share group to read them. */
export async function shared(
  values: readonly string[],
  { configs = {}, ...options }: Omit<TopicOptions, 'configs'> & { readonly configs?: GroupConfigs } = {},
): Promise<{ topic: TestTopic; group: string }> {
  const topic = await broker.createTopic(options);
  await write(topic, values);
  return { topic, group: await freshShareGroup(configs) };
}

export function shareConsumer(
  client: KafkaClient,
  { topic, group }: { readonly topic: TestTopic; readonly group: string },
  options: Partial<ShareConsumerOptions> = {},
): Promise<ShareConsumer> {
  return ShareConsumer.start(client.topic(topic.name), { consumerGroup: group, ...options });
}

/** The next `count` messages, in the order of their offsets: a share group keeps none. */
export async function takeMessages(consumer: ShareConsumer, count: number): Promise<ShareMessage[]> {
  const messages: ShareMessage[] = [];
  while (messages.length < count) messages.push((await consumer.consume())!);
  return messages.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** `a x1`: what a message carries, and how often it was given to somebody. */
export function delivered(messages: readonly ShareMessage[]): string[] {
  return messages.map(({ value, deliveryCount }) => `${String(value)} x${deliveryCount}`);
}

/** A promise that a test settles itself. */
export function settledLater<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}
