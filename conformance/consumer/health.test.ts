import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { expect, it } from 'vitest';
import { until } from '../until.ts';
import { take, topicWith, useClient, values } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

it('health() and explain() say why a partition does not go on, and stats() what was fetched', async () => {
  const topic = await topicWith(values(0, 4));
  await using consumer = await SimpleConsumer.start(client.topic(topic.name));
  const state = () => consumer.health().partitions[0]!.state;
  expect([state(), consumer.stats().fetches]).toEqual(['reading', 0]);
  await take(consumer, 2);
  expect(consumer.health()).toMatchObject({ isHealthy: true, partitions: [{ partition: 0, position: 2, state: 'queued', lag: 2 }] });
  consumer.pause();
  expect(consumer.explain()).toContain(`${topic.name}/0 at 2, 2 to go: paused`);
  consumer.resume();
  await take(consumer, 2);
  const last = consumer.consume().catch(() => {});
  await until('it has caught up', () => Promise.resolve(state() === 'caught up'));
  expect(consumer.stats()).toMatchObject({ failedFetches: 0, queuedBytes: 0 });
  expect(consumer.stats().fetchedBytes).toBeGreaterThan(200);
  await consumer.close();
  await last;
  expect(consumer.explain()).toContain('the consumer is closed');
});
