import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { afterAll, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOfValues } from '../requests.ts';
import { describeGroupOffsets } from './group-oracle.ts';

afterAll(() => broker.closeWires());

it('message 4 consumed and committed: the broker stores 5, as Java sees it, and the next start delivers 5', async () => {
  const topic = await broker.createTopic();
  await append(await broker.leaderWire(topic), topic, batchOfValues('0', '1', '2', '3', '4', '5', '6'));
  const group = broker.freshName('group');
  await using client = await KafkaClient.connect({ brokers: broker.bootstrap });
  const start = () => SimpleConsumer.start(client.topic(topic.name), { consumerGroup: group });
  const stored = (currentOffset: number) => [{ topic: topic.name, partition: 0, currentOffset, logEndOffset: 7, lag: 7 - currentOffset }];

  const consumer = await start();
  for (let i = 0; i <= 4; i++) expect((await consumer.consume())!.offset).toBe(i);
  await consumer.commitOffsets();
  expect(await describeGroupOffsets(group)).toEqual(stored(5));
  await using next = await start();
  expect((await next.consume())!.offset).toBe(5);
  await consumer.commitOffsets([[0, 3]]);
  expect(await describeGroupOffsets(group)).toEqual(stored(3)); // the number that is given is the next one to read, too
  await consumer.close();

  await using again = await start();
  expect((await again.consume())!.offset).toBe(3);
});
