import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { messagesOf, settled, take, topicWith, useClient, values } from '../consumer/fixture.ts';
import { moveCoordinator } from '../coordinators.ts';
import { visibleOffset } from '../transactions/transactional-producer.ts';

/** Coordinators that move away from who knew them, without a member: transactions, and offsets of a group. */

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('a transaction whose coordinator moves', () => {
  it.each(['commit', 'abort'] as const)('P23: is completed at the next one: %s', async (end) => {
    const { name: topic } = await broker.createTopic({ partitions: 2 });
    const transactionalId = broker.freshName('transactional');
    await using producer = await Producer.start(client, { transactionalId });
    const transaction = await producer.transaction();
    await transaction.send({ topic, partition: 0, value: 'before' });
    await moveCoordinator(transactionalId, 'transaction');
    await transaction.send({ topic, partition: 1, value: 'after' });
    await transaction[end]();
    await settled(client, topic);
    const written = (await messagesOf(client, topic)).map(({ value }) => String(value)).sort();
    expect(written).toEqual(end === 'commit' ? ['after', 'before'] : []);
  });
});

describe('where a group has come', () => {
  it('F17: is asked of the next coordinator when the last one has moved: no group is taken for a new one', async () => {
    const topic = await topicWith(values(0, 5));
    const consumerGroup = broker.freshName('group');
    await using first = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await take(first, 3);
    await first.commitOffsets();
    await moveCoordinator(consumerGroup);
    await using next = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    expect(await take(next, 2)).toEqual(['3', '4']);
  });

  it('F17: is waited for while a transaction may change it', async () => {
    const topic = await topicWith(values(0, 5));
    const consumerGroup = broker.freshName('group');
    await using producer = await Producer.start(client, { transactionalId: broker.freshName('transactional') });
    const transaction = await producer.transaction();
    await transaction.sendOffsets({ consumerGroup, offsets: [{ topic: topic.name, partition: 0, offset: 3 }] });
    let isStarted = false;
    const starting = SimpleConsumer.start(client.topic(topic.name), { consumerGroup }).finally(() => (isStarted = true));
    expect(await visibleOffset(consumerGroup, topic)).toBe(-1);
    expect(isStarted).toBe(false);
    await transaction.commit();
    await using consumer = await starting;
    expect(await take(consumer, 2)).toEqual(['3', '4']);
  });
});
