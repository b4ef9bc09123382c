import { type KafkaClient, nodeStream, SimpleConsumer, webStream } from '@tskafka/consumer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { take, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const streams = [
  ['Node', nodeStream],
  ['Web', webStream],
] as const;

it.each(streams)('a %s stream gives the messages up to the end', async (_, streamOf) => {
  const topic = await topicWith(values(0, 5));
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
  const seen: string[] = [];
  for await (const message of streamOf(consumer)) seen.push(String((message as { value: Buffer }).value));
  expect(seen).toEqual(values(0, 5));
});

it.each(streams)('a %s stream gives batches', async (_, streamOf) => {
  const topic = await topicWith(values(0, 3));
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
  let count = 0;
  for await (const batch of streamOf(consumer.batches())) count += (batch as { count: number }).count;
  expect(count).toBe(3);
});

it.each(streams)('leaving a %s stream leaves the consumer where it is', async (_, streamOf) => {
  const topic = await topicWith(values(0, 3));
  await using consumer = await SimpleConsumer.start(client.topic(topic.name));
  for await (const message of streamOf(consumer)) {
    expect(String((message as { value: Buffer }).value)).toBe('0');
    break;
  }
  expect(await take(consumer, 2)).toEqual(['1', '2']);
});

it.each<[of: string, sourceOf: (consumer: SimpleConsumer) => AsyncIterable<unknown>]>([
  ['messages', (consumer) => consumer],
  ['batches', (consumer) => consumer.batches()],
])('a stream of %s that is ended while it waits takes nothing of what comes then', async (_, sourceOf) => {
  const topic = await topicWith(['0']);
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 'latest' });
  const node = nodeStream(sourceOf(consumer)).on('data', () => {});
  const web = webStream(sourceOf(consumer)).getReader();
  const waiting = web.read();
  await nextTurn();
  node.destroy();
  await web.cancel();
  expect(await waiting).toMatchObject({ done: true });
  await write(topic, ['1', '2']);
  expect(await take(consumer, 2)).toEqual(['1', '2']);
});

it('a Node stream passes an error on', async () => {
  const topic = await topicWith(['good', 'bad']);
  const deserializer = (value: Buffer | null) => {
    if (String(value) === 'bad') throw new Error('cannot read it');
    return [String(value), null] as const;
  };
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer, until: 'latest' });
  const reading = (async () => {
    for await (const { value } of nodeStream(consumer) as AsyncIterable<{ value: string }>) expect(value).toBe('good');
  })();
  await expect(reading).rejects.toThrow('cannot read it');
});
