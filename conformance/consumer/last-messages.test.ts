import { type KafkaClient, lastMessages, type LastMessagesOptions, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { deleteBefore, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected), { topicTimeoutMs: 500 });

async function last(topic: { name: string }, count: number, options?: LastMessagesOptions): Promise<string[]> {
  return (await lastMessages(client.topic(topic.name), count, options)).map(({ value }) => String(value));
}

/** m1 to m9, one after the other over three partitions. */
async function nineOverThree() {
  const topic = await broker.createTopic({ partitions: 3 });
  for (let i = 1; i <= 9; i++) await write(topic, [{ value: `m${i}`, timestamp: i * 1000 }], (i - 1) % 3);
  return topic;
}

describe('the last N messages in one line', () => {
  it('are the newest of all partitions, in the order of their times', async () => {
    const topic = await nineOverThree();
    expect(await last(topic, 4)).toEqual(['m6', 'm7', 'm8', 'm9']);
    expect(await last(topic, 9)).toEqual(Array.from({ length: 9 }, (_, i) => `m${i + 1}`));
  });

  it('keep the newest where N is no multiple of the partitions', async () => {
    expect(await last(await nineOverThree(), 1)).toEqual(['m9']);
    expect(await last(await nineOverThree(), 5)).toEqual(['m5', 'm6', 'm7', 'm8', 'm9']);
  });

  it('end with fewer where fewer are there, and with none of an empty topic', async () => {
    expect(await last(await topicWith(values(0, 3), { partitions: 2 }), 50)).toEqual(values(0, 3));
    expect(await last(await topicWith([]), 50)).toEqual([]);
    expect(await last(await topicWith(values(0, 3)), 0)).toEqual([]);
  });

  it('are what is left where the log no longer begins at 0', async () => {
    const topic = await topicWith(values(0, 8));
    await deleteBefore(topic, 6);
    expect(await last(topic, 5)).toEqual(['6', '7']);
  });

  it('begin within a batch', async () => {
    const topic = await broker.createTopic();
    await append(await broker.leaderWire(topic), topic, batchOf(values(0, 10).map((value) => ({ value }))));
    expect(await last(topic, 3)).toEqual(['7', '8', '9']);
  });

  it('never break the order of a partition, also where its times do', async () => {
    const topic = await topicWith(
      [3, 1, 2].map((n, i) => ({ value: `${i}`, timestamp: n * 1000 })),
      { partitions: 2 },
    );
    await write(topic, [{ value: 'other', timestamp: 1500 }], 1);
    expect(await last(topic, 3)).toEqual(['1', 'other', '2']);
    expect(await last(topic, 4)).toEqual(['other', '0', '1', '2']);
  });

  it('are taken of the partitions that are named, and before the offsets that are given', async () => {
    const topic = await nineOverThree();
    expect(await last(topic, 2, { partitions: [0] })).toEqual(['m4', 'm7']);
    expect(await last(topic, 2, { before: [[0, 2], [1, 2]] })).toEqual(['m4', 'm5']); // prettier-ignore
  });

  it('join without a gap or a repeat to what a consumer reads that started first', async () => {
    const topic = await nineOverThree();
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 'latest' });
    await write(topic, [{ value: 'm10', timestamp: 10_000 }]);
    expect(await last(topic, 2, { before: consumer.heldOffsets })).toEqual(['m8', 'm9']);
    expect(String((await consumer.consume())?.value)).toBe('m10');
  });

  it('refuse a count below 0, an option that does not exist, and a missing topic', async () => {
    const topic = await topicWith(['0']);
    await expect(last(topic, -1)).rejects.toThrow(RangeError);
    await expect(last(topic, 1, { consumerTimeoutMs: 1 } as never)).rejects.toThrow("lastMessages has no option 'consumerTimeoutMs'");
    await expect(last({ name: broker.freshName('missing') }, 1)).rejects.toThrow('UNKNOWN_TOPIC_OR_PARTITION');
    await expect(last(topic, 1, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
