import { describe, expect, it } from 'vitest';
import { addPartitions, verifyPartition } from './add-partitions.ts';
import { newTransaction, type Transaction, type TransactionError, type TransactionState, withoutPartition } from './transaction.ts';

const base: Transaction = { ...newTransaction('t', 7, 1000, 0), producerEpoch: 4 };
const x01 = new Map([['x', new Set([0, 1])]]);
const x0 = new Map([['x', new Set([0])]]);
const add = (transaction: Transaction, partitions: Map<string, Set<number>>, who = { producerId: 7, producerEpoch: 4 }) =>
  addPartitions(transaction, { ...who, partitions, version: 2, now: 50 });

describe('addPartitions, as TransactionCoordinator.handleAddPartitionsToTransaction of 4.3.1', () => {
  it.each<[string, Partial<Transaction>, [id: number, epoch: number], TransactionError]>([
    ['another producer id', {}, [8, 4], 'INVALID_PRODUCER_ID_MAPPING'],
    ['an old epoch', {}, [7, 3], 'PRODUCER_FENCED'],
    ['an epoch of the future', {}, [7, 5], 'PRODUCER_FENCED'],
    ['while markers are written, first of all', { state: 'PrepareCommit' }, [8, 4], 'CONCURRENT_TRANSACTIONS'],
    ['partitions that are in it', { state: 'Ongoing', partitions: x01 }, [7, 4], 'NONE'],
  ])('%s', (_when, changes, [producerId, producerEpoch], error) => {
    expect(add({ ...base, ...changes }, x0, { producerId, producerEpoch })).toEqual({ error });
  });

  it.each<[TransactionState, startedAt: number]>([
    ['Empty', 50],
    ['CompleteCommit', 50],
    ['CompleteAbort', 50],
    ['Ongoing', 10],
  ])('begins a transaction, or goes on with it (%s)', (state, startedAt) => {
    const partitions = state === 'Ongoing' ? new Map([['y', new Set([2])]]) : new Map<string, Set<number>>();
    expect(add({ ...base, state, startedAt: 10, partitions }, x01)).toMatchObject({
      next: { state: 'Ongoing', startedAt, updatedAt: 50, version: 2, partitions: new Map([...partitions, ...x01]) },
    });
  });
});

describe('verifyPartition', () => {
  it.each<[string, Partial<Transaction>, [id: number, epoch: number, partition: number], TransactionError]>([
    ['a partition that is in it', {}, [7, 4, 1], 'NONE'],
    ['one that is not', {}, [7, 4, 2], 'TRANSACTION_ABORTABLE'],
    ['one of before the last end', { state: 'CompleteCommit', partitions: new Map() }, [7, 4, 0], 'TRANSACTION_ABORTABLE'],
    ['another producer id', {}, [8, 4, 0], 'INVALID_PRODUCER_ID_MAPPING'],
    ['another epoch', {}, [7, 5, 0], 'PRODUCER_FENCED'],
    ['while markers are written', { state: 'PrepareAbort' }, [7, 4, 0], 'CONCURRENT_TRANSACTIONS'],
    ['while they are, by a fenced producer', { state: 'PrepareAbort' }, [7, 3, 0], 'PRODUCER_FENCED'],
  ])('%s', (_what, changes, [producerId, producerEpoch, partition], error) => {
    const transaction: Transaction = { ...base, state: 'Ongoing', partitions: x01, ...changes };
    expect(verifyPartition(transaction, { producerId, producerEpoch }, 'x', partition)).toBe(error);
  });
});

it('a topic goes with its last partition', () => {
  expect(withoutPartition(x01, 'x', 0)).toEqual(new Map([['x', new Set([1])]]));
  expect(withoutPartition(x0, 'x', 0)).toEqual(new Map());
});
