import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { type ClientOptions, KafkaClient, type Transport } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { setProducer, transactionEndBatch } from '@tskafka/core/protocol';
import { MockCluster, type MockClusterOptions, type MockTopic, type ResponseOf, VirtualClock } from '@tskafka/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimpleConsumerOptions } from './options.ts';
import { SimpleConsumer } from './simple-consumer.ts';
import { batchOf, damaged, seededRandom, valueOf } from './test-records.ts';

let clock: VirtualClock;
let cluster: MockCluster;
let client: KafkaClient;
let topic: MockTopic;
let consumer: SimpleConsumer;

afterEach(async () => {
  await consumer?.close();
  await client?.close();
  await cluster?.close();
});

interface Setup {
  readonly consumer?: SimpleConsumerOptions;
  readonly cluster?: MockClusterOptions;
  readonly client?: Partial<ClientOptions>;
  readonly partitions?: number;
  /** Done before the consumer starts. */
  readonly before?: () => void;
}

/** A cluster in virtual time whose broker 1 leads all of the topic `orders`, and a consumer that has not begun to read. */
async function setUp(options: Setup = {}): Promise<void> {
  const { partitions = 1, before } = options;
  clock = new VirtualClock();
  const common = { clock, random: seededRandom() };
  cluster = await MockCluster.start({ topics: { orders: partitions }, autoCreateTopics: false, ...common, ...options.cluster });
  topic = cluster.topic('orders');
  for (let partition = 0; partition < partitions; partition++) topic.moveLeader(partition, 1);
  before?.();
  client = await within(
    1000,
    KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, ...common, ...options.client }),
  );
  consumer = await within(5000, SimpleConsumer.start(client.topic('orders'), options.consumer));
}

/** The promise's outcome, with virtual time passing in small steps until it is there. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  await clock.advance(0);
  for (let passed = 0; !isSettled && passed < ms; passed += 5) await clock.advance(5);
  if (!isSettled) throw new Error(`nothing has settled within ${ms} ms`);
  return promise;
}

const next = (ms = 1000) => within(ms, consumer.consume()).then(valueOf);
const fetches = () => cluster.requests({ api: 'Fetch' });
const asked = () =>
  fetches().map(({ broker, request }) => ({
    broker,
    partitions: request.topics.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)),
    maxWaitMs: request.maxWaitMs,
  }));

type FetchResponse = ResponseOf<'Fetch'>;

/** Changes the answers to the next fetches. */
function answer(change: (response: FetchResponse) => void, times = 1): void {
  cluster.intercept('Fetch', async (call) => {
    const isChanged = times-- > 0;
    const response = await call.pass();
    if (isChanged && response !== undefined) change(response);
    return response;
  });
}

/** Changes what the next answers say of the first partition in them. */
function answerOf0(
  change: (partition: Omit<FetchResponse['responses'][number]['partitions'][number], 'records'> & { records: Buffer }) => void,
  times = 1,
): void {
  answer(({ responses }) => change(responses[0]!.partitions[0]! as never), times);
}

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

describe('brokers that go away', () => {
  const allDown = () => Promise.all(cluster.brokerIds.map((id) => cluster.broker(id).down({ failover: false })));
  const allUp = () => Promise.all(cluster.brokerIds.map((id) => cluster.broker(id).up()));

  it('F22: consume() rejects after unavailableTimeoutMs, the consumer lives on, and the next call works once a broker is back', async () => {
    await setUp();
    topic.append('0');
    expect(await next()).toBe('0');
    await allDown();
    await expect(within(40_000, consumer.consume())).rejects.toMatchObject({
      name: 'NoBrokersAvailableError',
      message: expect.stringContaining('mock-1'),
    });
    await clock.advance(60_000);
    await allUp();
    topic.append('1');
    expect(await next(3000)).toBe('1');
  });

  it('F22: `for await` waits through it', async () => {
    await setUp();
    topic.append('0');
    const messages = consumer[Symbol.asyncIterator]();
    expect(valueOf((await within(1000, messages.next())).value)).toBe('0');
    const message = messages.next();
    await allDown();
    await clock.advance(120_000);
    await allUp();
    topic.append('1');
    expect(valueOf((await within(3000, message)).value)).toBe('1');
  });

  it('reconnects when the broker has restarted while nobody read', async () => {
    await setUp();
    topic.append('0');
    expect(await next()).toBe('0');
    await allDown();
    await clock.advance(2000);
    await allUp();
    topic.append('1');
    expect(await next(3000)).toBe('1');
  });

  it('heals by stop and start, too', async () => {
    await setUp({ client: { unavailableTimeoutMs: 1000 } });
    topic.append('0', '1');
    expect(await next()).toBe('0');
    await consumer.stop();
    await allDown();
    await within(1000, consumer.start());
    await expect(within(5000, consumer.consume())).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
    await allUp();
    await consumer.stop();
    await within(1000, consumer.start());
    expect(await next(3000)).toBe('1');
  });

  it('goes on with the partitions of the brokers that are left', async () => {
    await setUp({ partitions: 2, before: () => topic.moveLeader(1, 2) });
    await cluster.broker(1).down({ failover: false });
    topic.append({ value: 'from 2', partition: 1 });
    expect(await next(2000)).toBe('from 2');
  });

  it('S2: close() ends within closeTimeoutMs when the coordinator is silent, and at once without a commit to make', async () => {
    await setUp({ consumer: { consumerGroup: 'readers', autoCommitEnable: true, closeTimeoutMs: 1000 } });
    topic.append('0', '1');
    await next();
    for (const id of cluster.brokerIds) cluster.broker(id).blackhole();
    const before = clock.now();
    await within(2000, consumer.close());
    expect(clock.now() - before).toBeLessThanOrEqual(1005);
    await within(10, consumer.close());
  });

  it('a client that is closed ends what its consumers wait for', async () => {
    await setUp();
    const message = consumer.consume();
    await clock.advance(100);
    await client.close();
    await expect(within(100, message)).rejects.toMatchObject({ name: 'ClosedError' });
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('R5: a thousand consumers, closed at any moment, leave no connection, no timer and no listener behind', async () => {
    await setUp({ partitions: 3 });
    topic.append('0', { value: '1', partition: 1 });
    const { closing } = client[clusterSymbol];
    const count = () => [getEventListeners(closing, 'abort').length, cluster.brokerIds.map((id) => cluster.broker(id).connectionCount), clock.pendingTimers]; // prettier-ignore
    const cycle = async (moments: number): Promise<void> => {
      const one = new SimpleConsumer(client.topic('orders'));
      const started = one.start().then(() => one.consume());
      started.catch(() => {});
      for (let i = 0; i < moments; i++) await Promise.resolve();
      await one.close();
      await started.catch(() => {});
    };
    await cycle(1000);
    await clock.advance(0);
    const before = count();
    for (let i = 0; i < 1000; i++) await cycle(i % 200);
    await clock.advance(0);
    expect(count()).toEqual(before);
  });

  it('S3: nothing is left of a consumer that is closed while it starts, connects or looks for an offset', async () => {
    for (const api of ['ListOffsets', 'OffsetFetch', 'Fetch'] as const) {
      await setUp();
      using hold = cluster.hold(api);
      const closing = new SimpleConsumer(client.topic('orders'), { consumerGroup: 'readers' });
      const started = closing.start().then(() => closing.consume());
      const ended = expect(started).rejects.toMatchObject({ name: 'ClosedError' });
      await within(1000, hold.held());
      await within(500, closing.close());
      await ended;
      await client.close();
      await clock.advance(0);
      expect(clock.pendingTimers).toBe(0);
      hold.release();
      await cluster.close();
    }
  });
});

describe('errors that the reader is told', () => {
  it('M8: a topic that is deleted is an error after topicTimeoutMs; made anew, it is read from autoOffsetReset', async () => {
    await setUp({ client: { topicTimeoutMs: 2000 } });
    topic.append('0');
    expect(await next()).toBe('0');
    topic.delete();
    await expect(within(5000, consumer.consume())).rejects.toMatchObject({
      errorName: 'UNKNOWN_TOPIC_OR_PARTITION',
      at: { topic: 'orders', partition: 0, offset: 1 },
    });
    cluster.createTopic('orders').append('new 0', 'new 1');
    expect(await next(3000)).toBe('new 0');
  });

  it('a partition that may not be read is an error, is asked for again, and does not hold up the others', async () => {
    await setUp({ partitions: 2 });
    cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED'], { topic: 'orders', partition: 0 });
    topic.append('0', { value: 'other', partition: 1 });
    const outcomes = [];
    while (outcomes.length < 4) outcomes.push(await next().catch((error: { errorName: string }) => error.errorName));
    expect(outcomes.sort()).toEqual(['0', 'TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED', 'other']);
  });

  it('H5: an answer that is cut short is an error, and the next one is fetched', async () => {
    await setUp();
    topic.append('0');
    cluster.bytes('Fetch', (frame) => {
      const cut = Buffer.from(frame.subarray(0, frame.length - 20));
      cut.writeInt32BE(cut.length - 4);
      return cut;
    });
    await expect(next()).rejects.toMatchObject({ name: 'ProtocolError' });
    expect(await next()).toBe('0');
  });

  it('a reset that is no reader’s wish is published, with both offsets', async () => {
    const published: unknown[] = [];
    const listen = (message: unknown) => published.push(message);
    subscribe('tskafka:consumer:reset', listen);
    const before = (): void => {
      topic.append('0', '1', '2');
      cluster.group('readers').commit('orders', 0, 99);
    };
    await setUp({ consumer: { consumerGroup: 'readers' }, before });
    expect(await next()).toBe('0');
    unsubscribe('tskafka:consumer:reset', listen);
    expect(published).toEqual([{ topic: 'orders', partition: 0, from: 99, to: 0 }]);
  });

  it('F19: a batch with a wrong checksum is an error with its place; what is before it and the other partitions are read', async () => {
    await setUp({ partitions: 2 });
    topic.append('0');
    topic.appendBatch(damaged(batchOf(['1', '2'])));
    topic.append('3', { value: 'other', partition: 1 });
    const values: unknown[] = [];
    const errors: unknown[] = [];
    while (values.length < 2 || errors.length < 2) await next().then((value) => values.push(value), (error) => errors.push(error)); // prettier-ignore
    expect(values.sort()).toEqual(['0', 'other']);
    expect(errors[0]).toMatchObject({
      name: 'CorruptRecordError',
      message: expect.stringMatching(/^orders\/0: the batch at offset 1 has the checksum/),
      at: { topic: 'orders', partition: 0, offset: 1, skipTo: 3 },
    });
    expect(consumer.position(0)).toBe(1);
    await consumer.resetOffsets([[0, (errors[0] as { at: { skipTo: number } }).at.skipTo]]);
    expect(await next(2000)).toBe('3');
  });

  it('F19: nothing behind a batch that cannot be read is handed out, also what was being fetched already', async () => {
    await setUp();
    topic.append('0');
    topic.appendBatch(damaged(batchOf(['1'])));
    topic.append('2');
    const first = consumer.consume();
    await clock.advance(50); // the fetch of what comes behind '2' is out
    expect(valueOf(await first)).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError' });
    topic.append('3');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError', at: { offset: 1 } });
    expect(consumer.position(0)).toBe(1);
  });

  it('F19: without checkCrcs nobody looks', async () => {
    await setUp({ consumer: { checkCrcs: false } });
    topic.appendBatch(damaged(batchOf(['abc']), 3));
    expect(await next()).toHaveLength(3);
  });

  it('F19: what is told in the middle of an answer does not free the memory of the rest', async () => {
    const transport: Transport = {
      // Nothing comes in one piece, as on a network: then answers are put together in memory that is used again.
      connect: (address, events, signal) => {
        const data = (chunk: Buffer): void => {
          events.data(chunk.subarray(0, chunk.length - 1));
          events.data(chunk.subarray(chunk.length - 1));
        };
        return cluster.transport.connect(address, { ...events, data }, signal);
      },
    };
    await setUp({ partitions: 3, client: { transport } });
    const long = (letter: string, length = 100_000): string => letter.repeat(length);
    topic.append({ value: long('a'), partition: 0 }, { value: long('b'), partition: 2 });
    cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED'], { topic: 'orders', partition: 1 });
    const nextOrError = () => next().catch((error: { errorName: string }) => error.errorName);
    const read = await Promise.all([nextOrError(), nextOrError()]);
    topic.append({ value: long('c', 250_000), partition: 0 });
    await clock.advance(1000);
    while (read.length < 4) read.push(await nextOrError());
    expect(read.map((value) => value?.slice(0, 5)).sort()).toEqual(['TOPIC', 'aaaaa', 'bbbbb', 'ccccc']);
  });

  it('F19: damage on the way is read again', async () => {
    await setUp();
    topic.append('0', '1');
    answerOf0((partition) => (partition.records = damaged(partition.records)));
    expect(await next()).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError' });
    expect(await next()).toBe('1');
  });

  it('F19: a header that is impossible is an error behind what is good', async () => {
    await setUp();
    topic.append('0', '1');
    const batchBytes = batchOf(['0']).length;
    answerOf0((partition) => {
      partition.records = Buffer.from(partition.records);
      partition.records[partition.records.length - batchBytes + 16] = 9; // the magic of the last batch
    }, 2);
    expect(await next()).toBe('0');
    await expect(next()).rejects.toMatchObject({ name: 'CorruptRecordError', at: { offset: 1 } });
    expect(await next(2000)).toBe('1');
  });

  it.each([
    ['a bomb', () => batchOf([Buffer.alloc(3_000_000)], { compression: 'gzip' })],
    ['one whose bytes are cut', () => damaged(batchOf(['0'.repeat(1000)], { compression: 'gzip' }), 20)],
  ])('F20: a compressed batch that is %s is an error', async (_, poison) => {
    await setUp({ consumer: { maxDecompressedBytes: 1_000_000, checkCrcs: false } });
    topic.appendBatch(poison());
    topic.append('1');
    const error = await realTime(consumer.consume()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'CorruptRecordError', at: { offset: 0, skipTo: 1 } });
    await consumer.resetOffsets([[0, 1]]);
    expect(valueOf(await realTime(consumer.consume()))).toBe('1');
  });
});

/** Decompression happens on other threads, for which virtual time does not wait. */
async function realTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  while (!isSettled) await clock.advance(1);
  return promise;
}

describe('what brokers send', () => {
  it('F7: a batch that is cut off at the end is fetched again', async () => {
    await setUp();
    topic.append('0', '1');
    answerOf0((partition) => (partition.records = partition.records.subarray(0, -10)));
    expect([await next(), await next()]).toEqual(['0', '1']);
  });

  it('F8: gaps are passed, within a batch and between batches', async () => {
    await setUp();
    topic.appendBatch(batchOf(['0', '1'], { lastOffsetDelta: 9 }));
    topic.appendBatch(batchOf([], { lastOffsetDelta: 4 }));
    topic.append('15');
    expect([await next(), await next(), await next()]).toEqual(['0', '1', '15']);
    expect(consumer.position(0)).toBe(16);
  });

  it('F8: a reader that ends at the end does so where compaction has left nothing there', async () => {
    const before = () => void topic.appendBatch(batchOf(['0'], { lastOffsetDelta: 9 }));
    await setUp({ consumer: { until: 'latest' }, before });
    let isFirst = true;
    answerOf0((partition) => {
      partition.records = isFirst ? batchOf(['0']) : Buffer.alloc(0);
      isFirst = false;
    }, Infinity); // prettier-ignore
    expect([await next(), await next()]).toEqual(['0', undefined]);
    expect(consumer.position(0)).toBe(10);
  });

  it('F9: answers of markers alone move the position on, without haste', async () => {
    await setUp({ consumer: { until: 1000 }, before: () => markers(1000) });
    expect(await next(5000)).toBeUndefined();
    expect(consumer.position(0)).toBe(1000);
    expect(fetches().length).toBeLessThan(10);
  });

  it('F11: what is left out is asked for again, what comes twice is taken once, what nobody asked for is dropped', async () => {
    await setUp({ partitions: 2 });
    topic.append('0', { value: 'other', partition: 1 });
    answer(({ responses: [response] }) => {
      const first = response!.partitions[0]!;
      response!.partitions = [first, first, { ...first, partitionIndex: 7 }];
    });
    expect([await next(), await next()].sort()).toEqual(['0', 'other']);
    await clock.advance(2000);
    expect(consumer.assignment.map(({ position }) => position)).toEqual([1, 1]);
  });

  it('F3, F12: what was on its way when the reader jumped is dropped', async () => {
    await setUp();
    topic.append('0', '1', '2', '3');
    using hold = cluster.hold('Fetch', { times: 1 });
    answerOf0((partition) => Object.assign(partition, { errorCode: 1, records: null }));
    const message = consumer.consume();
    await within(100, hold.held());
    await within(100, consumer.resetOffsets([[0, 2]]));
    hold.release();
    expect(valueOf(await within(1000, message))).toBe('2');
  });

  it('F1: what was fetched before the log lost its offset is read first', async () => {
    await setUp();
    topic.append('0', '1', '2', '3', '4', '5');
    let isFirst = true;
    cluster.intercept('Fetch', (call) => {
      if (!isFirst) topic.deleteRecords(0, 5);
      isFirst = false;
      return call.pass();
    });
    answerOf0((partition) => (partition.records = partition.records.subarray(0, (partition.records.length / 6) * 3)));
    expect([await next(), await next(), await next(), await next(3000)]).toEqual(['0', '1', '2', '5']);
  });

  it('F1: the log’s start is looked up, not believed from the answer', async () => {
    await setUp({ consumer: { autoOffsetReset: 1 }, before: () => void topic.append('0', '1', '2', '3') });
    topic.deleteRecords(0, 3);
    expect(await next()).toBe('3');
    expect(cluster.requests({ api: 'ListOffsets' }).length).toBeGreaterThan(1);
  });
});

describe('read_committed', () => {
  const transactional = (producerId: number, ...values: string[]): Buffer => {
    const bytes = batchOf(values);
    setProducer(bytes, { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    return bytes;
  };
  const end = (type: 'commit' | 'abort', producerId: number): void =>
    void topic.appendBatch(transactionEndBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 }));

  it('F10: gives nothing behind a transaction that is open, and nothing of one that was aborted', async () => {
    await setUp();
    topic.append('0');
    topic.appendBatch(transactional(7, 'a', 'b'));
    topic.append('3');
    expect(await next()).toBe('0');
    const message = consumer.consume();
    await clock.advance(3000);
    expect(consumer.position(0)).toBe(1);
    end('abort', 7);
    expect(valueOf(await within(1000, message))).toBe('3');
  });

  it('F10: keeps to it across answers: a transaction that began in one and was aborted in a later one', async () => {
    const options = { fetchMessageMaxBytes: 1, until: 'latest' } as const;
    const before = (): void => {
      topic.appendBatch(transactional(7, 'a'));
      topic.appendBatch(transactional(8, 'kept'));
      topic.appendBatch(transactional(7, 'b'));
      end('commit', 8);
      end('abort', 7);
      topic.appendBatch(transactional(7, 'kept too'));
      end('commit', 7);
    };
    await setUp({ consumer: options, before });
    expect([await next(), await next(), await next()]).toEqual(['kept', 'kept too', undefined]);
    expect(fetches().length).toBeGreaterThan(5);
  });

  it('read_uncommitted gives all of it, at once', async () => {
    await setUp({ consumer: { isolation: 'read_uncommitted' } });
    topic.appendBatch(transactional(7, 'open'));
    topic.append('1');
    expect([await next(), await next()]).toEqual(['open', '1']);
  });

  it('latest is behind what is committed, and an offset behind that can be jumped to all the same', async () => {
    const before = (): void => {
      topic.append('0');
      topic.appendBatch(transactional(7, 'open'));
      topic.append('2');
    };
    await setUp({ consumer: { autoOffsetReset: 'latest' }, before });
    expect(consumer.position(0)).toBe(1);
    await within(100, consumer.resetOffsets([[0, 2]]));
    end('abort', 7);
    expect(await next()).toBe('2');
  });
});

function markers(count: number): void {
  for (let i = 0; i < count; i++) {
    topic.appendBatch(transactionEndBatch({ type: 'commit', producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 }));
  }
}
