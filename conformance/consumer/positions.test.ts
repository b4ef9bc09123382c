import { type KafkaClient, type OffsetSpec, OffsetType, type PartitionKey, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { deleteBefore, stored, take, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('resetOffsets', () => {
  it.each<[what: string, place: OffsetSpec, next: string]>([
    ['an offset is the next message', 5, '5'],
    ['0 is the first', 0, '0'],
    ['an offset below the log’s start is the start', 2, '3'],
    ['EARLIEST is the start', OffsetType.EARLIEST, '3'],
    ['LATEST is what comes next', OffsetType.LATEST, '8'],
    ['the end is what comes next', 8, '8'],
    ['a time', { timestamp: 6500 }, '6'],
    ['the last two', { last: 2 }, '6'],
  ])('%s, whatever was fetched before', async (_, place, next) => {
    const topic = await topicWith(values(0, 8).map((value, i) => ({ value, timestamp: (i + 1) * 1000 })));
    const startsAtZero = next === '0';
    if (!startsAtZero) await deleteBefore(topic, 3);
    // Everything is in the queue before the jump, and autoOffsetReset points elsewhere.
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: { last: 4 } });
    expect(await take(consumer, 1)).toEqual(['4']);
    await consumer.resetOffsets([[0, place]]);
    expect(String(consumer.position(0))).toBe(next);
    await write(topic, ['8']);
    expect(await take(consumer, 1)).toEqual([next]);
  });

  it('without places goes to autoOffsetReset', async () => {
    const topic = await topicWith(values(0, 4));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    await take(consumer, 3);
    await consumer.resetOffsets();
    expect(await take(consumer, 1)).toEqual(['0']);
  });

  it('jumps out of a long poll at once', async () => {
    const topic = await topicWith(values(0, 4));
    const options = { autoOffsetReset: OffsetType.LATEST, fetchWaitMaxMs: 25_000 };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    const message = consumer.consume();
    await consumer.resetOffsets([[0, 2]]);
    expect(String((await message)?.value)).toBe('2');
  });

  it.each<[what: string, places: [PartitionKey, OffsetSpec][]]>([
    [
      'past the end',
      [
        [1, 0],
        [0, 9],
      ],
    ],
    [
      'below 0',
      [
        [1, 0],
        [0, -3],
      ],
    ],
    [
      'not whole',
      [
        [1, 0],
        [0, 1.5],
      ],
    ],
    [
      'of a partition that is not its own',
      [
        [1, 0],
        [2, 0],
      ],
    ],
  ])('refuses an offset %s with a RangeError, and moves nothing', async (_, places) => {
    const topic = await topicWith(values(0, 8), { partitions: 2 });
    await write(topic, ['other'], 1);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: OffsetType.LATEST });
    await expect(consumer.resetOffsets(places)).rejects.toThrow(RangeError);
    expect([consumer.position(0), consumer.position(1)]).toEqual([8, 1]);
  });

  it('never commits', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await take(consumer, 5);
    await consumer.commitOffsets();
    await consumer.resetOffsets([[0, 1]]);
    expect(await take(consumer, 1)).toEqual(['1']);
    expect(await stored(consumerGroup, topic)).toBe(5);
    // A commit that is asked for does move back.
    await consumer.commitOffsets();
    expect(await stored(consumerGroup, topic)).toBe(2);
  });
});

describe('commitOffsets', () => {
  it('means by a number what resetOffsets means: the next message', async () => {
    const topic = await topicWith(values(0, 8));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await consumer.commitOffsets([[0, 5]]);
    expect(await stored(consumerGroup, topic)).toBe(5);
    await using next = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await consumer.resetOffsets([[0, 5]]);
    expect([await take(consumer, 1), await take(next, 1)]).toEqual([['5'], ['5']]);
  });

  it('stores where all partitions stand, also those of which nothing has come', async () => {
    const topic = await topicWith(values(0, 3), { partitions: 2 });
    await write(topic, ['old'], 1);
    const consumerGroup = broker.freshName('group');
    const options = { consumerGroup, autoOffsetReset: OffsetType.LATEST };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    await write(topic, ['new']);
    expect(await take(consumer, 1)).toEqual(['new']);
    await consumer.commitOffsets();
    expect([await stored(consumerGroup, topic, 0), await stored(consumerGroup, topic, 1)]).toEqual([4, 1]);
    expect([...consumer.heldOffsets]).toEqual([[0, 4], [1, 1]]); // prettier-ignore
  });

  it('takes the end of the log', async () => {
    const topic = await topicWith(values(0, 3));
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await consumer.commitOffsets([[0, 3]]);
    expect(await stored(consumerGroup, topic)).toBe(3);
  });

  it.each<[what: string, offsets: [PartitionKey, number][]]>([
    [
      'F16: -1',
      [
        [1, 0],
        [0, -1],
      ],
    ],
    [
      'past the end',
      [
        [1, 0],
        [0, 9999],
      ],
    ],
    [
      'not whole',
      [
        [1, 0],
        [0, 0.5],
      ],
    ],
    [
      'of a partition that is not its own',
      [
        [1, 0],
        [7, 0],
      ],
    ],
  ])('refuses %s with a RangeError, and stores nothing', async (_, offsets) => {
    const topic = await topicWith(values(0, 8), { partitions: 2 });
    const consumerGroup = broker.freshName('group');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup });
    await take(consumer, 5);
    await consumer.commitOffsets([[0, 5]]);
    await expect(consumer.commitOffsets(offsets)).rejects.toThrow(RangeError);
    expect([await stored(consumerGroup, topic, 0), await stored(consumerGroup, topic, 1)]).toEqual([5, undefined]);
  });

  it('needs a group', async () => {
    const topic = await topicWith(['0']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    await expect(consumer.commitOffsets()).rejects.toThrow(TypeError);
    await expect(consumer.committed()).rejects.toThrow(TypeError);
  });
});

describe('automatic commits', () => {
  it('store what was handed out, and not what was fetched, when the consumer ends', async () => {
    const topic = await topicWith(values(0, 8), { partitions: 2 });
    const options = { consumerGroup: broker.freshName('group'), autoCommitEnable: true };
    const consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    await take(consumer, 3);
    await consumer.close();
    expect([await stored(options.consumerGroup, topic, 0), await stored(options.consumerGroup, topic, 1)]).toEqual([3, undefined]);
  });

  it('come by themselves', async () => {
    const topic = await topicWith(values(0, 8));
    const options = { consumerGroup: broker.freshName('group'), autoCommitEnable: true, autoCommitIntervalMs: 50 };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    await take(consumer, 3);
    await expect.poll(() => stored(options.consumerGroup, topic), { timeout: 10_000 }).toBe(3);
    await take(consumer, 2);
    await expect.poll(() => stored(options.consumerGroup, topic), { timeout: 10_000 }).toBe(5);
  });
});

describe('the last R of each partition by hand, as the usage guide does it', () => {
  /** The guide's program, with `position - R` for its `last_offset_consumed - R`. */
  async function lastByHand(name: string, rewind: number): Promise<Map<number, string[]>> {
    const options = { autoOffsetReset: OffsetType.LATEST, resetOffsetOnStart: true, until: OffsetType.LATEST };
    await using consumer = await SimpleConsumer.start(client.topic(name), options);
    const offsets = [...consumer.partitions].map(([id, { position }]) => [id, position - rewind] as const);
    await consumer.resetOffsets(offsets.map(([id, offset]) => [id, offset > -1 ? offset : OffsetType.EARLIEST] as const));
    const read = new Map(offsets.map(([id]) => [id, [] as string[]]));
    for await (const { partition, value } of consumer) read.get(partition)!.push(String(value));
    return read;
  }

  it('gives exactly R of each', async () => {
    const topic = await topicWith(values(0, 8), { partitions: 2 });
    await write(topic, values(100, 104), 1);
    expect(await lastByHand(topic.name, 3)).toEqual(new Map([[0, ['5', '6', '7']], [1, ['101', '102', '103']]])); // prettier-ignore
  });

  it('gives all where R is more than the log holds', async () => {
    const topic = await topicWith(values(0, 8), { partitions: 2 });
    await write(topic, ['100'], 1);
    expect(await lastByHand(topic.name, 5)).toEqual(new Map([[0, ['3', '4', '5', '6', '7']], [1, ['100']]])); // prettier-ignore
  });

  it('gives what is left where the log no longer begins at 0', async () => {
    const topic = await topicWith(values(0, 8));
    await deleteBefore(topic, 6);
    expect(await lastByHand(topic.name, 5)).toEqual(new Map([[0, ['6', '7']]]));
  });
});

describe('stop and start', () => {
  it.each([
    ['without a group', false],
    ['with a group', true],
  ])('%s goes on behind the last message: none twice, none out of order', async (_, hasGroup) => {
    const topic = await topicWith(values(0, 8));
    const options = hasGroup ? { consumerGroup: broker.freshName('group') } : {};
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    const first = await take(consumer, 2);
    if (hasGroup) await consumer.commitOffsets();
    const second = await take(consumer, 2);
    await consumer.stop();
    await expect(consumer.consume()).rejects.toThrow('the consumer is stopped');
    await consumer.start();
    expect([...first, ...second, ...(await take(consumer, 4))]).toEqual(values(0, 8));
  });

  it('honours consumerTimeoutMs when all has been read', async () => {
    const topic = await topicWith(values(0, 2));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerTimeoutMs: 300 });
    await take(consumer, 2);
    await consumer.stop();
    await consumer.start();
    await expect(consumer.consume()).resolves.toBeUndefined();
  });

  it('keeps what resetOffsetOnStart has chosen once: only the first start resets', async () => {
    const topic = await topicWith(values(0, 8));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { resetOffsetOnStart: true });
    await take(consumer, 2);
    await consumer.stop();
    await consumer.start();
    expect(await take(consumer, 1)).toEqual(['2']);
  });
});
