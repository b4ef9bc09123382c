import { type KafkaClient, lastMessages, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { drain, useClient, write } from '../consumer/fixture.ts';
import { until } from '../until.ts';
import { TransactionalProducer } from './transactional-producer.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('a consumer of transactions', () => {
  it('F9, F10: gives what was committed, and nothing that is open or was aborted', async () => {
    const topic = await broker.createTopic();
    const [one, two] = [await TransactionalProducer.start(1), await TransactionalProducer.start(1)];
    await one.write(topic, ['a1']);
    await two.write(topic, ['b1']);
    await one.write(topic, ['a2']);
    await one.end(false);
    await two.write(topic, ['b2']);
    await two.end(true);
    await write(topic, ['plain']);
    await one.write(topic, ['a3']);
    await one.end(true);
    await two.write(topic, ['b3']);
    await two.end(false);

    await until('the last marker is there', async () => (await client.topic(topic.name).offsets('latest')).get(0) === 11);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    expect(await drain(consumer)).toEqual(['b1', 'b2', 'plain', 'a3']);
    // Behind the marker, which nobody sees: a group that commits here has no lag.
    expect(consumer.position(0)).toBe(11);
    await using all = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest', isolation: 'read_uncommitted' });
    expect(await drain(all)).toEqual(['a1', 'b1', 'a2', 'b2', 'plain', 'a3', 'b3']);
  });

  it('F10: waits for the end of a transaction, and then gives what is behind it', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(1);
    await producer.write(topic, ['open']);
    await write(topic, ['behind']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    const message = consumer.consume();
    await producer.end(false);
    expect(String((await message)?.value)).toBe('behind');
  });

  it('F9: a hundred aborted transactions are passed by', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(1);
    for (let i = 0; i < 100; i++) {
      await producer.write(topic, ['x']);
      await producer.end(false);
    }
    await write(topic, ['end']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    expect(String((await consumer.consume())?.value)).toBe('end');
    expect(consumer.position(0)).toBe(201);
  });

  it('the last N step over markers: offsets are not counts', async () => {
    const topic = await broker.createTopic();
    const producer = await TransactionalProducer.start(1);
    for (const value of ['0', '1', '2', '3', '4', '5']) {
      await producer.write(topic, [value]);
      await producer.end(Number(value) % 2 === 0);
    }
    await until('the last marker is there', async () => (await client.topic(topic.name).offsets('latest')).get(0) === 12);
    expect((await lastMessages(client.topic(topic.name), 2)).map(({ value }) => String(value))).toEqual(['2', '4']);
  });
});
