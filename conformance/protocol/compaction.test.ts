import { afterAll, expect, it } from 'vitest';
import { decompressSync, readBatches, type RecordBatch, readRecords } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, fetchFrom, newProducer, offsetAt, produceTo } from '../requests.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

const deleteHorizon = 0x40;
const attributesOf = (batch: RecordBatch): number => batch.bytes.readInt16BE(21);

/** All batches of the log: a fetch gives those of one segment. */
async function batchesOf(wire: Wire, topic: TestTopic): Promise<RecordBatch[]> {
  const all: RecordBatch[] = [];
  for (let offset = 0; ; offset = all.at(-1)!.lastOffset + 1) {
    const fetched = await fetchFrom(wire, 12, topic, offset);
    const batches = readBatches(fetched.records!);
    if (batches.length === 0) return all;
    all.push(...batches);
  }
}

function told(batch: RecordBatch): string {
  const records = readRecords(batch, decompressSync(batch)).map(({ offset, key, value }) => `${offset} ${String(key)}=${String(value)}`);
  const horizon = (attributesOf(batch) & deleteHorizon) === 0 ? '' : ' with a delete horizon';
  return `${batch.baseOffset}-${batch.lastOffset} ${batch.compression}${horizon}: ${records.join(', ')}`;
}

it('the cleaner keeps the newest record of each key, as the batches that they came in', async () => {
  const topic = await broker.createTopic({
    // Each batch that is more than a second newer than the first of its segment begins another; everything is dirty enough.
    configs: { 'cleanup.policy': 'compact', 'segment.ms': '1000', 'min.cleanable.dirty.ratio': '0.01' },
  });
  const wire = await broker.leaderWire(topic);
  const { producerId, producerEpoch } = await newProducer(wire);
  const start = Date.now() - 3_600_000;
  const put = (second: number, records: readonly (readonly [string, string | null])[], options?: Parameters<typeof batchOf>[1]) =>
    append(
      wire,
      topic,
      batchOf(
        records.map(([key, value], i) => ({ key, value, timestamp: start + second * 1000 + i })),
        options,
      ),
    );

  await put(0, [
    ['a', '1'],
    ['b', '1'],
    ['a', '2'],
  ]); // offsets 0 to 2
  await put(
    0,
    [
      ['c', '1'],
      ['d', '1'],
      ['c', '2'],
      ['e', '1'],
    ],
    { compression: 'gzip' },
  ); // 3 to 6
  await put(0, [['f', '1']]); // 7: nothing stays
  await put(10, [
    ['gone', '1'],
    ['gone', null],
  ]); // 8 to 9: a tombstone
  await put(10, [['p', '1']], { producerId, producerEpoch, baseSequence: 0 }); // 10: the last of its producer
  await put(20, [
    ['f', '2'],
    ['e', null],
  ]); // 11 to 12
  await put(20, [
    ['p', '2'],
    ['a', '3'],
  ]); // 13 to 14
  await put(20, [['q', '1']]); // 15: the last of what is cleaned, and nothing of it stays
  await put(30, [
    ['a', '4'],
    ['q', '2'],
    ['a', '5'],
  ]); // 16 to 18: the active segment

  const expected = [
    '0-2 none: 1 b=1',
    '3-6 gzip: 4 d=1, 5 c=2',
    '8-9 none with a delete horizon: 9 gone=null',
    '10-10 none: ',
    '11-12 none with a delete horizon: 11 f=2, 12 e=null',
    '13-14 none: 13 p=2, 14 a=3',
    '15-15 none: 15 q=1',
    '16-18 none: 16 a=4, 17 q=2, 18 a=5',
  ];
  let found: string[] = [];
  await until(
    'the log is compacted',
    async () => (found = (await batchesOf(wire, topic)).map(told)).length === expected.length,
    180_000,
  ).catch(() => {});
  expect(found).toEqual(expected);

  // Offsets and sequence numbers go on, and whoever asks within a gap is given what follows.
  const [first] = readBatches((await fetchFrom(wire, 12, topic, 0)).records!);
  expect(first).toMatchObject({
    baseOffset: 0,
    recordCount: 1,
    baseTimestamp: start + 1,
    maxTimestamp: start + 1,
    partitionLeaderEpoch: 0,
  });
  const [afterGap] = readBatches((await fetchFrom(wire, 12, topic, 7)).records!);
  expect(afterGap).toMatchObject({ baseOffset: 8 });
  const empty = (await batchesOf(wire, topic)).find(({ recordCount }) => recordCount === 0)!;
  expect(empty).toMatchObject({ producerId, producerEpoch, baseSequence: 0, baseTimestamp: -1, maxTimestamp: start + 10_000 });
  expect(empty.bytes).toHaveLength(61);
  const next = batchOf([{ key: 'p', value: '3', timestamp: start + 30_000 }], { producerId, producerEpoch, baseSequence: 1 });
  expect(await produceTo(wire, 9, topic, next)).toMatchObject({ errorCode: code.none, baseOffset: 19 });
  expect(await offsetAt(wire, 5, topic, -2)).toMatchObject({ offset: 0 });
  wire.close();
}, 240_000);
