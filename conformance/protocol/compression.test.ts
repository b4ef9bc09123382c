import { afterAll, describe, expect, it } from 'vitest';
import { checkCrc, type Compression, compressions, decompressSync, readBatches, readRecords } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, fetchFrom, newProducer, produceTo } from '../requests.ts';

afterAll(() => broker.closeWires());

const records = [0, 1, 2].map((i) => ({
  key: `k${i}`,
  value: 'long '.repeat(100),
  headers: [['h', 'v'] as const],
  timestamp: 1_700_000_000_000 + i,
}));

/** What `compression.type` of a topic makes of a producer's batch. */
describe.each(['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'])('a topic with compression.type=%s', (type) => {
  it.each(compressions)('keeps a batch that was sent with %s', async (sent: Compression) => {
    const topic = await broker.createTopic({ configs: { 'compression.type': type } });
    const wire = await broker.leaderWire(topic);
    const { producerId, producerEpoch } = await newProducer(wire);
    await append(wire, topic, batchOf([{ value: 'first' }]));
    const batch = batchOf(records, { compression: sent, producerId, producerEpoch, baseSequence: 0 });
    expect(await produceTo(wire, 9, topic, batch)).toMatchObject({ errorCode: code.none, baseOffset: 1 });
    const kept = readBatches((await fetchFrom(wire, 12, topic, 1)).records!).at(-1)!;
    const wanted = type === 'producer' ? sent : type === 'uncompressed' ? 'none' : type;
    expect(kept).toMatchObject({
      ...{ compression: wanted, baseOffset: 1, lastOffset: 3, recordCount: 3, partitionLeaderEpoch: 0, timestampType: 'createTime' },
      ...{ producerId, producerEpoch, baseSequence: 0, baseTimestamp: records[0]!.timestamp, maxTimestamp: records[2]!.timestamp },
    });
    checkCrc(kept);
    const told = readRecords(kept, decompressSync(kept)).map(({ offset, key, value, headers, timestamp }) => {
      return {
        offset,
        key: String(key),
        value: String(value),
        headers: headers.map(([name, content]) => [name, String(content)]),
        timestamp,
      };
    });
    expect(told).toEqual(records.map((record, i) => ({ offset: i + 1, ...record })));
    if (wanted === sent) expect(kept.bytes.subarray(16)).toEqual(batch.subarray(16));
    // A duplicate is known by its sequence number, however the batch is kept.
    expect(await produceTo(wire, 9, topic, batch)).toMatchObject({ errorCode: code.none, baseOffset: 1 });
    wire.close();
  });
});

it.each(['CreateTime', 'LogAppendTime'])('a batch that is compressed anew with %s keeps the times that its topic wants', async (type) => {
  const topic = await broker.createTopic({ configs: { 'compression.type': 'gzip', 'message.timestamp.type': type } });
  const wire = await broker.leaderWire(topic);
  const { logAppendTimeMs } = await produceTo(wire, 9, topic, batchOf(records));
  const [kept] = readBatches((await fetchFrom(wire, 12, topic, 0)).records!);
  const times = readRecords(kept!, decompressSync(kept!)).map(({ timestamp }) => timestamp);
  expect(kept).toMatchObject({ compression: 'gzip', timestampType: type === 'CreateTime' ? 'createTime' : 'logAppendTime' });
  if (type === 'CreateTime') expect([logAppendTimeMs, ...times]).toEqual([-1, ...records.map(({ timestamp }) => timestamp)]);
  else expect(times).toEqual(records.map(() => logAppendTimeMs));
  expect(kept!.baseTimestamp).toBe(records[0]!.timestamp);
  wire.close();
});
