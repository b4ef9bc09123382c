import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { startKafka } from '@tskafka/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';

/** What a test of somebody else's project sees: the mock, or the Kafka that one environment variable names. */
const start = () => startKafka({ target: broker.kind === 'mock' ? 'mock' : broker.bootstrap });

afterAll(() => broker.closeWires());

describe('one test on the mock and on a real Kafka', () => {
  it('creates topics, reads them and knows what a group has committed', async () => {
    await using kafka = await start();
    const topic = await kafka.createTopic({ prefix: 'orders', partitions: 2, configs: { 'retention.ms': '-1' } });
    expect(await kafka.createTopic({ prefix: 'orders' })).not.toBe(topic);
    await using client = await KafkaClient.connect(kafka);
    await using producer = await Producer.start(client);
    await producer.send({ topic, partition: 0, key: 'a', value: '1', headers: { trace: '7' } });
    await producer.send({ topic, partition: 1, value: null });
    await producer.send({ topic, partition: 0, value: '2' });
    const read = (await kafka.records(topic)).map(({ partition, offset, key, value }) => [
      partition,
      offset,
      key && `${key}`,
      value && `${value}`,
    ]);
    expect(read).toEqual([
      [0, 0, 'a', '1'],
      [0, 1, null, '2'],
      [1, 0, null, null],
    ]);
    const group = broker.freshName('group');
    expect(await kafka.committed(group, topic, 0)).toBeUndefined();
    await using consumer = await SimpleConsumer.start(client.topic(topic), { consumerGroup: group });
    await consumer.commitOffsets([[0, 2]]);
    expect(await kafka.committed(group, topic, 0)).toBe(2);
    expect(await kafka.committed(group, topic, 1)).toBeUndefined();
  });

  it('waits for records, and says what is there instead', async () => {
    await using kafka = await start();
    const topic = await kafka.createTopic();
    await using client = await KafkaClient.connect(kafka);
    await using producer = await Producer.start(client);
    const waiting = kafka.waitForRecords(topic, 1, { where: ({ value }) => String(value) === 'b' });
    await producer.send({ topic, value: 'a' });
    await producer.send({ topic, value: 'b' });
    expect((await waiting).map(({ offset }) => offset)).toEqual([1]);
    await expect(kafka.waitForRecords(topic, 3, { timeoutMs: 50 })).rejects.toThrow(
      `after 50 ms: 2 of 3 expected records have arrived. '${topic}' holds 2:\n  0@0 null -> "a"\n  0@1 null -> "b"`,
    );
    await expect(kafka.records(broker.freshName('missing'))).rejects.toThrow();
  });

  it('refuses topics of a fixed name, which on a real Kafka might be somebody’s', async () => {
    await expect(startKafka({ target: 'mock', topics: { orders: 1 } } as never)).rejects.toThrow('startKafka takes no topics');
  });
});
