import { RecordBatch, RecordBatchBuilder, setProducer } from '@tskafka/core/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { PartitionLog } from './log.ts';

function batchOf(count: number): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (let i = 0; i < count; i++) builder.append(null, 'value', [], 1000);
  return new RecordBatch(builder.close());
}

let log: PartitionLog;

/** Batches of 3, 2 and 1 records: the offsets 0-2, 3-4 and 5. */
beforeEach(() => {
  log = new PartitionLog();
  for (const count of [3, 2, 1]) log.append(batchOf(count), { leaderEpoch: 0 });
});

it('stamps offset and leader epoch on a copy', () => {
  const sent = batchOf(1);
  const { batch } = log.append(sent, { leaderEpoch: 7 });
  expect([batch.baseOffset, batch.partitionLeaderEpoch]).toEqual([6, 7]);
  expect(sent.baseOffset).toBe(0);
});

describe('reading', () => {
  it.each([
    [0, 6, 3],
    [1, 6, 3],
    [3, 6, 2],
    [5, 6, 1],
    [6, 6, 0],
    [0, 3, 1],
    [0, 5, 2],
    [3, 3, 0],
  ])('from %i to before %i there are %i batches', (offset, upTo, batches) => {
    const sizes = log.batches.filter(({ lastOffset }) => lastOffset >= offset).map(({ bytes }) => bytes.length);
    const expected = sizes.slice(0, batches).reduce((sum, size) => sum + size, 0);
    expect(log.measure(offset, upTo)).toMatchObject({ available: expected, firstBatchBytes: batches === 0 ? 0 : sizes[0] });
  });

  it('cuts the last batch', () => {
    const whole = log.read(0, log.sizeInBytes);
    expect(log.read(0, 100)).toEqual(whole.subarray(0, 100));
  });
});

it('Kafka: an open transaction that the start of the log has overtaken leaves stable what precedes the batch in which the log starts', () => {
  log = new PartitionLog();
  for (const baseSequence of [0, 3]) {
    const { bytes } = batchOf(3);
    setProducer(bytes, { producerId: 1, producerEpoch: 0, baseSequence, isTransactional: true });
    log.append(new RecordBatch(bytes), { leaderEpoch: 0 });
  }
  expect(log.lastStableOffset).toBe(0);
  log.deleteBefore(5);
  expect([log.startOffset, log.lastStableOffset]).toEqual([5, 3]);
  log.deleteBefore(6);
  expect(log.lastStableOffset).toBe(6);
});

it('the aborted transactions of some bytes are those up to the next place of the sparse index', () => {
  const settings = { segmentRules: () => ({ maxBytes: Infinity, maxMs: Infinity, indexIntervalBytes: 0 }), wallTime: () => 0 };
  const aborted = new PartitionLog(settings);
  const noted = new PartitionLog();
  for (const one of [aborted, noted]) {
    one.append(batchOf(1), { leaderEpoch: 0 });
    one.append(batchOf(1), { leaderEpoch: 0 });
    one.transactions.begin(7, 2);
    one.append(batchOf(1), { leaderEpoch: 0 });
    one.transactions.end(7, 2, false);
  }
  const { length } = aborted.batches[0]!.bytes;
  expect(aborted.abortedIn(0, length)).toEqual([]);
  expect(noted.abortedIn(0, length)).toMatchObject([{ producerId: 7, firstOffset: 2 }]); // no place was noted: up to the end of the segment
});

describe('deleting what is old', () => {
  it('keeps what shares a segment with a record that is left', () => {
    log.deleteBefore(4);
    expect([log.startOffset, log.endOffset, log.batches.length]).toEqual([4, 6, 3]);
    log.roll();
    log.append(batchOf(1), { leaderEpoch: 0 });
    log.deleteBefore(6);
    expect([log.startOffset, log.endOffset, log.batches.length, log.segments.length]).toEqual([6, 7, 1, 1]);
  });

  it('may delete all segments, and goes on at the same offset', () => {
    log.deleteSegments(1);
    expect([log.sizeInBytes, log.startOffset, log.segments]).toMatchObject([0, 6, [{ baseOffset: 6 }]]);
    expect(log.append(batchOf(1), { leaderEpoch: 0 }).baseOffset).toBe(6);
  });

  it('never goes back', () => {
    log.deleteBefore(4);
    log.deleteBefore(1);
    expect(log.startOffset).toBe(4);
  });
});

describe('losing what is new', () => {
  it('loses whole batches, and what was known of their epochs', () => {
    log.beginEpoch(1);
    log.append(batchOf(1), { leaderEpoch: 1 });
    log.truncateTo(4);
    expect([log.endOffset, log.sizeInBytes, log.epochs]).toEqual([3, log.batches[0]!.bytes.length, [{ epoch: 0, startOffset: 0 }]]);
  });

  it('forgets the producer whose batch is lost', () => {
    const bytes = batchOf(1).bytes;
    setProducer(bytes, { producerId: 5, producerEpoch: 0, baseSequence: 0 });
    log.append(new RecordBatch(bytes), { leaderEpoch: 0 });
    expect(log.judge(5, { epoch: 0, firstSequence: 0, recordCount: 1, transactional: false }).kind).toBe('duplicate');
    log.truncateTo(6);
    expect(log.judge(5, { epoch: 0, firstSequence: 0, recordCount: 1, transactional: false }).kind).toBe('append');
  });
});

it('tells its watchers of every change, until they stop', () => {
  let changes = 0;
  const stop = log.watch(() => changes++);
  log.append(batchOf(1), { leaderEpoch: 0 });
  log.deleteBefore(2);
  stop();
  log.append(batchOf(1), { leaderEpoch: 0 });
  expect(changes).toBe(2);
});

it('replaces the times where the broker sets them, with a checksum that is right', () => {
  const { batch } = log.append(batchOf(1), { leaderEpoch: 0, appendTime: 5000 });
  expect([batch.timestampType, batch.maxTimestamp]).toEqual(['logAppendTime', 5000]);
});
