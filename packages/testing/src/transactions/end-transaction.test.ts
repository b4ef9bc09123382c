import { describe, expect, it } from 'vitest';
import { endTransaction, fence } from './end-transaction.ts';
import { newTransaction, type Transaction, type TransactionState, type TransactionVersion } from './transaction.ts';

const base: Transaction = { ...newTransaction('t', 7, 1000, 0), producerEpoch: 4, previousProducerId: 7, startedAt: 10 };

/** What ending `transaction` as producer 7 with this epoch comes to: an error, or the state with its epoch. */
function end(transaction: Transaction, committed: boolean, version: TransactionVersion, producerEpoch: number, producerId = 7): string {
  const verdict = endTransaction(transaction, { producerId, producerEpoch, committed, version, now: 50, nextProducerId: () => 99 });
  return 'error' in verdict ? verdict.error : `${verdict.next.state} ${verdict.next.producerEpoch}`;
}

describe('protocol 1: strictly the epoch, and the same end again does no harm', () => {
  it.each<[TransactionState, commit: string, abort: string]>([
    ['Ongoing', 'PrepareCommit 4', 'PrepareAbort 4'],
    ['Empty', 'INVALID_TXN_STATE', 'INVALID_TXN_STATE'],
    ['CompleteCommit', 'NONE', 'INVALID_TXN_STATE'],
    ['CompleteAbort', 'INVALID_TXN_STATE', 'NONE'],
    ['PrepareCommit', 'CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS'],
    ['PrepareAbort', 'CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS'],
  ])('%s: commit %s, abort %s', (state, commit, abort) => {
    expect([end({ ...base, state }, true, 0, 4), end({ ...base, state }, false, 0, 4)]).toEqual([commit, abort]);
  });

  it.each<[string, [id: number, epoch: number], string]>([
    ['another producer id', [8, 4], 'INVALID_PRODUCER_ID_MAPPING'],
    ['an old epoch', [7, 3], 'PRODUCER_FENCED'],
    ['an epoch of the future', [7, 5], 'PRODUCER_FENCED'],
  ])('%s', (_who, [id, epoch], error) => {
    expect(end({ ...base, state: 'Ongoing' }, true, 0, epoch, id)).toBe(error);
    expect(end({ ...base, state: 'PrepareCommit' }, true, 0, epoch, id)).toBe(error);
  });
});

// The table in TransactionCoordinator of 4.3.1. "again" is the epoch before the one that the coordinator has.
describe('protocol 2: the epoch tells the next end from the same one again', () => {
  it.each<[TransactionState, abortAgain: string, abort: string, commitAgain: string, commit: string]>([
    ['Empty', 'PRODUCER_FENCED', 'PrepareAbort 5', 'PRODUCER_FENCED', 'INVALID_TXN_STATE'],
    ['CompleteAbort', 'NONE', 'PrepareAbort 5', 'INVALID_TXN_STATE', 'INVALID_TXN_STATE'],
    ['CompleteCommit', 'INVALID_TXN_STATE', 'PrepareAbort 5', 'NONE', 'INVALID_TXN_STATE'],
    ['Ongoing', 'PRODUCER_FENCED', 'PrepareAbort 5', 'PRODUCER_FENCED', 'PrepareCommit 5'],
    ['PrepareCommit', ...concurrently(), ...concurrently()],
    ['PrepareAbort', ...concurrently(), ...concurrently()],
  ])('%s', (state, ...outcomes) => {
    const transaction: Transaction = { ...base, state };
    const asked = [false, true].flatMap((committed) => [3, 4].map((epoch) => end(transaction, committed, 2, epoch)));
    expect(asked).toEqual(outcomes);
  });

  it('another producer id, and an epoch of the future', () => {
    expect(end({ ...base, state: 'Ongoing' }, true, 2, 4, 8)).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(end({ ...base, state: 'Ongoing' }, true, 2, 5)).toBe('PRODUCER_FENCED');
  });

  it('keeps the epoch that its producer had, and begins the time of what had not begun', () => {
    const asked = { producerId: 7, producerEpoch: 4, version: 2, now: 50, nextProducerId: () => 99 } as const;
    const ongoing = endTransaction({ ...base, state: 'Ongoing' }, { ...asked, committed: true });
    expect(ongoing).toMatchObject({ next: { lastProducerEpoch: 4, nextProducerId: -1, startedAt: 10, updatedAt: 50, version: 2 } });
    expect(endTransaction(base, { ...asked, committed: false })).toMatchObject({ next: { startedAt: 50 } });
  });

  it('takes another producer id when the epochs are used up, and knows the same end again', () => {
    const asked = { producerId: 7, producerEpoch: 32_766, committed: true, version: 2, now: 50, nextProducerId: () => 99 } as const;
    const verdict = endTransaction({ ...base, state: 'Ongoing', producerEpoch: 32_766 }, asked);
    expect(verdict).toMatchObject({ next: { producerId: 7, producerEpoch: 32_767, lastProducerEpoch: 32_766, nextProducerId: 99 } });
    const rotated: Transaction = { ...base, state: 'CompleteCommit', producerId: 99, previousProducerId: 7, producerEpoch: 0 };
    expect(endTransaction(rotated, asked)).toEqual({ error: 'NONE' });
  });
});

function concurrently(): [string, string] {
  return ['CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS'];
}

describe('fence: the end that the producer did not ask for', () => {
  it.each<[TransactionVersion, epoch: number, Partial<Transaction>]>([
    [0, 4, { producerEpoch: 5, lastProducerEpoch: -1, nextProducerId: -1 }],
    // So its producer can find out, and get the epoch that it missed.
    [2, 4, { producerEpoch: 5, lastProducerEpoch: 4, nextProducerId: -1 }],
    [0, 32_766, { producerEpoch: 32_767, nextProducerId: -1 }],
    [2, 32_766, { producerEpoch: 32_767, lastProducerEpoch: 32_766, nextProducerId: 99 }],
    [2, 32_767, { producerEpoch: 32_767, nextProducerId: 99 }],
  ])('protocol %i at epoch %i', (version, producerEpoch, after) => {
    const fenced = fence({ ...base, state: 'Ongoing', producerEpoch }, version, 50, () => 99);
    expect(fenced).toMatchObject({ state: 'PrepareAbort', startedAt: 10, ...after });
  });
});
