import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { alterClientQuotas, describeClientQuotas, valuesOf } from '@tskafka/core';
import { compressions, setProducer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { until } from '../until.ts';
import { connect, deleteBefore, drain, messagesOf, next, take, topicWith, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('a message', () => {
  it('has what its record has', async () => {
    const topic = await topicWith([
      { key: 'k', value: 'v', headers: [['a', '1'], ['a', null]], timestamp: 1_795_418_150_078 }, // prettier-ignore
      { key: null, value: null, timestamp: -1 },
      { key: '', value: '', timestamp: 0 },
    ]);
    const [full, empty, blank] = await messagesOf(client, topic.name);
    expect(full).toMatchObject({ topic: topic.name, partition: 0, offset: 0, timestamp: 1_795_418_150_078, timestampType: 'createTime' });
    expect([String(full!.key), String(full!.value)]).toEqual(['k', 'v']);
    expect(full!.headers).toEqual([['a', Buffer.from('1')], ['a', null]]); // prettier-ignore
    expect(full!.leaderEpoch).toBeGreaterThanOrEqual(0);
    expect(empty).toMatchObject({ offset: 1, key: null, value: null, headers: [], timestamp: -1, timestampBigInt: -1n });
    expect([blank!.key?.length, blank!.value?.length]).toEqual([0, 0]);
  });

  it('T4: has a timestamp beyond the safe integers clamped, and the exact one beside it; JSON leaves it out', async () => {
    const builder = batchOf([{ value: 'far', timestamp: 0 }]);
    builder.writeBigInt64BE(2n ** 60n, 27); // the base timestamp
    builder.writeBigInt64BE(2n ** 60n, 35); // the maximal one
    setProducer(builder, {});
    const topic = await broker.createTopic({ configs: { 'message.timestamp.after.max.ms': String(2n ** 62n) } });
    await append(await broker.leaderWire(topic), topic, builder);
    const [message] = await messagesOf(client, topic.name);
    expect(message).toMatchObject({ timestamp: Number.MAX_SAFE_INTEGER, timestampBigInt: 2n ** 60n });
    expect(JSON.parse(JSON.stringify(message))).toMatchObject({ offset: 0 });
  });

  it('T4: has the broker’s time where the topic says so', async () => {
    const topic = await topicWith([{ value: 'v', timestamp: 1000 }], { configs: { 'message.timestamp.type': 'LogAppendTime' } });
    const [message] = await messagesOf(client, topic.name);
    expect(message!.timestampType).toBe('logAppendTime');
    expect(message!.timestamp).toBeGreaterThan(1000);
  });
});

describe('reading', () => {
  it.each(compressions)('gives what was written with the codec %s, in order', async (compression) => {
    const topic = await broker.createTopic();
    const wire = await broker.leaderWire(topic);
    for (let i = 0; i < 500; i += 100) {
      await append(wire, topic, batchOf(values(i, i + 100).map((value) => ({ value })), { compression })); // prettier-ignore
    }
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest' });
    expect(await drain(consumer)).toEqual(values(0, 500));
  });

  it('F8: begins inside a batch, and gives nothing of before', async () => {
    const topic = await broker.createTopic();
    await append(await broker.leaderWire(topic), topic, batchOf(values(0, 10).map((value) => ({ value }))));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { autoOffsetReset: 7, until: 'latest' });
    expect(await drain(consumer)).toEqual(['7', '8', '9']);
  });

  it('F7: gives a batch that is larger than the limits, and goes on behind it', async () => {
    const big = 'x'.repeat(100_000);
    const topic = await topicWith(['small', big, 'end']);
    const options = { fetchMessageMaxBytes: 1000, fetchMaxBytes: 1000, until: 'latest' } as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    expect((await drain(consumer)).map((value) => value.length)).toEqual([5, 100_000, 3]);
  });

  it('ends at a place that is given, also within a batch and beyond the end', async () => {
    const topic = await broker.createTopic();
    await append(await broker.leaderWire(topic), topic, batchOf(values(0, 10).map((value) => ({ value }))));
    const read = async (until: number): Promise<string[]> => {
      await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until });
      return await drain(consumer);
    };
    expect(await read(4)).toEqual(values(0, 4));
    expect(await read(0)).toEqual([]);
    expect(await read(99)).toEqual(values(0, 10));
  });

  it('F8: up to the end gives all there is to a client that is throttled meanwhile', async () => {
    const clientId = broker.freshName('client');
    const topic = await topicWith(['0'.padEnd(60_000), '1'.padEnd(44_000)]);
    await limit(clientId, 10_000);
    try {
      await using own = await connect({ clientId });
      const options = { until: 'latest', fetchMessageMaxBytes: 1 } as const;
      await using consumer = await SimpleConsumer.start(own.topic(topic.name), options);
      expect((await drain(consumer)).map((value) => value.trim())).toEqual(['0', '1']);
    } finally {
      await limit(clientId, null);
    }
  });

  it('ends when what was asked for is deleted meanwhile', async () => {
    const topic = await topicWith(values(0, 10));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 5 });
    await deleteBefore(topic, 7);
    expect(await drain(consumer)).toEqual([]);
  });

  it('ends an iteration after consumerTimeoutMs without a message, and goes on with the next one', async () => {
    const topic = await topicWith(values(0, 3));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerTimeoutMs: 300 });
    expect(await take(consumer, 3)).toEqual(values(0, 3));
    expect(await drain(consumer)).toEqual([]);
    await write(topic, ['3']);
    expect(await take(consumer, 1)).toEqual(['3']);
  });

  it('goes on where a loop was left', async () => {
    const topic = await topicWith(values(0, 4));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    for await (const { offset } of consumer) if (offset === 1) break;
    expect(consumer.position(0)).toBe(2);
    expect(await take(consumer, 2)).toEqual(['2', '3']);
  });

  it('wakes up when a message is written', async () => {
    const topic = await topicWith([]);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { fetchWaitMaxMs: 25_000 });
    const message = consumer.consume();
    await write(topic, ['now']);
    expect(String((await message)?.value)).toBe('now');
  });

  it('gives each of several calls at the same time a message of its own', async () => {
    const topic = await topicWith(values(0, 3));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    const messages = await Promise.all([consumer.consume(), consumer.consume(), consumer.consume()]);
    expect(messages.map((message) => String(message?.value))).toEqual(values(0, 3));
  });

  it('stops waiting when its signal says so, and loses nothing by it', async () => {
    const topic = await topicWith([]);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    const reason = new Error('enough');
    await expect(consumer.consume({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const message = consumer.consume({ signal: controller.signal });
    controller.abort(reason);
    await expect(message).rejects.toBe(reason);
    await write(topic, ['0']);
    expect(await take(consumer, 1)).toEqual(['0']);
  });

  it('F23: lets a small partition through beside a large one', async () => {
    const topic = await broker.createTopic({ assignments: [[1], [1]] }); // whose node answers for both at once
    const wire = await broker.leaderWire(topic);
    const batch = batchOf(Array.from({ length: 100 }, () => ({ value: 'x'.repeat(1000) })));
    for (let i = 0; i < 60; i++) await append(wire, topic, batch);
    await write(topic, ['cold'], 1);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    let before = 0;
    while ((await consumer.consume())?.partition !== 1) before++;
    // The partitions take turns, a batch of 100 each: the cold one waits for the answers that were fetched, not for the whole log.
    expect(before).toBeLessThan(4000);
  });
});

/** How many bytes a second clients of this id may fetch; null for any number. Resolves once a node knows it. */
async function limit(clientId: string, bytesPerSecond: number | null): Promise<void> {
  valuesOf(await alterClientQuotas(client, [{ entity: { clientId }, limits: { consumer_byte_rate: bytesPerSecond } }]));
  const isSet = bytesPerSecond !== null;
  await until('the quota is known', async () => (await describeClientQuotas(client, { clientId })).length === Number(isSet));
}

describe('a deserializer', () => {
  it('makes what messages carry, and is not called for a time-out', async () => {
    const topic = await topicWith([{ key: 'k', value: '{"n":1}' }, { value: null }]);
    const calls: unknown[] = [];
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), {
      consumerTimeoutMs: 300,
      deserializer(value, key) {
        calls.push(value);
        return [value === null ? 'nothing' : (JSON.parse(String(value)) as { n: number }), key && String(key)];
      },
    });
    expect(await next(consumer)).toMatchObject({ value: { n: 1 }, key: 'k' });
    expect(await next(consumer)).toMatchObject({ value: 'nothing', key: null });
    expect(await consumer.consume()).toBeUndefined();
    expect(calls).toHaveLength(2);
  });

  it('that throws consumes nothing: the message is next until it is passed by', async () => {
    const topic = await topicWith(['{', '{}']);
    const deserializer = (value: Buffer | null, key: Buffer | null) => [JSON.parse(String(value)), key] as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer });
    await expect(consumer.consume()).rejects.toThrow(SyntaxError);
    await expect(consumer.consume()).rejects.toThrow(SyntaxError);
    expect(consumer.position(0)).toBe(0);
    await consumer.resetOffsets([[0, 1]]);
    expect((await consumer.consume())?.value).toEqual({});
  });
});

describe('close', () => {
  const longPoll = { fetchWaitMaxMs: 30_000, fetchMinBytes: 1_000_000 };

  it('F24: does not wait for a long poll, ends what waits, and is idempotent', async () => {
    const topic = await topicWith([]);
    const consumer = await SimpleConsumer.start(client.topic(topic.name), longPoll);
    const waiting = expect(consumer.consume()).rejects.toThrow('the consumer is closed');
    const iterated = drain(consumer);
    await write(topic, ['the fetch is out: this is too little for it']);
    const before = performance.now();
    await Promise.all([consumer.close(), consumer.close(), consumer.stop()]);
    await consumer.close();
    expect(performance.now() - before).toBeLessThan(15_000);
    await waiting;
    expect(await iterated).toEqual([]);
    await expect(consumer.consume()).rejects.toThrow('the consumer is closed');
    await expect(consumer.start()).rejects.toThrow('the consumer is closed');
  });

  it('leaves the other consumers of the client alone', async () => {
    const topic = await topicWith([]);
    const closing = await SimpleConsumer.start(client.topic(topic.name), longPoll);
    await using staying = await SimpleConsumer.start(client.topic(topic.name), { fetchWaitMaxMs: 30_000 });
    const [closed, stayed] = [closing.consume().catch(String), staying.consume()];
    await closing.close();
    await write(topic, ['here']);
    expect(await closed).toContain('the consumer is closed');
    expect(String((await stayed)?.value)).toBe('here');
  });

  it('lets a consumer not wait for the long poll of another', async () => {
    const [idle, busy] = [await topicWith([]), await topicWith(values(0, 3))];
    await using waiting = await SimpleConsumer.start(client.topic(idle.name), longPoll);
    const waits = waiting.consume().catch(String);
    await write(idle, ['too little']);
    await using reading = await SimpleConsumer.start(client.topic(busy.name));
    const before = performance.now();
    expect(await take(reading, 3)).toEqual(values(0, 3));
    expect(performance.now() - before).toBeLessThan(15_000);
    await waiting.close();
    expect(await waits).toContain('the consumer is closed');
  });
});
