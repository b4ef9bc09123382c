import { readBatches, RecordBatchBuilder, transactionEndBatch } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { batchOf, fetch, produce, sequenced } from '../test-requests.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { lastTurn } from './maintain.ts';

const day = 86_400_000;

async function start(configs: Readonly<Record<string, string>>) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: { configs } }, clock });
  const topic = cluster.topic('orders');
  const left = () => topic.records().map(({ offset, key, value }) => `${offset} ${String(key)}=${String(value)}`);
  return { clock, cluster, topic, left, client: await connect(cluster) };
}

function keyedBatch(key: string, value: string): Buffer {
  const builder = new RecordBatchBuilder();
  builder.append(key, value, [], Date.UTC(2026, 0, 1));
  return builder.close();
}

it.each([
  [10, 0, 0, 9, undefined],
  [10, 0, 0, 10, 10],
  [10, 0, 10, 19, undefined],
  [10, 0, 5, 39, 30],
  [10, 3, 3, 12, undefined],
  [10, 3, 3, 13, 13],
])('of turns every %i ms from %i on the last in (%i, %i] is %o', (interval, begin, since, now, last) => {
  expect(lastTurn(interval, begin, since, now)).toBe(last);
});

describe('retention', () => {
  it('deletes a segment once it is too old and the broker looks, and keeps no timer for it', async () => {
    const { clock, topic, client } = await start({ 'segment.ms': '1000', 'retention.ms': String(day) });
    topic.append('old');
    await clock.advance(2000);
    topic.append('new');
    await clock.advance(day - 1500);
    expect(topic.partition(0)).toMatchObject({ startOffset: 0 });
    await clock.advance(300_000);
    expect(clock.pendingTimers).toBe(0);
    expect(await fetch(client, 'orders', 0)).toMatchObject({ errorCode: 1 });
    expect(topic.partition(0)).toMatchObject({ startOffset: 2, endOffset: 2, segments: [{ baseOffset: 2, sizeInBytes: 0 }] });
  });

  it('does so at once when a test asks, and never takes what is not committed', async () => {
    const { clock, topic } = await start({ 'segment.ms': '1000', 'retention.bytes': '0' });
    topic.append('a', 'b');
    topic.applyRetention();
    expect(topic.partition(0)).toMatchObject({ startOffset: 2 });
    await clock.advance(day);
    expect(topic.append('c')).toBe(2);
  });
});

describe('compaction', () => {
  const compacted = { 'cleanup.policy': 'compact' };

  it('keeps the newest of each key, but for the active segment, and offsets keep their gaps', async () => {
    const { topic, left, client } = await start(compacted);
    topic.append({ key: 'a', value: '1' }, { key: 'b', value: '1' }, { key: 'a', value: '2' });
    topic.roll();
    topic.append({ key: 'b', value: '2' });
    topic.compact();
    expect(left()).toEqual(['1 b=1', '2 a=2', '3 b=2']);
    topic.roll();
    topic.compact();
    expect(left()).toEqual(['2 a=2', '3 b=2']);
    expect(topic.partition(0)).toMatchObject({ startOffset: 0, endOffset: 4 });
    const batches = readBatches((await fetch(client, 'orders', 0)).records!);
    expect(batches.map(({ baseOffset }) => baseOffset)).toEqual([2, 3]);
  });

  it('is done by the cleaner when half of the log is dirty', async () => {
    const { clock, topic, left } = await start(compacted);
    topic.append({ key: 'a', value: '1' }, { key: 'a', value: '2' });
    topic.roll();
    await clock.advance(14_999);
    expect(left()).toHaveLength(2);
    await clock.advance(1);
    expect(left()).toEqual(['1 a=2']);
    // As much again would be half, which is not more than half.
    topic.append({ key: 'a', value: '3' });
    topic.roll();
    await clock.advance(15_000);
    expect(left()).toHaveLength(2);
    topic.append({ key: 'a', value: '4' });
    topic.roll();
    await clock.advance(15_000);
    expect(left()).toEqual(['3 a=4']);
  });

  it('waits for min.compaction.lag.ms', async () => {
    const { clock, topic, left } = await start({ ...compacted, 'min.compaction.lag.ms': '60000' });
    topic.append({ key: 'a', value: '1' }, { key: 'a', value: '2' });
    topic.roll();
    topic.compact();
    await clock.advance(59_999);
    expect(left()).toHaveLength(2);
    await clock.advance(15_000);
    expect(left()).toEqual(['1 a=2']);
  });

  it('lets a tombstone go delete.retention.ms after it was first compacted', async () => {
    const { clock, topic, left, client } = await start({ ...compacted, 'delete.retention.ms': '5000' });
    topic.append({ key: 'a', value: '1' }, { key: 'a' }, { key: 'b', value: '1' });
    topic.roll();
    await clock.advance(1000);
    topic.compact();
    expect(left()).toEqual(['1 a=null', '2 b=1']);
    const [tombstone] = readBatches((await fetch(client, 'orders', 0)).records!);
    expect(tombstone!.bytes.readInt16BE(21) & 0x40).toBe(0x40);
    expect(tombstone!.baseTimestamp).toBe(clock.wallTime() + 5000);
    expect(topic.records()[0]!.timestamp).toBe(clock.wallTime() - 1000);
    await clock.advance(4999);
    topic.compact();
    expect(left()).toHaveLength(2);
    await clock.advance(1);
    topic.compact();
    expect(left()).toEqual(['2 b=1']);
  });

  it("keeps a producer's last batch, empty, so that its sequence number is not lost", async () => {
    const { topic, client, left } = await start(compacted);
    const batch = sequenced(keyedBatch('a', '1'), 7, 0);
    await produce(client, 'orders', batch);
    topic.append({ key: 'a', value: '2' });
    topic.roll();
    topic.compact();
    expect(left()).toEqual(['1 a=2']);
    const [first] = readBatches((await fetch(client, 'orders', 0)).records!);
    expect(first).toMatchObject({ baseOffset: 0, lastOffset: 0, recordCount: 0, producerId: 7, baseSequence: 0 });
    expect(await produce(client, 'orders', sequenced(keyedBatch('a', '3'), 7, 1))).toMatchObject({ errorCode: 0, baseOffset: 2 });
  });

  it('drops what was aborted, and a marker once its transaction has nothing left', async () => {
    const { client, clock, topic } = await start({ ...compacted, 'delete.retention.ms': '5000' });
    const transactional = (producerId: number, key: string) => {
      const batch = sequenced(keyedBatch(key, String(producerId)), producerId, 0);
      batch.writeInt16BE(0x10, 21);
      return batch;
    };
    const marker = (type: 'abort' | 'commit', producerId: number) =>
      transactionEndBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 1000 });
    topic.appendBatch(transactional(1, 'a'));
    topic.appendBatch(marker('abort', 1));
    topic.appendBatch(transactional(2, 'b'));
    topic.appendBatch(marker('commit', 2));
    topic.append({ key: 'z', value: 'z' });
    topic.roll();
    topic.forgetProducers();
    const offsets = async () => readBatches((await fetch(client, 'orders', 0)).records!).map(({ baseOffset }) => baseOffset);
    topic.compact();
    expect(await offsets()).toEqual([1, 2, 3, 4]);
    topic.compact();
    await clock.advance(5000);
    topic.compact();
    expect(await offsets()).toEqual([2, 3, 4]);
  });

  it('is refused for a topic that is not compacted', async () => {
    const { topic } = await start({});
    expect(() => topic.compact()).toThrow("orders has the cleanup.policy 'delete', and is not compacted");
  });
});

describe('an idempotent producer', () => {
  it('is forgotten a day after its last batch', async () => {
    const { client, clock, topic } = await start({ 'retention.ms': '-1' });
    const batch = (sequence: number) => sequenced(batchOf(['x'], { timestamp: clock.wallTime() }), 7, sequence);
    await produce(client, 'orders', batch(0));
    await clock.advance(day - 1);
    expect(await produce(client, 'orders', batch(5))).toMatchObject({ errorCode: 45 });
    await clock.advance(600_000);
    expect(await produce(client, 'orders', batch(5))).toMatchObject({ errorCode: 0 });
    expect(topic.partition(0)).toMatchObject({ endOffset: 2 });
  });
});
