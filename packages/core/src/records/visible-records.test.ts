import { describe, expect, it } from 'vitest';
import { RecordBatch } from './batch.ts';
import { RecordBatchBuilder } from './batch-builder.ts';
import { transactionEndBatch } from './control.ts';
import { setOffset, setProducer } from './stamp.ts';
import { type AbortedTransaction, VisibleRecords } from './visible-records.ts';

/** A log in short: `a1` is data of producer 1 in a transaction, `C1` and `A1` are the ends of its transactions, `n` belongs to none. */
function log(...entries: string[]): RecordBatch[] {
  return entries.map((entry, offset) => {
    const producerId = Number(entry[1] ?? -1);
    const bytes = /^[CA]/.test(entry)
      ? transactionEndBatch({
          type: entry[0] === 'C' ? 'commit' : 'abort',
          producerId,
          producerEpoch: 0,
          coordinatorEpoch: 0,
          timestamp: 0,
        })
      : dataBatch(producerId, entry[0] === 'a');
    setOffset(bytes, offset, 0);
    return new RecordBatch(bytes);
  });
}

function dataBatch(producerId: number, isTransactional: boolean): Buffer {
  const builder = new RecordBatchBuilder();
  builder.append(null, 'value', [], 0);
  const bytes = builder.close();
  setProducer(bytes, { producerId, producerEpoch: 0, baseSequence: 0, isTransactional });
  return bytes;
}

function seen(batches: RecordBatch[], aborted: AbortedTransaction[] | null): number[] {
  const visible = new VisibleRecords(aborted);
  return batches.filter((batch) => visible.shows(batch)).map(({ baseOffset }) => baseOffset);
}

const from = (producerId: number, firstOffset: number): AbortedTransaction => ({ producerId, firstOffset });

describe('read_committed', () => {
  it.each([
    ['shows a committed transaction, and no marker', ['a1', 'a1', 'C1'], [], [0, 1]],
    ['hides an aborted one', ['a1', 'a1', 'A1'], [from(1, 0)], []],
    ['shows what the same producer writes behind the marker', ['a1', 'A1', 'a1', 'C1'], [from(1, 0)], [2]],
    ['hides two aborted ones of the same producer', ['a1', 'A1', 'a1', 'A1', 'a1'], [from(1, 0), from(1, 2)], [4]],
    ['shows another producer in between', ['a1', 'a2', 'A1', 'C2'], [from(1, 0)], [1]],
    ['shows records of no transaction in between', ['a1', 'n', 'A1'], [from(1, 0)], [1]],
    ['shows what the aborting producer writes without a transaction', ['a1', 'p1', 'A1'], [from(1, 0)], [1]],
    ['hides the rest of one that began before this answer', ['a1', 'A1', 'a1', 'C1'], [from(1, -7)], [2]],
    ['hides one whose marker is not in this answer', ['n', 'a1', 'a1'], [from(1, 1)], [0]],
    ['F10: does not need the list in order', ['a1', 'A1', 'a2', 'A2', 'a1', 'A1'], [from(1, 4), from(2, 2), from(1, 0)], []],
    ['F10: does not let a later transaction hide an earlier one', ['a1', 'C1', 'a1', 'A1'], [from(1, 2)], [0]],
    ['H15: ignores a second marker', ['a1', 'A1', 'A1', 'a1', 'C1'], [from(1, 0)], [3]],
    ['H15: ignores a marker of a producer that it never heard of', ['A9', 'n'], [], [1]],
  ])('%s', (_, entries, aborted, offsets) => {
    expect(seen(log(...entries), aborted)).toEqual(offsets);
  });

  it('H15: ignores a control batch of a kind that it does not know', () => {
    const builder = new RecordBatchBuilder();
    builder.append(Buffer.from([0, 0, 0, 9]), null, [], 0);
    const bytes = builder.close();
    bytes[22]! |= 0x20; // the control bit of the attributes
    setProducer(bytes, { producerId: 1, isTransactional: true });
    expect(seen([new RecordBatch(bytes)], [])).toEqual([]);
  });
});

describe('read_uncommitted', () => {
  it('shows aborted records too, and no marker', () => {
    expect(seen(log('a1', 'A1', 'n'), null)).toEqual([0, 2]);
  });
});
