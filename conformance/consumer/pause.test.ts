import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';
import { stored, take, topicWith, useClient, values } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** Partition 0 has a batch with 0 to 3 and one with 4 to 7; partition 1 has the letters. */
async function twoPartitions(): Promise<TestTopic> {
  const topic = await broker.createTopic({ partitions: 2 });
  const put = async (partition: number, ...batches: string[][]): Promise<void> => {
    const wire = await broker.leaderWire(topic, partition);
    for (const batch of batches) await append(wire, topic, batchOf(batch.map((value) => ({ value }))), { partition });
    wire.close();
  };
  await put(0, values(0, 4), values(4, 8));
  await put(1, ['a', 'b']);
  return topic;
}

describe('pause and resume', () => {
  it('F13: hands out nothing of a paused partition, though it was fetched, and goes on without a gap', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { partitions: [0], consumerTimeoutMs: 2000 });
    expect(await take(consumer, 2)).toEqual(['0', '1']);
    consumer.pause();
    expect(await consumer.consume()).toBeUndefined();
    expect([consumer.paused, consumer.position(0)]).toEqual([[{ topic: topic.name, partition: 0 }], 2]);
    consumer.resume([0]);
    expect(await take(consumer, 6)).toEqual(values(2, 8));
    expect(consumer.paused).toEqual([]);
  });

  it('F13: lets the other partitions flow', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerTimeoutMs: 300 });
    consumer.pause([0]);
    expect(await take(consumer, 2)).toEqual(['a', 'b']);
    expect(await consumer.consume()).toBeUndefined();
    consumer.resume();
    expect(await take(consumer, 8)).toEqual(values(0, 8));
  });

  it('F13: ends a batch that is being iterated, and hands out the rest of it after resume()', async () => {
    const topic = await twoPartitions();
    const options = { partitions: [0], until: 'latest' } as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    const seen: string[] = [];
    for await (const batch of consumer.batches()) {
      for (const { value, offset } of batch) {
        seen.push(String(value));
        if (offset === 1) consumer.pause();
      }
      seen.push('|');
      consumer.resume();
    }
    expect(seen.join('')).toBe('01|23|4567|');
  });

  it('F12: jumps while paused, and hands out what is there after resume()', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { partitions: [0], consumerTimeoutMs: 300 });
    await take(consumer, 1);
    consumer.pause();
    await consumer.resetOffsets([[0, 6]]);
    expect(await consumer.consume()).toBeUndefined();
    consumer.resume();
    expect(await take(consumer, 2)).toEqual(['6', '7']);
  });

  it('stays paused over stop() and start()', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { partitions: [0], consumerTimeoutMs: 300 });
    await take(consumer, 1);
    consumer.pause();
    await consumer.stop();
    await consumer.start();
    expect(await consumer.consume()).toBeUndefined();
    consumer.resume();
    expect(await take(consumer, 1)).toEqual(['1']);
  });

  it('refuses a partition that is not its own', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { partitions: [0] });
    expect(() => consumer.pause([1])).toThrow(RangeError);
  });
});

describe('seek', () => {
  it('jumps to a place in all partitions', async () => {
    const topic = await topicWith(values(0, 8).map((value, i) => ({ value, timestamp: (i + 1) * 1000 })));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    await take(consumer, 1);
    await consumer.seek({ timestamp: 6500 });
    expect(await take(consumer, 1)).toEqual(['6']);
    await consumer.seek({ last: 1 });
    expect(await take(consumer, 1)).toEqual(['7']);
  });
});

describe('endOffsets and lag', () => {
  it('tell how far there is to go', async () => {
    const topic = await twoPartitions();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    await consumer.resetOffsets([[0, 3]]);
    const { name } = topic;
    expect(await consumer.endOffsets()).toEqual([
      { topic: name, partition: 0, offset: 8 },
      { topic: name, partition: 1, offset: 2 },
    ]);
    expect(await consumer.lag()).toEqual([
      { topic: name, partition: 0, lag: 5 },
      { topic: name, partition: 1, lag: 2 },
    ]);
  });
});

describe('commitOffsets', () => {
  it('F16: keeps the metadata that is given with an offset', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await consumer.commitOffsets([[0, { offset: 5, metadata: 'by hand' }]]);
    expect(await consumer.committed()).toMatchObject([{ partition: 0, offset: 5, metadata: 'by hand' }]);
  });

  it('F15: keeps the order of the calls, in the background and not: what is said last is stored last', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await take(consumer, 5);
    const commits = [
      consumer.commitOffsets([[0, 1]]), // the others wait for it
      consumer.commitOffsets(undefined, { background: true }),
      consumer.commitOffsets([[0, 2]]),
      consumer.commitOffsets(undefined, { background: true }),
    ];
    await Promise.all(commits);
    await until('the last of them is stored', async () => (await stored(consumerGroup, topic)) === 5);
    await consumer.commitOffsets([[0, 3]]);
    expect(await stored(consumerGroup, topic)).toBe(3);
  });
});
