import { apis, errorCodes, transactionEndBatch } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { batchOf, fetch, produce, valuesOf } from '../test-requests.ts';
import { VirtualClock } from '../virtual-clock.ts';

async function start() {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock });
  return { clock, cluster, topic: cluster.topic('orders'), client: await connect(cluster) };
}

describe('the long poll', () => {
  it('is answered at once when there is something', async () => {
    const { client, topic } = await start();
    topic.append('a');
    expect(valuesOf(await fetch(client, 'orders', 0, { maxWaitMs: 60_000 }))).toEqual(['a']);
  });

  it('waits for the first record', async () => {
    const { client, cluster, topic, clock } = await start();
    const answer = fetch(client, 'orders', 0, { maxWaitMs: 60_000 });
    await cluster.nextRequest('Fetch');
    await clock.advance(59_999);
    topic.append('a');
    expect(valuesOf(await answer)).toEqual(['a']);
  });

  it('waits for minBytes, and gives what there is when the time is over', async () => {
    const { client, cluster, topic, clock } = await start();
    const answer = fetch(client, 'orders', 0, { maxWaitMs: 500, minBytes: 10_000 });
    await cluster.nextRequest('Fetch');
    topic.append('a');
    let answered = false;
    void answer.then(() => (answered = true));
    await clock.advance(499);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect(valuesOf(await answer)).toEqual(['a']);
  });

  it('is answered empty when nothing comes', async () => {
    const { client, cluster, clock } = await start();
    const answer = fetch(client, 'orders', 0, { maxWaitMs: 500 });
    await cluster.nextRequest('Fetch');
    await clock.advance(500);
    expect(await answer).toMatchObject({ errorCode: 0, highWatermark: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when the leader moves', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 }, clock: new VirtualClock() });
    const answer = fetch(await connect(cluster), 'orders', 0, { maxWaitMs: 60_000, currentLeaderEpoch: 0 });
    await cluster.nextRequest('Fetch');
    await cluster.settled();
    cluster.topic('orders').moveLeader(0, 2);
    expect(await answer).toMatchObject({ errorCode: errorCodes.FENCED_LEADER_EPOCH });
  });

  it('holds back what follows on its connection, and on no other', async () => {
    const { client, cluster, topic } = await start();
    const order: string[] = [];
    const first = fetch(client, 'orders', 0, { maxWaitMs: 60_000 }).then(() => order.push('fetch'));
    const second = client.send(apis.metadata, 12, { topics: [] }).then(() => order.push('metadata'));
    const other = await connect(cluster);
    await other.send(apis.metadata, 12, { topics: [] });
    order.push('other');
    topic.append('a');
    await Promise.all([first, second]);
    expect(order).toEqual(['other', 'fetch', 'metadata']);
  });
});

describe('offsets', () => {
  it.each([
    ['before the start', 1],
    ['behind the end', 5],
    ['negative', -1],
  ])('%s are out of range', async (_where, offset) => {
    const { client, topic } = await start();
    topic.append('a', 'b', 'c', 'd');
    topic.deleteRecords(0, 2);
    const answer = await fetch(client, 'orders', offset);
    expect(answer).toMatchObject({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, highWatermark: -1, logStartOffset: -1 });
  });

  it('at the end wait for more', async () => {
    const { client, topic } = await start();
    topic.append('a');
    expect(await fetch(client, 'orders', 1)).toMatchObject({ errorCode: 0, highWatermark: 1 });
  });

  it('within a batch give the whole batch', async () => {
    const { client } = await start();
    await produce(client, 'orders', batchOf(['a', 'b', 'c']));
    expect(valuesOf(await fetch(client, 'orders', 2))).toEqual(['a', 'b', 'c']);
  });
});

describe('leader epochs', () => {
  it.each([
    [0, errorCodes.FENCED_LEADER_EPOCH],
    [1, errorCodes.NONE],
    [2, errorCodes.UNKNOWN_LEADER_EPOCH],
  ])('a client that believes in %i gets %i while 1 is current', async (currentLeaderEpoch, errorCode) => {
    const { client, topic } = await start();
    topic.moveLeader(0, 1);
    expect(await fetch(client, 'orders', 0, { currentLeaderEpoch })).toMatchObject({ errorCode });
  });

  it('one that has read what was truncated is told where the logs part', async () => {
    const { client, topic } = await start();
    topic.append('a', 'b', 'lost');
    topic.truncate(0, 2);
    topic.append('c', 'd');
    const partition = { partition: 0, fetchOffset: 3, lastFetchedEpoch: 0, partitionMaxBytes: 1000 };
    const answer = await client.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 1, topics: [{ topic: 'orders', partitions: [partition] }] });
    expect(answer.responses[0]!.partitions[0]).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 2 } });
  });
});

it('a read_committed reader stops at the open transaction, and learns of the aborted one', async () => {
  const { client, topic } = await start();
  const transactional = (value: string, sequence: number): Buffer => {
    const batch = batchOf([value]);
    batch.writeInt16BE(0x10, 21);
    batch.writeBigInt64BE(5n, 43);
    batch.writeInt16BE(0, 51);
    batch.writeInt32BE(sequence, 53);
    return batch;
  };
  const marker = (type: 'abort' | 'commit') =>
    transactionEndBatch({ type, producerId: 5, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 1000 });
  topic.append('before');
  topic.appendBatch(transactional('aborted', 0));
  topic.appendBatch(marker('abort'));
  topic.append('between');
  topic.appendBatch(transactional('open', 1));
  topic.append('behind');
  const committed = await fetch(client, 'orders', 0, { isolationLevel: 1 });
  expect(committed).toMatchObject({ lastStableOffset: 4, highWatermark: 6, abortedTransactions: [{ producerId: 5, firstOffset: 1 }] });
  expect(valuesOf(committed)).toHaveLength(4); // the marker among them
  expect(topic.records().map(({ value }) => String(value))).toEqual(['before', 'between']);
  topic.appendBatch(marker('commit'));
  expect(topic.records().map(({ value }) => String(value))).toEqual(['before', 'between', 'open', 'behind']);
});

it('knows no session, and says so', async () => {
  const { client } = await start();
  const answer = await client.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 1, sessionId: 9, sessionEpoch: 3, topics: [] });
  expect(answer).toMatchObject({ errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0 });
});

describe('a session', () => {
  async function opened() {
    const scene = await start();
    const limits = { maxWaitMs: 0, minBytes: 0 };
    const asked = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }];
    const { sessionId } = await scene.client.send(apis.fetch, 12, { ...limits, sessionEpoch: 0, topics: asked });
    const next = (sessionEpoch: number) => scene.client.send(apis.fetch, 12, { ...limits, sessionId, sessionEpoch, topics: [] });
    return { ...scene, sessionId, next };
  }

  it('that a test lets the broker forget goes on where it was', async () => {
    const { cluster, next } = await opened();
    cluster.fail('Fetch', ['FETCH_SESSION_ID_NOT_FOUND']);
    expect(await next(1)).toMatchObject({ errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND });
    expect(await next(1)).toMatchObject({ errorCode: 0 });
  });

  it('fails for a partition that the request does not name', async () => {
    const { cluster, next } = await opened();
    const fault = cluster.fail('Fetch', ['KAFKA_STORAGE_ERROR'], { topic: 'orders', partition: 0 });
    const answer = await next(1);
    expect(answer.responses[0]!.partitions[0]).toMatchObject({ errorCode: errorCodes.KAFKA_STORAGE_ERROR });
    expect(fault.fired).toBe(1);
  });

  it('does not outlive its broker', async () => {
    const { cluster, sessionId } = await opened();
    await cluster.broker(1).down();
    await cluster.broker(1).up();
    const request = { maxWaitMs: 0, minBytes: 0, sessionId, sessionEpoch: 1, topics: [] };
    expect(await (await connect(cluster)).send(apis.fetch, 12, request)).toMatchObject({
      errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND,
    });
  });

  it('is declined where there is no room for any', async () => {
    const cluster = await MockCluster.start({
      brokers: 1,
      topics: { orders: 1 },
      configs: { 'max.incremental.fetch.session.cache.slots': '0' },
    });
    const client = await connect(cluster);
    expect(await client.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 0, sessionEpoch: 0, topics: [] })).toMatchObject({
      errorCode: 0,
      sessionId: 0,
    });
  });
});
