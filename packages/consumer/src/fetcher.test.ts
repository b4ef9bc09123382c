import { describe, expect, it } from 'vitest';
import { answer, asked, clock, cluster, consumer, fetches, next, setUp, topic, within } from './consumer-scene.ts';
import { batchOf, valueOf } from './test-records.ts';

describe('whom the fetcher asks, and for what', () => {
  it('asks nobody before somebody reads', async () => {
    await setUp();
    await clock.advance(5000);
    expect(fetches()).toHaveLength(0);
  });

  it('asks each broker once for all its partitions, and again when it has answered', async () => {
    await setUp({ partitions: 3, before: () => topic.moveLeader(2, 2) });
    const message = consumer.consume();
    await clock.advance(100);
    expect(asked()).toEqual([
      { broker: 1, partitions: [0, 1], maxWaitMs: 500 },
      { broker: 2, partitions: [2], maxWaitMs: 500 },
    ]);
    await clock.advance(500);
    expect(asked()).toHaveLength(4);
    topic.append({ value: 'here', partition: 2 });
    expect(valueOf(await within(100, message))).toBe('here');
  });

  it('F23: leaves out a partition whose queue is full, and holds the others only shortly meanwhile', async () => {
    // Without a session every request names all that it asks for.
    const configs = { 'max.incremental.fetch.session.cache.slots': '0' };
    await setUp({ partitions: 2, consumer: { queuedMaxMessages: 2 }, cluster: { configs } });
    topic.append('0', '1', '2', '3');
    expect(await next()).toBe('0');
    await clock.advance(100);
    const later = asked().slice(1);
    expect(later[0]).toEqual({ broker: 1, partitions: [1], maxWaitMs: 5 });
    expect(later[1]).toEqual({ broker: 1, partitions: [1], maxWaitMs: 10 });
    for (const value of ['1', '2', '3']) expect(await next()).toBe(value);
    await clock.advance(600);
    // What brought records is last in the next request, so that others get their share.
    expect(asked().at(-1)).toEqual({ broker: 1, partitions: [1, 0], maxWaitMs: 500 });
  });

  it('R2: asks for no more bytes than the queue may hold', async () => {
    const batch = batchOf([Buffer.alloc(10_000)]);
    await setUp({ partitions: 10, consumer: { queuedMaxBytes: 100_000 } });
    for (let i = 0; i < 20; i++) for (let partition = 0; partition < 10; partition++) topic.appendBatch(batch, partition);
    await next();
    await clock.advance(1000);
    const answered = fetches().flatMap(({ response }) => response?.responses.flatMap(({ partitions }) => partitions) ?? []);
    const bytes = answered.reduce((sum, { records }) => sum + (records?.length ?? 0), 0);
    expect(bytes).toBeLessThan(100_000 + 2 * batch.length);
    for (let i = 1; i < 200; i++) await next();
    expect(consumer.assignment.map(({ position }) => position)).toEqual(Array.from({ length: 10 }, () => 20));
  });

  it('R2: goes on when a batch that became more than the queue may hold has been read', async () => {
    const batch = batchOf([Buffer.alloc(200_000)], { compression: 'gzip' });
    await setUp({ consumer: { queuedMaxBytes: 100_000 } });
    topic.appendBatch(batch);
    expect(await next()).toHaveLength(200_000);
    await clock.advance(2000);
    const { length } = fetches();
    await clock.advance(2000);
    expect(fetches()).toHaveLength(length); // there is no room
    topic.appendBatch(batch);
    expect(await next()).toHaveLength(200_000);
  });

  it('speaks to brokers that know no topic ids', async () => {
    await setUp({ before: () => cluster.broker(1).apiVersions({ Fetch: [4, 11], Metadata: [0, 9] }) });
    topic.append('0');
    expect(await next()).toBe('0');
    expect(fetches()[0]!.version).toBe(11);
  });
});

describe('errors that pass', () => {
  it.each([
    'NOT_LEADER_OR_FOLLOWER',
    'FENCED_LEADER_EPOCH',
    'UNKNOWN_LEADER_EPOCH',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'UNKNOWN_TOPIC_ID',
    'OFFSET_NOT_AVAILABLE',
    'KAFKA_STORAGE_ERROR',
    'REPLICA_NOT_AVAILABLE',
    'UNKNOWN_SERVER_ERROR',
  ] as const)('F4, F18: %s of a partition is waited out, and the position stays', async (code) => {
    await setUp();
    topic.append('0', '1');
    expect(await next()).toBe('0');
    await consumer.resetOffsets([[0, 1]]);
    const fault = cluster.fail('Fetch', [code, code], { topic: 'orders' });
    expect(await next(3000)).toBe('1');
    expect(fault.fired).toBe(2);
  });

  it('F6, F18: an error of the whole answer is waited out, with pauses', async () => {
    await setUp();
    topic.append('0');
    answer((response) => Object.assign(response, { errorCode: 70, responses: [] }), 5);
    expect(await next(5000)).toBe('0');
    const times = fetches().map(({ at }) => at);
    expect(times[5]! - times[0]!).toBeGreaterThan(1000);
  });

  it('M3: the leader that an answer names is asked at once, without metadata (KIP-951)', async () => {
    await setUp();
    const message = consumer.consume();
    await clock.advance(100);
    const metadata = cluster.requests({ api: 'Metadata' }).length;
    topic.moveLeader(0, 2);
    topic.append('from 2');
    expect(valueOf(await within(600, message))).toBe('from 2');
    expect(asked().at(-1)).toMatchObject({ broker: 2 });
    expect(cluster.requests({ api: 'Metadata' })).toHaveLength(metadata);
  });

  it('waits for a leader while there is none', async () => {
    await setUp();
    const message = consumer.consume();
    await clock.advance(100);
    topic.leaderless(0);
    await clock.advance(20_000);
    topic.append('0');
    topic.moveLeader(0, 3);
    expect(valueOf(await within(3000, message))).toBe('0');
  });

  it('F21: a leader that moves while offsets are looked up is followed', async () => {
    await setUp({ before: () => cluster.fail('ListOffsets', ['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE']) });
    topic.append('0');
    expect(await next()).toBe('0');
  });

  it.each(['NOT_COORDINATOR', 'UNSTABLE_OFFSET_COMMIT', 'COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE'] as const)(
    'F17: %s at the start is waited out, and never taken for a new group',
    async (code) => {
      const before = (): void => {
        topic.append('0', '1', '2');
        cluster.group('readers').commit('orders', 0, 2);
        cluster.fail('OffsetFetch', [code, code]);
      };
      await setUp({ consumer: { consumerGroup: 'readers' }, before });
      expect(consumer.position(0)).toBe(2);
    },
  );

  it('F17: a partition that OffsetFetch leaves out is asked for again, and never taken for a new one', async () => {
    const before = (): void => {
      topic.append('0', '1', '2');
      cluster.group('readers').commit('orders', 0, 2);
      let isFirst = true;
      cluster.intercept('OffsetFetch', async (call) => {
        const response = await call.pass();
        if (isFirst) response!.groups![0]!.topics = [];
        isFirst = false;
        return response;
      });
    };
    await setUp({ consumer: { consumerGroup: 'readers' }, before });
    expect(consumer.position(0)).toBe(2);
  });

  it('an error of OffsetFetch that does not pass is an error of the start', async () => {
    const options = {
      consumer: { consumerGroup: 'readers' },
      before: () => void cluster.fail('OffsetFetch', ['GROUP_AUTHORIZATION_FAILED']),
    };
    await expect(setUp(options)).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED' });
  });
});
