import { RecordBatch, RecordBatchBuilder } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { PartitionLog } from './log.ts';
import { findFirstAtOrAfter, findMaxTimestamp } from './log-time.ts';

/** A log of batches, each of records with these times. */
function logOf(...batches: number[][]): PartitionLog {
  const log = new PartitionLog();
  for (const times of batches) log.append(batchOf(times), { leaderEpoch: 0 });
  return log;
}

function batchOf(times: number[]): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const time of times) builder.append(null, 'x', [], time);
  return new RecordBatch(builder.close());
}

describe('a log with the times 1000 3000 2000 | 2500 2600 | 5000 5000', () => {
  const log = logOf([1000, 3000, 2000], [2500, 2600], [5000, 5000]);
  it.each([
    [0, 0, 1000],
    [1000, 0, 1000],
    [1001, 1, 3000],
    [2001, 1, 3000],
    [3000, 1, 3000],
    [3001, 5, 5000],
    [5000, 5, 5000],
  ])('the first record at or after %i is %i', (timestamp, offset, found) => {
    expect(findFirstAtOrAfter(log, timestamp)).toEqual({ offset, timestamp: found, leaderEpoch: 0 });
  });

  it('there is none after the last', () => {
    expect(findFirstAtOrAfter(log, 5001)).toBeUndefined();
  });

  it('the newest time is that of the first record that has it', () => {
    expect(findMaxTimestamp(log)).toMatchObject({ offset: 5, timestamp: 5000 });
  });

  it('what was deleted is not found', () => {
    const shorter = logOf([1000, 3000, 2000]);
    shorter.deleteBefore(2);
    expect(findFirstAtOrAfter(shorter, 1000)).toMatchObject({ offset: 2, timestamp: 2000 });
  });

  it('what was deleted hides what is in later segments', () => {
    const longer = logOf([3000, 1000]);
    longer.roll();
    longer.append(batchOf([4000]), { leaderEpoch: 0 });
    expect(findFirstAtOrAfter(longer, 2000)).toMatchObject({ offset: 0 });
    longer.deleteBefore(1);
    expect(findFirstAtOrAfter(longer, 2000)).toBeUndefined();
    expect(findFirstAtOrAfter(longer, 3001)).toMatchObject({ offset: 2 });
  });
});

it('an empty log has no newest time', () => {
  expect(findMaxTimestamp(new PartitionLog())).toBeUndefined();
});
