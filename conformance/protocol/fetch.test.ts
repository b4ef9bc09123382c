import { afterAll, describe, expect, it } from 'vitest';
import { apis, readBatches } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, batchOfValues, fetchFrom, recordsOf, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';

const topic = await broker.createTopic();
const empty = await broker.createTopic();
const large = await broker.createTopic({ partitions: 1 });
const wire = await broker.leaderWire(topic);
const emptyWire = await broker.leaderWire(empty);
const largeWire = await broker.leaderWire(large);
const unknown: TestTopic = { name: broker.freshName('unknown'), id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
afterAll(() => broker.closeWires());

await append(wire, topic, batchOfValues('0', '1', '2'));
await append(wire, topic, batchOfValues('3'));
await append(wire, topic, batchOf([{ value: '4' }, { value: '5' }], { compression: 'gzip' }));

// Five batches of the same size, so that limits can be told in batches.
const largeBatch = batchOfValues('x'.repeat(10_000));
for (let i = 0; i < 5; i++) await append(largeWire, large, largeBatch);

const zstd = await broker.createTopic();
const zstdWire = await broker.leaderWire(zstd);
await append(zstdWire, zstd, batchOf([{ value: 'long '.repeat(100) }], { compression: 'zstd' }));

// Two partitions on one broker, for what they share.
const pair = await broker.createTopic({ assignments: [[1], [1]] });
const pairWire = await broker.leaderWire(pair);
for (const partition of [0, 1]) await append(pairWire, pair, largeBatch, { partition });

describe.each(versionsOf(apis.fetch))('Fetch version %i', (version) => {
  it('gives all batches from an offset on, and where the log begins and ends', async () => {
    const fetched = await fetchFrom(wire, version, topic, 0);
    expect(fetched).toMatchObject({
      ...{ partitionIndex: 0, errorCode: code.none, highWatermark: 6, lastStableOffset: 6, preferredReadReplica: -1 },
      logStartOffset: version >= 5 ? 0 : -1,
    });
    expect(valuesOf(fetched)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(recordsOf(fetched).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives the bytes that were produced, but for offset and leader epoch', async () => {
    const sent = batchOf([{ key: 'k', value: 'v' }], { compression: 'gzip' });
    const own = await broker.createTopic();
    const ownWire = await broker.leaderWire(own);
    await append(ownWire, own, batchOfValues('first'));
    await append(ownWire, own, sent);
    const [, batch] = readBatches((await fetchFrom(ownWire, version, own, 0)).records!);
    expect(batch!.bytes.subarray(16)).toEqual(sent.subarray(16));
    expect([batch!.baseOffset, batch!.partitionLeaderEpoch]).toEqual([1, 0]);
    ownWire.close();
  });

  it('gives the whole batch that holds the offset', async () => {
    expect(valuesOf(await fetchFrom(wire, version, topic, 2))).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(valuesOf(await fetchFrom(wire, version, topic, 3))).toEqual(['3', '4', '5']);
    expect(valuesOf(await fetchFrom(wire, version, topic, 5))).toEqual(['4', '5']);
  });

  it('gives nothing at the end of the log, and no records are an empty list', async () => {
    expect(await fetchFrom(wire, version, topic, 6)).toMatchObject({ errorCode: code.none, highWatermark: 6, records: Buffer.alloc(0) });
    expect(await fetchFrom(emptyWire, version, empty, 0)).toMatchObject({ errorCode: code.none, records: Buffer.alloc(0) });
  });

  it('refuses an offset beyond the end and one below 0', async () => {
    for (const offset of [7, 1_000_000, -1]) {
      const fetched = await fetchFrom(wire, version, topic, offset);
      expect(fetched).toMatchObject({ errorCode: code.offsetOutOfRange, highWatermark: -1, records: Buffer.alloc(0) });
    }
  });

  it('gives what a producer compressed with zstd in every version: only a topic that itself asks for zstd is refused (KIP-110)', async () => {
    expect(recordsOf(await fetchFrom(zstdWire, version, zstd, 0))).toHaveLength(1);
  });

  it('refuses an unknown topic and an unknown partition', async () => {
    const errorCode = version >= 13 ? code.unknownTopicId : code.unknownTopicOrPartition;
    expect(await fetchFrom(wire, version, unknown, 0)).toMatchObject({ errorCode });
    expect(await fetchFrom(wire, version, topic, 0, { partition: 9 })).toMatchObject({ errorCode: code.unknownTopicOrPartition });
  });

  it('answers an error at once, however long the request would wait', async () => {
    const started = Date.now();
    await fetchFrom(wire, version, topic, 99, { maxWaitMs: 20_000, minBytes: 1 });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('gives the first batch also when it is larger than every limit (KIP-74)', async () => {
    expect(recordsOf(await fetchFrom(largeWire, version, large, 0, { partitionMaxBytes: 100 }))).toHaveLength(1);
    expect(recordsOf(await fetchFrom(largeWire, version, large, 0, { maxBytes: 100 }))).toHaveLength(1);
    expect(recordsOf(await fetchFrom(largeWire, version, large, 0, { maxBytes: 0, partitionMaxBytes: 0 }))).toHaveLength(1);
  });

  it('stops at the byte limit of the partition and of the request', async () => {
    const twoAndAHalf = Math.floor(largeBatch.length * 2.5);
    expect(recordsOf(await fetchFrom(largeWire, version, large, 0, { partitionMaxBytes: twoAndAHalf }))).toHaveLength(2);
    expect(recordsOf(await fetchFrom(largeWire, version, large, 0, { maxBytes: twoAndAHalf }))).toHaveLength(2);
  });

  it('gives a second partition nothing when the first has used up the request', async () => {
    const partitions = [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: 1_000_000 }));
    const topics = [{ topic: pair.name, topicId: pair.id, partitions }];
    const answer = await pairWire.send(apis.fetch, version, { maxWaitMs: 0, minBytes: 0, maxBytes: 1, topics });
    const sizes = answer.responses[0]!.partitions.map(({ records }) => records!.length);
    expect(sizes).toEqual([largeBatch.length, 0]);
  });

  it('waits for new records, and answers as soon as they are there', async () => {
    const own = await broker.createTopic();
    const ownWire = await broker.leaderWire(own);
    const producing = await broker.leaderWire(own);
    const fetching = fetchFrom(ownWire, version, own, 0, { maxWaitMs: 20_000, minBytes: 1 });
    await append(producing, own, batchOfValues('news'));
    const started = Date.now();
    expect(valuesOf(await fetching)).toEqual(['news']);
    expect(Date.now() - started).toBeLessThan(15_000);
    producing.close();
    ownWire.close();
  });

  it('waits no longer than it was told', async () => {
    const started = performance.now();
    const fetched = await fetchFrom(wire, version, topic, 6, { maxWaitMs: 60, minBytes: 1 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
    expect(fetched.records).toEqual(Buffer.alloc(0));
  });

  it('waits for as many bytes as it was told, and gives what there is when the time is over', async () => {
    const started = performance.now();
    const fetched = await fetchFrom(wire, version, topic, 0, { maxWaitMs: 60, minBytes: 1_000_000 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
    expect(recordsOf(fetched)).toHaveLength(6);
  });

  it('tells about aborted transactions only a reader of committed records', async () => {
    expect((await fetchFrom(wire, version, topic, 0)).abortedTransactions).toBeNull();
    expect((await fetchFrom(wire, version, topic, 0, { readCommitted: true })).abortedTransactions).toEqual([]);
  });

  if (version >= 9) {
    it('takes the leader epoch that it has, and no other', async () => {
      expect(await fetchFrom(wire, version, topic, 0, { leaderEpoch: 0 })).toMatchObject({ errorCode: code.none });
      expect(await fetchFrom(wire, version, topic, 0, { leaderEpoch: 1 })).toMatchObject({ errorCode: code.unknownLeaderEpoch });
    });
  }

  if (broker.nodes > 1) {
    it('answers with error 6 when it does not lead the partition, and from version 16 on names the leader (KIP-951)', async () => {
      const [leader] = await broker.leaders(topic.name, wire);
      const other = await broker.wire((leader! % broker.nodes) + 1);
      const fetched = await fetchFrom(other, version, topic, 0);
      expect(fetched.errorCode).toBe(code.notLeaderOrFollower);
      if (version >= 16) expect(fetched.currentLeader).toEqual({ leaderId: leader, leaderEpoch: 0 });
      other.close();
    });
  }
});

describe('Fetch', () => {
  it('refuses an offset that was deleted from the start of the log', async () => {
    const own = await broker.createTopic();
    const ownWire = await broker.leaderWire(own);
    await append(ownWire, own, batchOfValues('0', '1', '2', '3'));
    const topics = [{ name: own.name, partitions: [{ partitionIndex: 0, offset: 2 }] }];
    const deleted = await ownWire.send(apis.deleteRecords, 2, { topics, timeoutMs: 10_000 });
    expect(deleted.topics[0]!.partitions[0]).toMatchObject({ errorCode: code.none, lowWatermark: 2 });
    expect(await fetchFrom(ownWire, 12, own, 1)).toMatchObject({ errorCode: code.offsetOutOfRange });
    const fetched = await fetchFrom(ownWire, 12, own, 2);
    expect(fetched).toMatchObject({ errorCode: code.none, logStartOffset: 2 });
    expect(valuesOf(fetched, 2)).toEqual(['2', '3']); // the batch is whole; the reader drops what is before its offset
  });
});
