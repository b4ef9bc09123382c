import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { createTopics, deleteTopics, valuesOf } from '@tskafka/core';
import { expect, it } from 'vitest';
import type { TestTopic } from '../broker.ts';
import { until } from '../until.ts';
import { connect, stored, take, topicWith, useClient, values } from './fixture.ts';

/** Others than the consumers' own client, which learns of nothing by them. */
let admin: KafkaClient;
useClient((connected) => (admin = connected));

const exists = async (name: string): Promise<boolean> => (await admin.topics()).includes(name);

async function remove({ name }: TestTopic): Promise<void> {
  valuesOf(await deleteTopics(admin, [name]));
  await until(`${name} is gone`, async () => !(await exists(name)));
}

it('stores nothing of a topic in one that was made anew under its name', async () => {
  await using client = await connect();
  const topic = await topicWith(values(0, 4));
  const consumerGroup = `anew-${topic.name}`;
  await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
  await take(consumer, 3);
  await consumer.stop();
  await remove(topic);
  valuesOf(await createTopics(admin, [{ name: topic.name, partitions: 1, replicationFactor: 1 }]));
  await until(`${topic.name} is back`, () => exists(topic.name));
  await expect(consumer.commitOffsets()).rejects.toMatchObject({ errorName: expect.stringMatching(/^UNKNOWN_TOPIC/) as string });
  await expect(consumer.commitOffsets([[0, 2]])).rejects.toThrow('made anew');
  expect(await stored(consumerGroup, topic)).toBeUndefined();
});

it('stores the offsets of its other topics when one is deleted, and tells of that one at once', async () => {
  await using client = await connect({ topicTimeoutMs: 25_000 });
  const [kept, gone] = [await topicWith(values(0, 2)), await topicWith(values(0, 2))];
  const consumerGroup = `deleted-${gone.name}`;
  await using consumer = await SimpleConsumer.start(client, { topics: [kept.name, gone.name], consumerGroup });
  await take(consumer, 4);
  await consumer.stop();
  await remove(gone);
  const start = performance.now();
  await expect(consumer.commitOffsets()).rejects.toMatchObject({ errorName: expect.stringMatching(/^UNKNOWN_TOPIC/) as string });
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(await stored(consumerGroup, kept)).toBe(2);
});
