import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { take, topicWith, useClient, values } from '../consumer/fixture.ts';
import { describeGroupOffsets } from './group-oracle.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('what the consumer commits', () => {
  it('F16: is read by Kafka’s own ConsumerGroupCommand: 5 after message 4, with a lag of what is left', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await take(consumer, 5);
    await consumer.commitOffsets();
    expect(await describeGroupOffsets(consumerGroup)).toEqual([
      { topic: topic.name, partition: 0, currentOffset: 5, logEndOffset: 8, lag: 3 },
    ]);
  });

  it('is what ConsumerGroupCommand sets: the next consumer begins there', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    const reset = ['--group', consumerGroup, '--topic', topic.name, '--reset-offsets', '--to-offset', '6', '--execute'];
    const { code, stderr } = await broker.kafka!.tool('ConsumerGroupCommand', reset);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    expect(await take(consumer, 1)).toEqual(['6']);
  });
});
