import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { LogTruncationError, SimpleConsumer, type SimpleConsumerOptions } from '@tskafka/consumer';
import type { MockClusterOptions } from '@tskafka/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorCodes as codes } from '@tskafka/core/protocol';
import { Scene } from './scene.ts';

let scene: Scene;
let consumer: SimpleConsumer | undefined;

afterEach(async () => {
  await consumer?.close();
  consumer = undefined;
  await scene?.[Symbol.asyncDispose]();
});

async function begin(options: SimpleConsumerOptions = {}, cluster: MockClusterOptions = {}): Promise<void> {
  scene = await Scene.start({ topics: { orders: 1 }, ...cluster });
  await scene.settledWithin(scene.connect(), 1000);
  consumer = await scene.settledWithin(SimpleConsumer.start(scene.client.topic('orders'), options), 5000);
}

async function read(count: number): Promise<string[]> {
  const values: string[] = [];
  while (values.length < count) values.push(String((await scene.settledWithin(consumer!.consume(), 10_000))?.value));
  return values;
}

const topic = () => scene.cluster.topic('orders');
const append = (...values: string[]): void => {
  for (const value of values) topic().append(value);
};

it('F24: ends within 500 ms during a long poll, however long that is', async () => {
  await begin({ fetchWaitMaxMs: 30_000, fetchMinBytes: 1_000_000 });
  const waiting = consumer!.consume().catch((error: Error) => error.name);
  await scene.clock.advance(1000);
  expect(await scene.timeOf(consumer!.close(), 10_000)).toBeLessThanOrEqual(500);
  expect(await waiting).toBe('ClosedError');
});

describe.each<[name: string, cluster: MockClusterOptions]>([
  ['the newest version', {}],
  ['2.4, to which fetches do not say what was read', { kafkaVersion: '2.4' }],
])('a log that lost records in an unclean election (KIP-320), on %s', (_name, cluster) => {
  const truncations: unknown[] = [];
  const note = (event: unknown): void => void truncations.push(event);
  beforeEach(() => {
    truncations.length = 0;
    subscribe('tskafka:consumer:truncation', note);
  });
  afterEach(() => void unsubscribe('tskafka:consumer:truncation', note));

  it.each([
    ['is shorter now', ['x']],
    ['has grown beyond the reader meanwhile', ['x', 'y', 'z']],
  ])('F2: one that %s is read on from where it parts from what was read', async (_, newer) => {
    await begin({}, cluster);
    append('0', '1', '2', '3', '4');
    expect(await read(5)).toEqual(['0', '1', '2', '3', '4']);
    topic().truncate(0, 3);
    append(...newer);
    expect(await read(newer.length)).toEqual(newer);
    expect(truncations).toEqual([{ topic: 'orders', partition: 0, from: 5, to: 3 }]);
  });

  it('F2: is an error that says where, without autoOffsetReset', async () => {
    await begin({}, cluster);
    const { client } = scene;
    const group = await scene.settledWithin(SimpleConsumer.start(client.topic('orders'), { consumerGroup: 'g' }), 5000);
    append('0', '1', '2', '3', '4');
    await scene.settledWithin(group.consume(), 1000);
    await scene.settledWithin(group.commitOffsets(), 1000);
    await group.close();
    consumer = await scene.settledWithin(
      SimpleConsumer.start(client.topic('orders'), { consumerGroup: 'g', autoOffsetReset: 'none' }),
      5000,
    );
    expect(await read(4)).toEqual(['1', '2', '3', '4']);
    topic().truncate(0, 3);
    append('x', 'y', 'z');
    const error: unknown = await scene.settledWithin(consumer.consume(), 10_000).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LogTruncationError);
    expect(error).toMatchObject({ divergentOffset: 3, at: { topic: 'orders', partition: 0, offset: 5 } });
    expect(consumer.position(0)).toBe(5);
    await scene.settledWithin(consumer.resetOffsets([[0, (error as LogTruncationError).divergentOffset]]), 1000);
    expect(await read(3)).toEqual(['x', 'y', 'z']);
  });

  it('F2: is found at the start too, from what the group has committed', async () => {
    await begin({ consumerGroup: 'g' }, cluster);
    append('0', '1', '2', '3', '4');
    await read(5);
    await scene.settledWithin(consumer!.commitOffsets(), 1000);
    await consumer!.close();
    topic().truncate(0, 3);
    append('x', 'y', 'z');
    consumer = await scene.settledWithin(SimpleConsumer.start(scene.client.topic('orders'), { consumerGroup: 'g' }), 5000);
    expect(await read(3)).toEqual(['x', 'y', 'z']);
  });

  it('F4: leaders that change without a loss are no loss', async () => {
    await begin({}, cluster);
    append('0', '1');
    await read(2);
    for (const leader of [2, 3, 1]) {
      topic().moveLeader(0, leader);
      append(String(leader));
      expect(await read(1)).toEqual([String(leader)]);
    }
    expect(truncations).toEqual([]);
  });
});

it('F4: a leader that cannot be asked what it lost (before 2.3) is read from all the same', async () => {
  await begin({}, { kafkaVersion: '2.2' });
  append('0');
  await read(1);
  topic().moveLeader(0, 2);
  append('1');
  expect(await read(1)).toEqual(['1']);
  expect(scene.cluster.requests({ api: 'OffsetForLeaderEpoch' })).toEqual([]);
});

it('F4: a leader that does not know yet that it is one is asked again', async () => {
  await begin({}, { kafkaVersion: '2.4' });
  append('0');
  await read(1);
  const fault = scene.cluster.fail('OffsetForLeaderEpoch', ['UNKNOWN_LEADER_EPOCH', 'NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE']);
  const lost = scene.cluster.dropResponse('OffsetForLeaderEpoch', { times: 1 });
  topic().moveLeader(0, 2);
  append('1');
  expect(await read(1)).toEqual(['1']);
  expect([fault.fired, lost.fired]).toEqual([3, 1]);
});

describe('fetch sessions (KIP-227)', () => {
  const fetches = () => scene.cluster.requests({ api: 'Fetch' });

  it('name in a request only what has changed, and forget what is not wanted', async () => {
    await begin({}, { topics: { orders: 3 }, brokers: 1 });
    append('0');
    await read(1);
    await scene.clock.advance(2000);
    const [first, ...more] = fetches();
    expect([first!.request.sessionEpoch, first!.request.topics[0]!.partitions.length]).toEqual([0, 3]);
    const later = more.at(-1)!.request;
    expect(later.sessionEpoch).toBe(more.length);
    expect(later.topics).toEqual([]);
    consumer!.pause([0]);
    await scene.clock.advance(1000);
    expect(fetches().some(({ request }) => request.forgottenTopicsData.length > 0)).toBe(true);
    consumer!.resume();
    topic().append({ value: 'again', partition: 0 });
    expect(await read(1)).toEqual(['again']);
  });

  it.each(['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'] as const)(
    'F6: after %s there is a new one at once, with every partition',
    async (errorCode) => {
      await begin({}, { topics: { orders: 3 }, brokers: 1 });
      append('0');
      await read(1);
      scene.cluster.fail('Fetch', [errorCode]);
      await scene.clock.advance(600);
      const failed = fetches().findIndex(({ response }) => response !== undefined && response.errorCode !== 0);
      expect(fetches()[failed + 1]!.request).toMatchObject({ sessionEpoch: 0, topics: [{ partitions: [{}, {}, {}] }] });
      for (const partition of [0, 1, 2]) topic().append({ value: String(partition), partition });
      const start = scene.clock.now();
      expect((await read(3)).sort()).toEqual(['0', '1', '2']);
      expect(scene.clock.now() - start).toBeLessThan(600);
    },
  );

  it('F6: a broker that keeps no sessions is told everything each time', async () => {
    await begin({}, { topics: { orders: 3 }, brokers: 1, configs: { 'max.incremental.fetch.session.cache.slots': '0' } });
    append('0', '1');
    await read(2);
    await scene.clock.advance(1100);
    for (const { request } of fetches()) expect([request.sessionId, request.sessionEpoch]).toEqual([0, 0]);
    topic().append({ value: 'x', partition: 2 });
    expect(await read(1)).toEqual(['x']);
  });
});

describe('followers (KIP-392)', () => {
  const followers: MockClusterOptions = {
    racks: ['r1', 'r2', 'r3'],
    configs: { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' },
  };
  const last = () => scene.cluster.requests({ api: 'Fetch' }).at(-1)!;

  async function readFromTwo(): Promise<void> {
    await begin({ rackId: 'r2' }, followers);
    topic().moveLeader(0, 1);
    append('0', '1');
    expect(await read(2)).toEqual(['0', '1']);
    expect(last().broker).toBe(2);
  }

  it('F5: one that goes away is not waited for: the leader is read from at once', async () => {
    await readFromTwo();
    await scene.cluster.broker(2).down();
    append('2');
    const start = scene.clock.now();
    expect(await read(1)).toEqual(['2']);
    expect(scene.clock.now() - start).toBeLessThan(1000);
  });

  it.each(['OFFSET_OUT_OF_RANGE', 'NOT_LEADER_OR_FOLLOWER', 'REPLICA_NOT_AVAILABLE', 'UNKNOWN_LEADER_EPOCH'] as const)(
    'F5: one that answers %s is left, and nothing is skipped',
    async (errorCode) => {
      await readFromTwo();
      scene.cluster.intercept('Fetch', async (call) => {
        const response = await call.pass();
        if (call.broker !== 2 || response === undefined) return response;
        for (const { partitions } of response.responses)
          for (const partition of partitions) Object.assign(partition, { errorCode: codes[errorCode], records: null });
        return response;
      });
      await scene.clock.advance(600); // the poll that is out is answered as before
      append('2', '3');
      expect(await read(2)).toEqual(['2', '3']);
    },
  );

  it('F5: one that nobody knows is not looked for: the leader is read from', async () => {
    await begin({ rackId: 'r2' }, followers);
    topic().moveLeader(0, 1);
    scene.cluster.intercept('Fetch', async (call) => {
      const response = await call.pass();
      for (const { partitions } of response?.responses ?? [])
        for (const partition of partitions)
          if ((partition.preferredReadReplica ?? -1) >= 0) Object.assign(partition, { preferredReadReplica: 9 });
      return response;
    });
    append('0', '1');
    expect(await read(2)).toEqual(['0', '1']);
    expect(scene.cluster.requests({ api: 'Fetch' }).length).toBeLessThan(6);
  });
});

describe('a stall', () => {
  it('that no time-out ends is noticed, told, and mended', async () => {
    scene = await Scene.start({ topics: { orders: 1 } });
    await scene.settledWithin(scene.connect({ requestTimeoutMs: 3_600_000 }), 1000);
    consumer = await scene.settledWithin(SimpleConsumer.start(scene.client.topic('orders')), 5000);
    const stalls: unknown[] = [];
    const note = (event: unknown): void => void stalls.push(event);
    subscribe('tskafka:consumer:stall', note);
    append('0');
    expect(await read(1)).toEqual(['0']);
    let isSilent = true;
    scene.cluster.intercept('Fetch', (call) => (isSilent ? new Promise(() => {}) : call.pass()));
    await scene.clock.advance(1000); // the poll that is out is answered as before
    const message = consumer.consume();
    append('1');
    await scene.clock.advance(30_000);
    expect(stalls).toEqual([]);
    isSilent = false; // but the answer to the request that is out never comes
    expect(String((await scene.settledWithin(message, 120_000))?.value)).toBe('1');
    unsubscribe('tskafka:consumer:stall', note);
    expect(stalls).toMatchObject([{ topic: 'orders', partition: 0 }]);
  });

  it('R9: is not what a throttle of minutes is taken for, which health() tells of', async () => {
    await begin();
    const stalls: unknown[] = [];
    const note = (event: unknown): void => void stalls.push(event);
    subscribe('tskafka:consumer:stall', note);
    const throttled = scene.cluster.throttle(300_000, { api: 'Fetch' });
    const message = consumer!.consume();
    await scene.clock.advance(1000); // the answer comes, and has nothing
    throttled.stop();
    append('0');
    await scene.clock.advance(270_000);
    const { isHealthy, partitions } = consumer!.health();
    expect([isHealthy, partitions[0]]).toMatchObject([true, { state: 'throttled', throttledMs: expect.closeTo(29_500, -3) }]);
    expect(consumer!.explain()).toMatch(/throttled; the broker throttles this client for another \d+ ms, because it exceeds a quota/);
    expect(String((await scene.settledWithin(message, 31_000))?.value)).toBe('0');
    expect(consumer!.health().partitions[0]!.state).toBe('caught up');
    unsubscribe('tskafka:consumer:stall', note);
    expect(stalls).toEqual([]);
    expect(new Set(scene.cluster.requests({ api: 'Fetch' }).map(({ connection }) => connection)).size).toBe(1);
  });
});
