import { setOffset } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { batchOf, damaged } from '../test-records.ts';
import { acquiredRecords, type AcquiredRange, openBatches } from './acquired-records.ts';

/** `0-2x1`: offsets 0 to 2, delivered for the first time. */
function range(text: string): AcquiredRange {
  const [, first, last, count] = /^(\d+)-(\d+)x(\d+)$/.exec(text)!;
  return { firstOffset: Number(first), lastOffset: Number(last), deliveryCount: Number(count) };
}

function at(offset: number, batch: Buffer): Buffer {
  setOffset(batch, offset, 0);
  return batch;
}

/** `5:a x2` for a record, `gap 6-7` and `unreadable 8-9` for what is none. */
async function read(bytes: Buffer, ...ranges: string[]): Promise<string[]> {
  const batches = await openBatches(bytes, { checkCrcs: true, maxDecompressedBytes: undefined });
  const seen: string[] = [];
  for (const acquired of acquiredRecords({ topic: 'orders', partition: 0 }, batches, ranges.map(range))) {
    if (acquired.kind === 'record') seen.push(`${acquired.cursor.offset}:${String(acquired.cursor.value)} x${acquired.deliveryCount}`);
    else seen.push(`${acquired.kind} ${acquired.range.firstOffset}-${acquired.range.lastOffset}`);
  }
  return seen;
}

describe('what was acquired', () => {
  const two = (): Buffer => Buffer.concat([at(5, batchOf(['a', 'b'])), at(7, batchOf(['c', 'd'], { compression: 'gzip' }))]);

  it.each<[what: string, ranges: string[], seen: string[]]>([
    ['all of it', ['5-8x1'], ['5:a x1', '6:b x1', '7:c x1', '8:d x1']],
    ['part of a batch, whose rest others have', ['6-6x3'], ['6:b x3']],
    ['ranges that differ in how often they were delivered', ['5-5x2', '6-8x1'], ['5:a x2', '6:b x1', '7:c x1', '8:d x1']],
    ['ranges in any order', ['8-8x1', '5-5x2'], ['5:a x2', '8:d x1']],
    ['nothing', [], []],
  ])('is read: %s', async (_what, ranges, seen) => {
    expect(await read(two(), ...ranges)).toEqual(seen);
  });

  it('may be offsets that compaction has emptied: within a batch, behind its records, and between batches', async () => {
    const bytes = Buffer.concat([at(5, batchOf(['a', 'b'], { lastOffsetDelta: 3 })), at(12, batchOf(['c']))]);
    expect(await read(bytes, '5-12x1')).toEqual(['5:a x1', '6:b x1', 'gap 7-8', 'gap 9-11', '12:c x1']);
  });

  it('may be a batch that cannot be read, which hurts no other', async () => {
    const bytes = Buffer.concat([at(5, batchOf(['a'])), damaged(at(6, batchOf(['b', 'c']))), at(8, batchOf(['d']))]);
    expect(await read(bytes, '5-8x1')).toEqual(['5:a x1', 'unreadable 6-7', '8:d x1']);
  });

  it('is no gap where the answer was cut off: it would be lost', async () => {
    const bytes = Buffer.concat([at(5, batchOf(['a'])), at(6, batchOf(['b'])).subarray(0, 40)]);
    expect(await read(bytes, '5-6x1')).toEqual(['5:a x1', 'unreadable 6-6']);
  });
});
