import { RecordBatch, RecordBatchBuilder, setOffset, setProducer, transactionEndBatch } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { CleanedTransactions } from './cleaned-transactions.ts';

function placed(bytes: Buffer, offset: number): RecordBatch {
  setOffset(bytes, offset, 0);
  return new RecordBatch(bytes);
}

function data(offset: number, producerId: number, isTransactional = true): RecordBatch {
  const builder = new RecordBatchBuilder();
  builder.append('k', 'v', [], 0);
  const bytes = builder.close();
  setProducer(bytes, { producerId, producerEpoch: 0, baseSequence: 0, isTransactional });
  return placed(bytes, offset);
}

const marker = (type: 'abort' | 'commit', offset: number, producerId: number): RecordBatch =>
  placed(transactionEndBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0 }), offset);

const aborted = [{ producerId: 1, firstOffset: 10, lastOffset: 15 }];

it.each([
  ['records of an aborted transaction', [data(10, 1), data(12, 1)], [true, true]],
  ['none of another producer, nor from outside of it', [data(5, 1), data(11, 2), data(12, 1, false)], [false, false, false]],
  ['no marker while there are records of its transaction', [data(10, 1), marker('abort', 15, 1)], [true, false]],
  ['an abort without records', [marker('abort', 15, 1)], [true]],
  ['no commit with records', [data(20, 2), marker('commit', 21, 2)], [false, false]],
  ['a commit without records', [data(20, 3), marker('commit', 21, 2)], [false, true]],
  ['not the records of the next transaction', [data(10, 1), marker('abort', 15, 1), data(16, 1)], [true, false, false]],
])('compaction drops %s', (_what, batches, drops) => {
  const transactions = new CleanedTransactions(aborted);
  expect(batches.map((batch) => transactions.mayDrop(batch))).toEqual(drops);
});
