import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { deleteTopics, valuesOf } from '@tskafka/core';
import { expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { connect, stored, take, topicWith, useClient, values } from './fixture.ts';

/** Others than the consumers' own client, which learns of nothing by them. */
let admin: KafkaClient;
useClient((connected) => (admin = connected));

/** Resolves once no node knows it: each hears of a deletion before it hears of the topic that was made after it. */
async function remove({ name }: TestTopic): Promise<void> {
  valuesOf(await deleteTopics(admin, [name]));
  await broker.createTopic();
}

it('stores nothing of a topic in one that was made anew under its name', async () => {
  await using client = await connect();
  const topic = await topicWith(values(0, 4));
  const consumerGroup = `anew-${topic.name}`;
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
  await take(consumer, 3);
  await consumer.stop();
  await remove(topic);
  await broker.createTopic({ name: topic.name });
  await expect(consumer.commitOffsets()).rejects.toMatchObject({ errorName: expect.stringMatching(/^UNKNOWN_TOPIC/) as string });
  await expect(consumer.commitOffsets([[0, 2]])).rejects.toThrow('created again');
  expect(await stored(consumerGroup, topic)).toBeUndefined();
});

it('stores the offsets of its other topics when one is deleted, and tells of that one at once', async () => {
  await using client = await connect({ topicTimeoutMs: 28_000 });
  const [kept, gone] = [await topicWith(values(0, 2)), await topicWith(values(0, 2))];
  const consumerGroup = `deleted-${gone.name}`;
  await using consumer = await SimpleConsumer.start(client, { topics: [kept.name, gone.name], consumerGroup });
  await take(consumer, 4);
  await consumer.stop();
  await remove(gone);
  const start = performance.now();
  await expect(consumer.commitOffsets()).rejects.toMatchObject({ errorName: expect.stringMatching(/^UNKNOWN_TOPIC/) as string });
  expect(performance.now() - start).toBeLessThan(25_000);
  expect(await stored(consumerGroup, kept)).toBe(2);
});
