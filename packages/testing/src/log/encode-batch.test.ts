import { checkCrc, compressions, decompressSync, readRecords, RecordBatch, RecordBatchBuilder, setOffset } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { deleteHorizonOf, emptyBatch, encodeBatch } from './encode-batch.ts';

function batch(): RecordBatch {
  const builder = new RecordBatchBuilder();
  builder.append('a', null, [], 1_700_000_000_000);
  builder.append(null, 'värde', [['h', null], ['h', 'x']], 1_700_000_000_500); // prettier-ignore
  builder.append('c'.repeat(300), 'v', [], 1_600_000_000_000);
  const bytes = builder.close({ producerId: 7, producerEpoch: 1, baseSequence: 5, isTransactional: true });
  setOffset(bytes, 40, 3);
  return new RecordBatch(bytes);
}

const recordsOf = (one: RecordBatch) => readRecords(one, decompressSync(one));

describe('a batch that is written anew', () => {
  it('with all its records is the same, byte for byte', () => {
    const before = batch();
    expect(encodeBatch(before, recordsOf(before)).bytes).toEqual(before.bytes);
  });

  it.each(compressions)('has the same records with %s', (compression) => {
    const before = batch();
    const after = encodeBatch(before, recordsOf(before), { compression });
    checkCrc(after);
    expect(after.compression).toBe(compression);
    expect(recordsOf(after)).toEqual(recordsOf(before));
  });

  it('without some of its records keeps offsets, sequence and all else', () => {
    const before = batch();
    const [, ...left] = recordsOf(before);
    const after = encodeBatch(before, left);
    checkCrc(after);
    expect(recordsOf(after)).toEqual(left);
    expect(after).toMatchObject({
      ...{ baseOffset: 40, lastOffset: 42, recordCount: 2, partitionLeaderEpoch: 3, producerId: 7, producerEpoch: 1, baseSequence: 5 },
      ...{ isTransactional: true, baseTimestamp: 1_700_000_000_500, maxTimestamp: 1_700_000_000_500 },
    });
  });

  it('can tell until when its tombstones stay, without another time for its records (KIP-534)', () => {
    const before = batch();
    expect(deleteHorizonOf(before)).toBeUndefined();
    const after = encodeBatch(before, recordsOf(before), { deleteHorizonMs: 1_900_000_000_000 });
    expect(deleteHorizonOf(after)).toBe(1_900_000_000_000);
    expect(recordsOf(after)).toEqual(recordsOf(before));
    expect(deleteHorizonOf(encodeBatch(after, recordsOf(after)))).toBeUndefined();
  });

  it('may be empty', () => {
    const after = emptyBatch(batch());
    checkCrc(after);
    expect(after.bytes).toHaveLength(61);
    expect(recordsOf(after)).toEqual([]);
    expect(after).toMatchObject({
      baseOffset: 40,
      lastOffset: 42,
      recordCount: 0,
      baseSequence: 5,
      isTransactional: true,
      baseTimestamp: -1,
    });
  });
});
