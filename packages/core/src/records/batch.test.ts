import { describe, expect, it } from 'vitest';
import { RecordBatchBuilder } from './batch-builder.ts';
import { type Compression, compressions } from './compression.ts';
import { checkCrc, readBatches, summarizeBatches } from './batch.ts';
import { readControlType, transactionEndBatch } from './control.ts';
import { decompress, decompressSync } from './decompress.ts';
import { readRecords } from './record.ts';
import { setAppendTime, setOffset, setProducer } from './stamp.ts';

function build(compression: Compression = 'none'): Buffer {
  const builder = new RecordBatchBuilder();
  builder.append(null, 'first', [], 1000);
  builder.append('key', null, [['a', 'x'], ['a', null], ['b', Buffer.from([0, 255])]], 900); // prettier-ignore
  builder.append(Buffer.alloc(0), 'ü'.repeat(100), [], 1000 + 2 ** 40);
  return builder.close({ compression, producerId: 7, producerEpoch: 2, baseSequence: 5 });
}

describe('a record batch', () => {
  it.each(compressions)('is read as it was written (%s)', async (compression) => {
    const [batch] = readBatches(build(compression));
    checkCrc(batch!);
    expect(batch).toMatchObject({ compression, baseOffset: 0, lastOffset: 2, recordCount: 3, producerId: 7, producerEpoch: 2 });
    expect(batch).toMatchObject({ baseSequence: 5, baseTimestamp: 1000, maxTimestamp: 1000 + 2 ** 40, timestampType: 'createTime' });
    const records = readRecords(batch!, decompressSync(batch!));
    expect(records).toMatchObject([
      { offset: 0, timestamp: 1000, timestampBigInt: undefined, key: null, value: Buffer.from('first'), headers: [] },
      { offset: 1, timestamp: 900, key: Buffer.from('key'), value: null },
      { offset: 2, timestamp: 1000 + 2 ** 40, key: Buffer.alloc(0), value: Buffer.from('ü'.repeat(100)) },
    ]);
    expect(records[1]!.headers).toEqual([['a', Buffer.from('x')], ['a', null], ['b', Buffer.from([0, 255])]]); // prettier-ignore
    expect(readRecords(batch!, await decompress(batch!))).toEqual(records);
  });

  it('takes its offset without a new checksum, and its append time with one', () => {
    const bytes = build();
    setOffset(bytes, 41, 3);
    setProducer(bytes, { producerId: 8, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    setAppendTime(bytes, 5555);
    const [batch] = readBatches(bytes);
    checkCrc(batch!);
    expect(batch).toMatchObject({ baseOffset: 41, lastOffset: 43, partitionLeaderEpoch: 3, producerId: 8, isTransactional: true });
    expect(readRecords(batch!, batch!.records).map(({ timestamp }) => timestamp)).toEqual([5555, 5555, 5555]);
  });

  it.each(['abort', 'commit'] as const)('marks the end of a transaction: %s', (type) => {
    const [batch] = readBatches(transactionEndBatch({ type, producerId: 1, producerEpoch: 0, coordinatorEpoch: 4, timestamp: 9 }));
    checkCrc(batch!);
    expect(batch).toMatchObject({ isControl: true, isTransactional: true });
    expect(readControlType(batch!)).toBe(type);
  });
});

describe('a summary of batches', () => {
  const [first, second] = [build(), build()];
  setOffset(second, 10, 4);
  const both = Buffer.concat([first, second]);

  it.each([
    ['two', both, { bytes: both.length, recordCount: 6, lastOffset: 12, partitionLeaderEpoch: 4 }],
    ['one and the beginning of another', both.subarray(0, -1), { bytes: first.length, recordCount: 3, lastOffset: 2 }],
    ['the beginning of one', first.subarray(0, -1), { bytes: 0, recordCount: 0, lastOffset: -1 }],
    ['nothing', Buffer.alloc(0), { bytes: 0, recordCount: 0, lastOffset: -1 }],
  ])('says what their headers say: %s', (_, records, summary) => {
    expect(summarizeBatches(records)).toMatchObject({ ...summary, error: undefined });
  });

  it('ends before the first that cannot be read, and says why as reading it does', () => {
    const wrong = Buffer.from(both);
    wrong[first.length + 16] = 9; // the magic of the second
    const { bytes, lastOffset, error } = summarizeBatches(wrong);
    expect([bytes, lastOffset]).toEqual([first.length, 2]);
    expect(() => readBatches(wrong)).toThrow(error);
  });
});
