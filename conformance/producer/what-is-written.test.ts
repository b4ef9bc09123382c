import type { KafkaClient } from '@tskafka/consumer';
import { readBatches } from '@tskafka/core/protocol';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { afterAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { messagesOf, useClient } from '../consumer/fixture.ts';
import { fetchFrom } from '../requests.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));
afterAll(() => broker.closeWires());

/** `BuiltInPartitioner.partitionForKey` of kafka-clients 4.3.1, of 12 partitions. */
const javas: readonly (readonly [key: string, partition: number])[] = [
  ['', 9],
  ['a', 4],
  ['user-1', 8],
  ['user-2', 8],
  ['orders', 0],
  ['schlüssel', 0],
  ['鍵', 0],
  ['🔑', 11],
  ['null', 11],
  ['00000000-0000-0000-0000-000000000000', 9],
];

describe('keys', () => {
  it('are where Java puts them, as text and as bytes', async () => {
    const topic = await broker.createTopic({ partitions: 12 });
    await using producer = await Producer.start(client);
    const send = (key: string | Uint8Array) => producer.send({ topic: topic.name, key, value: '' });
    const placed = await Promise.all(javas.flatMap(([key]) => [send(key), send(new Uint8Array(Buffer.from(key)))]));
    expect(placed.map(({ partition }) => partition)).toEqual(javas.flatMap(([, partition]) => [partition, partition]));
  });

  it('a message without one names its partition, or is spread', async () => {
    const topic = await broker.createTopic({ partitions: 2 });
    await using producer = await Producer.start(client);
    expect(await producer.send({ topic: topic.name, value: '', partition: 1 })).toMatchObject({ partition: 1, offset: 0 });
    const many = await producer.sendBatch(Array.from({ length: 500 }, () => ({ topic: topic.name, value: 'x'.repeat(1000) })));
    expect(new Set(many.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
  });
});

/** The codecs and sizes of a topic's batches. */
async function batchesOf(topic: TestTopic) {
  const wire = await broker.leaderWire(topic);
  const { records } = await fetchFrom(wire, 12, topic, 0);
  wire.close();
  return readBatches(records!);
}

const value = Array.from({ length: 2000 }, (_, i) => `line ${i % 97} of ${i * 31}`).join('\n');

async function written(options: ProducerOptions, topic: TestTopic) {
  await using producer = await Producer.start(client, options);
  await producer.send({ topic: topic.name, value });
  const [batch] = await batchesOf(topic);
  return batch!;
}

describe('compression', () => {
  it.each([
    ['gzip', 1, 9],
    ['lz4', 1, 17],
    ['zstd', -100, 22],
  ] as const)('%s has levels: %i writes more than %i, and both are read', async (codec, low, high) => {
    const [least, most] = [await broker.createTopic(), await broker.createTopic()];
    const [large, small] = [
      await written({ compression: { codec, level: low } }, least),
      await written({ compression: { codec, level: high } }, most),
    ];
    expect([large.compression, small.compression]).toEqual([codec, codec]);
    expect(small.records.length).toBeLessThan(large.records.length);
    for (const topic of [least, most])
      expect((await messagesOf(client, topic.name)).map((message) => String(message.value))).toEqual([value]);
  });

  it('may be another one for a topic', async () => {
    const [plain, zstd, none] = [await broker.createTopic(), await broker.createTopic(), await broker.createTopic()];
    const topicCompression = { [zstd.name]: { codec: 'zstd', level: 3 }, [none.name]: 'none' } as const;
    const codecs = [plain, zstd, none].map(async (topic) => (await written({ compression: 'gzip', topicCompression }, topic)).compression);
    expect(await Promise.all(codecs)).toEqual(['gzip', 'zstd', 'none']);
  });
});

describe('timestamps', () => {
  it.each([new Date(1_700_000_000_123), 1_700_000_000_123])('are those of the message: %s', async (timestamp) => {
    const topic = await broker.createTopic();
    await using producer = await Producer.start(client);
    expect(await producer.send({ topic: topic.name, value: '', timestamp })).toMatchObject({ timestamp: 1_700_000_000_123 });
    expect(await messagesOf(client, topic.name)).toMatchObject([{ timestamp: 1_700_000_000_123, timestampType: 'createTime' }]);
  });

  it('are now where a message has none', async () => {
    const topic = await broker.createTopic();
    await using producer = await Producer.start(client);
    const before = Date.now();
    const { timestamp } = await producer.send({ topic: topic.name, value: '' });
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now());
  });

  it("are the broker's where the topic wants that", async () => {
    const topic = await broker.createTopic({ configs: { 'message.timestamp.type': 'LogAppendTime' } });
    await using producer = await Producer.start(client);
    const { timestamp } = await producer.send({ topic: topic.name, value: '', timestamp: 7 });
    expect(timestamp).toBeGreaterThan(1_700_000_000_000);
    expect(await messagesOf(client, topic.name)).toMatchObject([{ timestamp, timestampType: 'logAppendTime' }]);
  });
});
