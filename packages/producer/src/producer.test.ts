import { type ClientOptions, KafkaClient, type MessageToSend } from '@tskafka/core';
import { MockCluster, type MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProducerOptions } from './options.ts';
import { Producer } from './producer.ts';

interface Setup extends ProducerOptions {
  readonly cluster?: MockClusterOptions;
  readonly client?: Partial<ClientOptions>;
}

/** A cluster with `orders`, a client and a producer, all in virtual time. */
async function setup({ cluster: clusterOptions, client: clientOptions, ...options }: Setup = {}) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 3 }, clock, ...clusterOptions });
  const { brokers, transport } = cluster;
  const client = await KafkaClient.connect({ brokers, transport, clock, random: () => 0.5, ...clientOptions });
  const producer = await Producer.start(client, options);
  onTestFinished(async () => {
    await producer.close({ timeoutMs: 1 }).catch(() => {});
    await client.close();
    await cluster.close();
  });
  const log = (): string[] =>
    cluster
      .topic('orders')
      .records()
      .map(({ value }) => String(value));
  return { clock, cluster, client, producer, log };
}

const order = (value: string): MessageToSend => ({ topic: 'orders', value, partition: 0 });
const values = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i}`);
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`it resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

it('leaves no timer behind, which would hold it and its client in memory until the delivery timeout', async () => {
  const { clock, producer, client } = await setup();
  await producer.send(order('a'));
  await producer.close();
  await client.close();
  expect(clock.pendingTimers).toBe(0);
});

describe('send', () => {
  it('resolves with where the record is', async () => {
    const { producer, clock } = await setup();
    await producer.send(order('a'));
    await clock.advance(5);
    expect(await producer.send(order('b'))).toEqual({ topic: 'orders', partition: 0, offset: 1, timestamp: clock.wallTime() });
  });

  it('writes key, value, headers and time as they are given', async () => {
    const { producer, cluster, clock } = await setup();
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
    const { producer, cluster, clock } = await setup();
    cluster.createTopic('stamped', { configs: { 'message.timestamp.type': 'LogAppendTime' } });
    expect(await producer.send({ topic: 'stamped', value: 'a', timestamp: 1 })).toMatchObject({ timestamp: clock.wallTime() });
  });

  it('P11: copies at once: its caller may change the bytes, also while the message waits for metadata or for room', async () => {
    const { producer, cluster, clock, log } = await setup({ maxBufferedBytes: 1 });
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
    [{ topic: '', value: 'a' }, new TypeError('a message needs a topic, a string that is not empty')],
    [
      { topic: 'orders' },
      new TypeError("the value of a message to 'orders' must be a string, a Uint8Array or null, not undefined; null writes a tombstone"),
    ],
    [{ topic: 'orders', value: 5 }, new TypeError("the value of a message to 'orders' must be a string, a Uint8Array or null, not number")],
    [
      { topic: 'orders', value: 'a', key: {} },
      new TypeError("the key of a message to 'orders' must be a string, a Uint8Array or null, not object"),
    ],
    [
      { topic: 'orders', value: 'a', headers: { h: 1 } },
      new TypeError("the header 'h' must be a string, a Uint8Array or null, not number"),
    ],
    [{ topic: 'orders', value: 'a', partition: 3 }, new RangeError("'orders' has no partition 3: it has 3, from 0 on")],
    [{ topic: 'orders', value: 'a', partition: -1 }, new RangeError("'orders' has no partition -1: it has 3, from 0 on")],
    [{ topic: 'orders', value: 'a', timestamp: 1.5 }, new RangeError('a timestamp must be a valid Date or whole milliseconds, not 1.5')],
    [
      { topic: 'orders', value: 'a', timestamp: new Date(NaN) },
      new RangeError('a timestamp must be a valid Date or whole milliseconds, not Invalid Date'),
    ],
  ])('refuses %j', async (message, error) => {
    const { producer, log } = await setup();
    await expect(producer.send(message as MessageToSend)).rejects.toThrow(error);
    await producer.send(order('good'));
    expect(log()).toEqual(['good']);
  });
});

describe('sendBatch', () => {
  it('resolves with what send would, in the order of the messages', async () => {
    const { producer } = await setup();
    const messages = values(9).map((value, i) => ({ topic: 'orders', value, partition: i % 3 }));
    expect(await producer.sendBatch(messages)).toMatchObject(
      messages.map(({ partition }, i) => ({ partition, offset: Math.floor(i / 3) })),
    );
    expect(await producer.sendBatch([])).toEqual([]);
  });

  it('rejects with the first error in their order, when all have been told; the others are delivered', async () => {
    const { producer, log } = await setup();
    const messages = [order('a'), { ...order('b'), partition: 8 }, order('c'), { ...order('d'), partition: 7 }, order('e')];
    await expect(producer.sendBatch(messages)).rejects.toThrow(/no partition 8/);
    expect(log()).toEqual(['a', 'c', 'e']);
  });
});

describe('forTopic', () => {
  it('sends to its topic by the same producer, as often as it is asked for', async () => {
    const { producer, client, cluster } = await setup({ cluster: { topics: { orders: 1, payments: 1 } } });
    await Promise.all(values(100).map((value) => producer.forTopic('orders').send({ value })));
    await producer.forTopic(client.topic('payments')).sendBatch(values(3).map((value) => ({ value })));
    expect(cluster.topic('orders').records()).toHaveLength(100);
    expect(cluster.topic('payments').records()).toHaveLength(3);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(1);
    expect(cluster.broker(1).connectionCount).toBe(2); // one for questions, one to produce
  });
});

describe('P14: a full buffer', () => {
  const tight = { maxBufferedBytes: 600, maxBlockMs: 3000, deliveryTimeoutMs: 10_000 } as const;

  it('lets send wait for room, in order', async () => {
    const { producer, log } = await setup(tight);
    await Promise.all(values(50).map((value) => producer.send(order(value))));
    expect(log()).toEqual(values(50));
  });

  it('rejects after maxBlockMs what found no room, and delivers the rest when the broker is back', async () => {
    const { producer, cluster, clock, log } = await setup(tight);
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
    const { producer, cluster, log } = await setup({ ...tight, blockOnQueueFull: false });
    await producer.send(order('first'));
    const hold = cluster.hold('Produce');
    const results = values(5).map((value) => producer.send(order(value)).catch((error: unknown) => error));
    expect(await results.at(-1)).toMatchObject({ name: 'ProducerQueueFullError', persistence: 'not persisted', retriable: true });
    hold.release();
    const refused = (await Promise.all(results)).filter((result) => result instanceof Error).length;
    expect(log()).toHaveLength(1 + 5 - refused);
  });

  it('gives all room back, whatever became of the messages', async () => {
    const { producer, cluster, clock } = await setup({
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

describe('flush and close', () => {
  it('flush resolves when all that was sent has been told, also what waits for room or for a topic', async () => {
    const { producer, clock, log } = await setup({ maxBufferedBytes: 600, lingerMs: 60_000 });
    const told: string[] = [];
    for (const value of values(10)) void producer.send(order(value)).then(() => told.push(value));
    const missing = failureOf(producer.send({ topic: 'nowhere', value: 'x' }));
    const flushed = producer.flush();
    await clock.advance(5000);
    await flushed;
    expect(told).toEqual(values(10));
    expect(log()).toEqual(values(10));
    await missing;
  });

  it('P15: while the broker is down, flush settles within its time, and the messages stay on their way', async () => {
    const { producer, cluster, clock, log } = await setup();
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const sent = producer.send(order('a'));
    const flushed = failureOf(producer.flush({ timeoutMs: 1000 }));
    await clock.advance(1000);
    expect(await flushed).toMatchObject({ name: 'TimeoutError' });
    await cluster.broker(1).up();
    await clock.advance(2000);
    await sent;
    expect(log()).toEqual(['first', 'a']);
  });

  it('P15: while the broker is down, close ends in its time, and rejects the rest as what it is', async () => {
    const { producer, cluster, clock } = await setup({ batchBytes: 1, maxBufferedBytes: 1000 });
    await producer.send(order('first'));
    using hold = cluster.hold('Produce');
    const [gone, ...queued] = values(8).map((value) => failureOf(producer.send(order(value))));
    await hold.held();
    const closed = producer.close({ timeoutMs: 1000 });
    await clock.advance(1000);
    await closed;
    expect(await gone).toMatchObject({ name: 'ClosedError', persistence: 'possibly persisted' });
    expect(await queued.at(-1)).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
  });

  it('P15: when the client is closed first, everything pending rejects with ClosedError', async () => {
    const { producer, client, cluster } = await setup();
    await producer.send(order('first'));
    using hold = cluster.hold('Produce');
    const failures = [failureOf(producer.send(order('a'))), failureOf(producer.send({ topic: 'nowhere', value: 'x' }))];
    await hold.held();
    await client.close();
    for (const failure of failures) expect(await failure).toMatchObject({ name: 'ClosedError' });
    expect(await failureOf(producer.send(order('b')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
  });

  it('P16: flush may be called where a delivery is told', async () => {
    const { producer, log } = await setup();
    await producer.send(order('a')).then(async () => {
      void producer.send(order('b'));
      await producer.flush();
    });
    await Promise.all(values(3).map((value) => producer.send(order(value)).then(() => producer.flush())));
    expect(log()).toEqual(['a', 'b', ...values(3)]);
  });

  it('P17: close is idempotent, and a producer that is closed rejects at once', async () => {
    const { producer, log } = await setup();
    const sent = producer.send(order('a'));
    await Promise.all([producer.close(), producer.close()]);
    await sent;
    await producer.close();
    expect(await failureOf(producer.send(order('b')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
    expect(await failureOf(producer.start())).toMatchObject({ name: 'ClosedError' });
    await producer.flush();
    expect(log()).toEqual(['a']);
  });

  it('leaves no timer behind', async () => {
    const { producer, client, clock } = await setup({ lingerMs: 10 });
    await Promise.all([producer.send(order('a')), clock.advance(10)]);
    await producer.close();
    await client.close();
    await clock.advance(200_000); // what is left may fire, and must not set another
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('start and stop', () => {
  it('takes messages after start only, and after stop only when it was started again', async () => {
    const { client, log, cluster } = await setup();
    const producer = new Producer(client);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(1); // that of the setup
    expect(await failureOf(producer.send(order('early')))).toMatchObject({ name: 'ClosedError', persistence: 'not persisted' });
    await producer.start();
    const sent = producer.send(order('a'));
    await producer.stop();
    await sent;
    expect(await failureOf(producer.send(order('late')))).toMatchObject({ name: 'ClosedError' });
    await producer.start();
    await producer.send(order('b'));
    await producer.close();
    expect(log()).toEqual(['a', 'b']);
  });

  it('rejects where the cluster does not let us write idempotently, and works when it does', async () => {
    const { client, cluster } = await setup();
    cluster.fail('InitProducerId', ['CLUSTER_AUTHORIZATION_FAILED']);
    const producer = new Producer(client);
    expect(await failureOf(producer.start())).toMatchObject({ errorName: 'CLUSTER_AUTHORIZATION_FAILED' });
    await producer.start();
    expect(await producer.send(order('a'))).toMatchObject({ offset: 0 });
    await producer.close();
  });

  it('is used with await using', async () => {
    const { client, log } = await setup();
    {
      await using producer = await Producer.start(client);
      void producer.send(order('a'));
    }
    expect(log()).toEqual(['a']);
  });
});
