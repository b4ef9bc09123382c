import { expect, it } from 'vitest';
import { CorruptRecordError } from '../errors.ts';
import { RecordBatchBuilder } from '../records/batch-builder.ts';
import { transactionEndBatch } from '../records/control.ts';
import { setOffset, setProducer } from '../records/stamp.ts';
import { VisibleRecords } from '../records/visible-records.ts';
import { timestampsIn } from './timestamps-in.ts';

/** A batch from an offset on, whose records have these times; of producer 1, in a transaction. */
function batch(offset: number, ...times: number[]): Buffer {
  const builder = new RecordBatchBuilder();
  for (const time of times) builder.append(null, Buffer.from('x'), [], time);
  const bytes = builder.close();
  setProducer(bytes, { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true });
  setOffset(bytes, offset, 0);
  return bytes;
}

function marker(offset: number, type: 'commit' | 'abort'): Buffer {
  const bytes = transactionEndBatch({ type, producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 999 });
  setOffset(bytes, offset, 0);
  return bytes;
}

const two = Buffer.concat([batch(10, 100, 101, 102), batch(20, 200)]);

it.each<[string, Buffer, number[], number[], number]>([
  ['the record itself', two, [11], [101], 21],
  ['one batch for several offsets, one of them twice', two, [10, 12, 12], [100, 102, 102], 21],
  ['the next one where it was compacted away', two, [13, 19], [200, 200], 21],
  ['as many as are there', two, [20, 21], [200], 21],
  ['no marker', Buffer.concat([marker(5, 'commit'), batch(6, 7)]), [5], [7], 7],
  ['a marker alone', marker(5, 'commit'), [5], [], 6],
  ['a batch that is cut off is the next fetch', two.subarray(0, -1), [10, 20], [100], 13],
])('tells %s', async (_, bytes, offsets, found, next) => {
  expect(await timestampsIn(bytes, new VisibleRecords(null), offsets)).toEqual({ found, next });
});

it('passes what was aborted', async () => {
  const bytes = Buffer.concat([batch(0, 1, 2), marker(2, 'abort'), batch(3, 4)]);
  const visible = () => new VisibleRecords([{ producerId: 1, firstOffset: 0 }]);
  expect(await timestampsIn(bytes, visible(), [0])).toEqual({ found: [4], next: 4 });
  // Its end lies before the offset, and counts nevertheless.
  expect(await timestampsIn(bytes, visible(), [3])).toEqual({ found: [4], next: 4 });
});

it.each([
  ['less than a batch', two.subarray(0, 40), 'less than a batch'],
  ['damaged bytes', Buffer.concat([two.subarray(0, 70), Buffer.of(two[70]! ^ 1), two.subarray(71)]), 'checksum'],
])('refuses %s', async (_, bytes, message) => {
  const failing = timestampsIn(bytes, new VisibleRecords(null), [10]);
  await expect(failing).rejects.toThrow(CorruptRecordError);
  await expect(failing).rejects.toThrow(message);
});
