import type { MessageToSend } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { order, startOnMock, values } from './test-on-mock.ts';

const threePartitions = { cluster: { topics: { orders: 3 } } };

describe('send', () => {
  it('resolves with where the record is', async () => {
    const { producer, clock } = await startOnMock();
    await producer.send(order('a'));
    await clock.advance(5);
    expect(await producer.send(order('b'))).toEqual({ topic: 'orders', partition: 0, offset: 1, timestamp: clock.wallTime() });
  });

  it('writes key, value, headers and time as they are given', async () => {
    const { producer, cluster, clock } = await startOnMock();
    const before = new Date(clock.wallTime() - 1000);
    await producer.send({ topic: 'orders', key: 'user-1', value: 'grüße', headers: { a: '1', b: ['2', '3'], c: null }, timestamp: before });
    await producer.send({ topic: 'orders', key: Buffer.from([0, 255]), value: null, headers: [['x', '1'], ['x', Buffer.from([2])]] }); // prettier-ignore
    const [tombstone, first] = cluster
      .topic('orders')
      .records()
      .sort((a, b) => a.headers.length - b.headers.length);
    expect(first).toMatchObject({ key: Buffer.from('user-1'), value: Buffer.from('grüße'), timestamp: before.getTime() });
    expect(first!.headers).toEqual([['a', Buffer.from('1')], ['b', Buffer.from('2')], ['b', Buffer.from('3')], ['c', null]]); // prettier-ignore
    expect(tombstone).toMatchObject({ key: Buffer.from([0, 255]), value: null, timestamp: clock.wallTime() });
    expect(tombstone!.headers).toEqual([['x', Buffer.from('1')], ['x', Buffer.from([2])]]); // prettier-ignore
  });

  it('gives the time of the broker where the topic has it', async () => {
    const { producer, cluster, clock } = await startOnMock();
    cluster.createTopic('stamped', { configs: { 'message.timestamp.type': 'LogAppendTime' } });
    expect(await producer.send({ topic: 'stamped', value: 'a', timestamp: 1 })).toMatchObject({ timestamp: clock.wallTime() });
  });

  it('P11: copies at once: its caller may change the bytes, also while the message waits for metadata or for room', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ maxBufferedBytes: 1 });
    const bytes = Buffer.from('aa');
    const send = (text: string): Promise<unknown> => {
      bytes.write(text);
      const sent = producer.send({ topic: 'orders', partition: 0, value: bytes, key: bytes, headers: [['h', bytes]] });
      bytes.fill('-');
      return sent;
    };
    await Promise.all([send('v1'), send('v2'), send('v3')]); // the first waits for metadata, the others for room
    await send('v4');
    await clock.advance(0);
    expect(log()).toEqual(['v1', 'v2', 'v3', 'v4']);
    for (const { key, value, headers } of cluster.topic('orders').records()) {
      expect([String(key), String(headers[0]![1])]).toEqual([String(value), String(value)]);
    }
  });

  it.each([
    [{ topic: '', value: 'a' }, new TypeError('a message needs a topic: a non-empty string')],
    [
      { topic: 'orders' },
      new TypeError("the value of a message to 'orders' must be a string, a Uint8Array or null, not undefined; null writes a tombstone"),
    ],
    [
      { topic: 'orders', messages: [] },
      new TypeError(
        "the value of a message to 'orders' must be a string, a Uint8Array or null, not undefined; a list of messages is for sendBatch",
      ),
    ],
    [
      { topic: 'orders', value: { euros: 5 } },
      new TypeError(
        "the value of a message to 'orders' must be a string, a Uint8Array or null, not object; a serializer turns it into bytes, such as serializer: { value: jsonSerializer() }",
      ),
    ],
    [
      { topic: 'orders', value: 'a', key: {} },
      new TypeError(
        "the key of a message to 'orders' must be a string, a Uint8Array or null, not object; a serializer turns it into bytes, such as serializer: { key: jsonSerializer() }",
      ),
    ],
    [
      { topic: 'orders', value: 'a', headers: { h: 1 } },
      new TypeError("the header 'h' must be a string, a Uint8Array or null, not number"),
    ],
    [{ topic: 'orders', value: 'a', partition: 3 }, new RangeError("'orders' has no partition 3: it has 3, numbered from 0")],
    [{ topic: 'orders', value: 'a', partition: '0' }, new RangeError("'orders' has no partition '0': it has 3, numbered from 0")],
    [
      { topic: 'orders', value: 'a', timestamp: '1700000000000' },
      new RangeError("a timestamp must be a valid Date or whole milliseconds, not '1700000000000'"),
    ],
    [{ topic: 'orders', value: 'a', headers: 'h=1' }, new TypeError("headers must be an object or a list of pairs, not 'h=1'")],
    [{ topic: 'orders', value: 'a', partition: -1 }, new RangeError("'orders' has no partition -1: it has 3, numbered from 0")],
    [{ topic: 'orders', value: 'a', timestamp: 1.5 }, new RangeError('a timestamp must be a valid Date or whole milliseconds, not 1.5')],
    [
      { topic: 'orders', value: 'a', timestamp: new Date(NaN) },
      new RangeError('a timestamp must be a valid Date or whole milliseconds, not Invalid Date'),
    ],
  ])('refuses %j', async (message, error) => {
    const { producer, log } = await startOnMock(threePartitions);
    await expect(producer.send(message as MessageToSend)).rejects.toThrow(error);
    await producer.send(order('good'));
    expect(log()).toEqual(['good']);
  });
});

describe('sendBatch', () => {
  it('resolves with what send would, in the order of the messages', async () => {
    const { producer } = await startOnMock(threePartitions);
    const messages = values(9).map((value, i) => ({ topic: 'orders', value, partition: i % 3 }));
    expect(await producer.sendBatch(messages)).toMatchObject(
      messages.map(({ partition }, i) => ({ partition, offset: Math.floor(i / 3) })),
    );
    expect(await producer.sendBatch([])).toEqual([]);
  });

  it.each([undefined, { topicMessages: [] }])('refuses what is no list: %j', async (messages) => {
    const { producer } = await startOnMock();
    await expect(producer.sendBatch(messages as never)).rejects.toThrow(TypeError);
    await expect(producer.forTopic('orders').sendBatch(messages as never)).rejects.toThrow('takes a list of messages');
  });

  it('rejects with the first error in their order, when all have been told; the others are delivered', async () => {
    const { producer, log } = await startOnMock();
    const messages = [order('a'), { ...order('b'), partition: 8 }, order('c'), { ...order('d'), partition: 7 }, order('e')];
    await expect(producer.sendBatch(messages)).rejects.toThrow(/no partition 8/);
    expect(log()).toEqual(['a', 'c', 'e']);
  });
});

describe('headers', () => {
  it('may be a Map, or what fetch has them in', async () => {
    const { cluster, producer } = await startOnMock();
    await producer.send({ ...order('a'), headers: new Map([['trace', '1']]) });
    await producer.send({ ...order('b'), headers: new Headers({ trace: '2' }) });
    const written = cluster.topic('orders').records();
    expect(written.map(({ headers }) => headers.map(([name, value]) => `${name}=${String(value)}`))).toEqual([['trace=1'], ['trace=2']]);
  });
});

describe('forTopic', () => {
  it.each([undefined, '', {}])('refuses %j', async (topic) => {
    const { producer } = await startOnMock();
    expect(() => producer.forTopic(topic as never)).toThrow('forTopic needs a topic or its name');
  });

  it('sends to its topic by the same producer, as often as it is asked for', async () => {
    const { producer, client, cluster } = await startOnMock({ cluster: { topics: { orders: 1, payments: 1 } } });
    await Promise.all(values(100).map((value) => producer.forTopic('orders').send({ value })));
    await producer.forTopic(client.topic('payments')).sendBatch(values(3).map((value) => ({ value })));
    expect(cluster.topic('orders').records()).toHaveLength(100);
    expect(cluster.topic('payments').records()).toHaveLength(3);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(1);
    expect(cluster.broker(1).connectionCount).toBe(2); // one for questions, one to produce
  });
});

describe('P14: a full buffer', () => {
  it('does not linger: whoever waits for room would wait as long', async () => {
    const { producer, clock, log } = await startOnMock({ lingerMs: 60_000, maxBufferedBytes: 600 });
    const first = producer.send(order('first'));
    await clock.advance(1000);
    expect(log()).toEqual([]);
    const others = values(3).map((value) => producer.send(order(value)));
    await clock.advance(100);
    await first;
    expect(log()).toEqual(['first', 'v0', 'v1']);
    await clock.advance(60_000);
    await Promise.all(others);
  });

  const tight = { maxBufferedBytes: 600, maxBlockMs: 3000, deliveryTimeoutMs: 10_000 } as const;

  it('lets send wait for room, in order', async () => {
    const { producer, log } = await startOnMock(tight);
    await Promise.all(values(50).map((value) => producer.send(order(value))));
    expect(log()).toEqual(values(50));
  });

  it('rejects after maxBlockMs what found no room, and delivers the rest when the broker is back', async () => {
    const { producer, cluster, clock, log } = await startOnMock(tight);
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const sent = values(5).map((value) => producer.send(order(value)).catch((error: unknown) => error));
    await clock.advance(3000);
    const told = await Promise.race([sent.at(-1), Promise.resolve('open')]);
    expect(told).toMatchObject({ name: 'TimeoutError', persistence: 'not persisted', retriable: true });
    await cluster.broker(1).up();
    await clock.advance(3000);
    const results = await Promise.all(sent);
    const delivered = values(5).filter((_, i) => !(results[i] instanceof Error));
    expect(delivered.length).toBeGreaterThan(0);
    expect(log()).toEqual(['first', ...delivered]);
    await producer.send(order('after'));
    expect(log().at(-1)).toBe('after');
  });

  it('rejects at once with ProducerQueueFullError where nobody is to wait', async () => {
    const { producer, cluster, log } = await startOnMock({ ...tight, blockOnQueueFull: false });
    await producer.send(order('first'));
    const hold = cluster.hold('Produce');
    const results = values(5).map((value) => producer.send(order(value)).catch((error: unknown) => error));
    expect(await results.at(-1)).toMatchObject({ name: 'ProducerQueueFullError', persistence: 'not persisted', retriable: true });
    hold.release();
    const refused = (await Promise.all(results)).filter((result) => result instanceof Error).length;
    expect(log()).toHaveLength(1 + 5 - refused);
  });

  it('gives all room back, whatever became of the messages', async () => {
    const { producer, cluster, clock } = await startOnMock({
      maxBufferedBytes: 5000,
      batchBytes: 300,
      blockOnQueueFull: false,
      deliveryTimeoutMs: 4000,
    });
    for (const code of [
      'NOT_ENOUGH_REPLICAS',
      'MESSAGE_TOO_LARGE',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      'TOPIC_AUTHORIZATION_FAILED',
    ] as const) {
      cluster.fail('Produce', [code, code]);
      const told = Promise.allSettled(values(10).map((value) => producer.send(order(value))));
      await clock.advance(3000);
      await told;
    }
    cluster.dropRequest('Produce', { times: 5 });
    const told = Promise.allSettled(values(10).map((value) => producer.send(order(value))));
    await clock.advance(8000);
    await told;
    // Were anything left behind, this would not fit: each message takes about 270 bytes.
    await Promise.all(values(18).map((value) => producer.send(order(value))));
  });
});
