import {
  BalancedConsumer,
  BrokerError,
  ClosedError,
  type KafkaClient,
  KafkaError,
  OffsetType,
  SimpleConsumer,
  type SimpleConsumerOptions,
} from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { commit } from '../requests.ts';
import { until } from '../until.ts';
import { deleteBefore, drain, stored, take, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected), { topicTimeoutMs: 500 });

/** Commits for a group, as a program would that ran before. */
async function commitBefore(group: string, topic: { name: string; id: string }, offset: number, partitions = [0]): Promise<void> {
  const wire = await broker.coordinatorWire(group);
  for (const partition of partitions) expect(await commit(wire, 7, group, topic, offset, { partition })).toBe(0);
  wire.close();
}

describe('where a consumer starts in a log of 0 to 7', () => {
  const end = 8;
  const { EARLIEST, LATEST } = OffsetType;

  // The usage guide's rule. Its "last committed offset was 4" is a commit of 5: the next one to read.
  it.each([
    ['no group', false, EARLIEST, 0],
    ['no group', false, LATEST, end],
    ['no group', true, EARLIEST, 0],
    ['no group', true, LATEST, end],
    ['a new group', false, EARLIEST, 0],
    ['a new group', false, LATEST, end],
    ['a new group', true, EARLIEST, 0],
    ['a new group', true, LATEST, end],
    ['an existing group', false, EARLIEST, 5],
    ['an existing group', false, LATEST, 5],
    ['an existing group', true, EARLIEST, 0],
    ['an existing group', true, LATEST, end],
  ] as const)('%s, resetOffsetOnStart %s, autoOffsetReset %i: at %i', async (who, resetOffsetOnStart, autoOffsetReset, start) => {
    const topic = await topicWith(values(0, end));
    const group = broker.freshName('group');
    if (who === 'an existing group') await commitBefore(group, topic, 5);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), {
      ...(who !== 'no group' && { consumerGroup: group }),
      resetOffsetOnStart,
      autoOffsetReset,
    });
    expect(consumer.position(0)).toBe(start);
    await write(topic, [String(end)]);
    expect(await take(consumer, 1)).toEqual([String(start)]);
  });

  it.each([
    ['a time before the log', 500, 0],
    ['the time of a record', 3000, 2],
    ['a time between two records', 3001, 3],
    ['a time after the log', 99_000, 8],
  ])('%s', async (_, time, start) => {
    const topic = await topicWith(values(0, 8).map((value, i) => ({ value, timestamp: (i + 1) * 1000 })));
    const options = { autoOffsetReset: { timestamp: new Date(time) } };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    expect(consumer.position(0)).toBe(start);
  });

  it.each([
    ['an offset', 6, 6],
    ['the last three', { last: 3 }, 5],
    ['the last thousand', { last: 1000 }, 0],
  ])('%s', async (_, autoOffsetReset, start) => {
    const topic = await topicWith(values(0, 8));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset });
    expect(consumer.position(0)).toBe(start);
  });
});

describe('a committed offset that the log does not hold', () => {
  it.each([
    ['F1: below its start, to the earliest', 1, 'earliest', 4],
    ['F1: below its start, to the latest', 1, 'latest', 8],
    ['beyond its end, to the earliest', 100, 'earliest', 4],
    ['beyond its end, to the latest', 100, 'latest', 8],
  ] as const)('%s', async (_, committed, autoOffsetReset, next) => {
    const topic = await topicWith(values(0, 8));
    await deleteBefore(topic, 4);
    const group = broker.freshName('group');
    await commitBefore(group, topic, committed);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup: group, autoOffsetReset });
    const message = consumer.consume();
    // The offset is found out to be gone when it is fetched, and only then is there a new end to write behind.
    await expect.poll(() => consumer.position(0), { timeout: 10_000 }).not.toBe(committed);
    await write(topic, ['8']);
    expect(String((await message)?.value)).toBe(String(next));
    expect(await stored(group, topic)).toBe(committed);
  });

  it('F1: is an error where autoOffsetReset is none, and the position is not lost', async () => {
    const topic = await topicWith(values(0, 8));
    await deleteBefore(topic, 4);
    const group = broker.freshName('group');
    await commitBefore(group, topic, 1);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup: group, autoOffsetReset: 'none' });
    const error: unknown = await consumer.consume().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KafkaError);
    expect(error).toMatchObject({
      at: { topic: topic.name, partition: 0, offset: 1 },
      message: expect.stringContaining('the log begins at 4'),
    });
    expect(consumer.position(0)).toBe(1);
    await consumer.resetOffsets([[0, OffsetType.EARLIEST]]);
    expect(await take(consumer, 1)).toEqual(['4']);
  });
});

describe('a start', () => {
  it.each([
    ['with a new group', {}, undefined],
    ['with an existing group', {}, 5],
    ['with resetOffsetOnStart', { resetOffsetOnStart: true }, 5],
    ['with automatic commits of which none was due', { autoCommitEnable: true, resetOffsetOnStart: true }, 5],
  ] as const)('%s commits nothing, nor does the end', async (_, options, committed) => {
    const topic = await topicWith(values(0, 8));
    const group = broker.freshName('group');
    if (committed !== undefined) await commitBefore(group, topic, committed);
    const consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup: group, ...options });
    expect(await stored(group, topic)).toBe(committed);
    await consumer.close();
    expect(await stored(group, topic)).toBe(committed);
  });

  it('stores 5 when message 4 was consumed and committed, and the next consumer begins with 5', async () => {
    const topic = await topicWith(values(0, 8));
    const options = { consumerGroup: broker.freshName('group') };
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    expect(await take(consumer, 5)).toEqual(values(0, 5));
    await consumer.commitOffsets();
    expect(await stored(options.consumerGroup, topic)).toBe(5);
    expect(await consumer.committed()).toEqual([
      { topic: topic.name, partition: 0, offset: 5, leaderEpoch: expect.any(Number), metadata: '' },
    ]);
    await using next = await SimpleConsumer.start(client.topic(topic.name), options);
    expect(await take(next, 3)).toEqual(['5', '6', '7']);
  });

  it('with none begins nowhere without a commit', async () => {
    const topic = await topicWith(['0']);
    const options = { consumerGroup: broker.freshName('group'), autoOffsetReset: 'none' } as const;
    await expect(SimpleConsumer.start(client.topic(topic.name), options)).rejects.toThrow(
      `${topic.name}/0: nothing is committed to start from, and autoOffsetReset is 'none'`,
    );
  });

  it('of a topic that does not exist is an error, and creates nothing', async () => {
    const name = broker.freshName('missing');
    await expect(SimpleConsumer.start(client.topic(name))).rejects.toBeInstanceOf(BrokerError);
    expect(await client.topics()).not.toContain(name);
  });

  it('may come later, and twice is once', async () => {
    const topic = await topicWith(['0']);
    await using consumer = new SimpleConsumer(client.topic(topic.name));
    await expect(consumer.consume()).rejects.toThrow('the consumer has not been started');
    await Promise.all([consumer.start(), consumer.start()]);
    await consumer.start();
    expect(await take(consumer, 1)).toEqual(['0']);
  });

  it.each([
    ['SimpleConsumer', SimpleConsumer],
    ['BalancedConsumer', BalancedConsumer],
  ])('%s: behind a stop() that nobody has waited for counts, and only the one before that was ended', async (_, Consumer) => {
    const topic = await topicWith(['0', '1']);
    await using consumer = new Consumer(client.topic(topic.name), { consumerGroup: broker.freshName('group') });
    const first = consumer.start();
    const stopped = consumer.stop();
    const second = consumer.start();
    await expect(first).rejects.toThrow(ClosedError);
    await Promise.all([stopped, second]);
    expect(await take(consumer, 1)).toEqual(['0']);
    const stopping = consumer.stop();
    const third = consumer.start();
    const closing = consumer.close();
    await expect(third).rejects.toThrow(new ClosedError('the consumer is closed'));
    await Promise.all([stopping, closing]);
    await expect(consumer.start()).rejects.toThrow(new ClosedError('the consumer is closed'));
  });

  it.each([
    ['resetOffsetOnStart where the group has a commit', { resetOffsetOnStart: true }, 5, '0'],
    ["autoOffsetReset 'latest' where it has none", { autoOffsetReset: 'latest' }, undefined, '6'],
  ] as const)('is where it was after a rebalance that came before anything was read, with %s', async (_, options, committed, next) => {
    const topic = await broker.createTopic({ partitions: 2 });
    const consumerGroup = broker.freshName('group');
    for (const partition of [0, 1]) await write(topic, values(0, 6), partition);
    if (committed !== undefined) await commitBefore(consumerGroup, topic, committed, [0, 1]);
    const eager = { consumerGroup, groupProtocol: 'classic', partitionAssignors: ['range'], heartbeatIntervalMs: 100 } as const;
    await using consumer = await BalancedConsumer.start(client.topic(topic.name), { ...eager, ...options });
    await until('it has both', () => Promise.resolve(consumer.assignment.length === 2));
    for (const partition of [0, 1]) await write(topic, ['6'], partition);
    await using other = await BalancedConsumer.start(client.topic(topic.name), { ...eager, ...options });
    await until('they share', () => Promise.resolve(consumer.assignment.length === 1 && other.assignment.length === 1));
    expect(await take(consumer, 1)).toEqual([next]);
  });

  it('reads the partitions that it is told', async () => {
    const topic = await broker.createTopic({ partitions: 3 });
    for (const partition of [0, 1, 2]) await write(topic, [`in ${partition}`], partition);
    const read = async (partitions: SimpleConsumerOptions['partitions']): Promise<string[]> => {
      await using consumer = await SimpleConsumer.start(client.topic(topic.name), { partitions, until: 'latest' });
      return (await drain(consumer)).sort();
    };
    expect(await read(undefined)).toEqual(['in 0', 'in 1', 'in 2']);
    expect(await read([2, 0, 2])).toEqual(['in 0', 'in 2']);
    expect(await read([{ topic: topic.name, partition: 1 }])).toEqual(['in 1']);
    expect(await read((await client.topic(topic.name).partitions()).slice(0, 1))).toEqual(['in 0']);
    await expect(read([3])).rejects.toThrow(new RangeError(`'${topic.name}' has no partition 3: it has 3`));
    await expect(read([-1])).rejects.toThrow(RangeError);
    await expect(read([])).rejects.toThrow(TypeError);
  });

  it('reads several topics from a client', async () => {
    const a = await topicWith(['a0', 'a1']);
    const b = await topicWith(['b0']);
    await using consumer = await SimpleConsumer.start(client, { topics: [a.name, b.name], until: 'latest' });
    expect((await drain(consumer)).sort()).toEqual(['a0', 'a1', 'b0']);
    expect(consumer.assignment).toEqual([
      { topic: a.name, partition: 0, position: 2 },
      { topic: b.name, partition: 0, position: 1 },
    ]);
    expect(() => consumer.partitions).toThrow('use assignment');
    expect(consumer.position({ topic: b.name, partition: 0 })).toBe(1);
    await expect(SimpleConsumer.start(client)).rejects.toThrow(TypeError);
  });
});
