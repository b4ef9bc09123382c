import { describe, expect, it } from 'vitest';
import { initialize } from './initialize.ts';
import { completed, newTransaction, type ProducerIdentity, type Transaction } from './transaction.ts';

const base: Transaction = { ...newTransaction('t', 7, 1000, 0), producerEpoch: 4, previousProducerId: 7 };
const ask = (transaction: Transaction, expected?: ProducerIdentity) =>
  initialize(transaction, { timeoutMs: 2000, expected, now: 50, nextProducerId: () => 99 });
const by = (producerId: number, producerEpoch: number): ProducerIdentity => ({ producerId, producerEpoch });
const last = 32_766;

describe('initialize, as TransactionCoordinator.prepareInitProducerIdTransit of 4.3.1', () => {
  it.each<[string, Partial<Transaction>, ProducerIdentity | undefined, producer: [id: number, epoch: number, last: number] | string]>([
    ['a new transactional id', { producerEpoch: -1, previousProducerId: -1 }, undefined, [7, 0, -1]],
    ['a new one, asked for by a producer that was forgotten', { producerEpoch: -1 }, by(3, 8), [7, 0, -1]],
    ['another producer', {}, undefined, [7, 5, -1]],
    ['the producer itself', {}, by(7, 4), [7, 5, 4]],
    ['the producer itself again, whose answer was lost', { lastProducerEpoch: 3 }, by(7, 3), [7, 4, 3]],
    ['a producer that another one has replaced', {}, by(7, 3), 'PRODUCER_FENCED'],
    ['a producer of the future', {}, by(7, 6), 'PRODUCER_FENCED'],
    ['another producer id', {}, by(8, 4), 'PRODUCER_FENCED'],
    ['after a commit', { state: 'CompleteCommit' }, undefined, [7, 5, -1]],
    ['after an abort', { state: 'CompleteAbort' }, by(7, 4), [7, 5, 4]],
    ['while the markers of a commit are written', { state: 'PrepareCommit' }, undefined, 'CONCURRENT_TRANSACTIONS'],
    ['while those of an abort are', { state: 'PrepareAbort' }, by(1, 1), 'CONCURRENT_TRANSACTIONS'],
    ['while a transaction is open', { state: 'Ongoing' }, undefined, 'fence'],
    ['while it is open, by its producer', { state: 'Ongoing' }, by(7, 4), 'fence'],
    ['while it is open, by a stranger', { state: 'Ongoing' }, by(8, 4), 'PRODUCER_FENCED'],
    ['epochs are used up', { producerEpoch: last }, undefined, [99, 0, -1]],
    ['epochs are used up, by the producer itself', { producerEpoch: last }, by(7, last), [99, 0, last]],
    ['the same again, whose answer was lost', { producerId: 99, producerEpoch: 0, lastProducerEpoch: last }, by(7, last), [99, 0, last]],
    ['epochs are used up, by an old producer', { producerEpoch: last }, by(7, 3), 'UNKNOWN_SERVER_ERROR'],
    ['the producer before the last', { producerId: 99, producerEpoch: 0 }, by(7, 5), 'PRODUCER_FENCED'],
  ])('%s', (_when, changes, expected, outcome) => {
    const verdict = ask({ ...base, ...changes }, expected);
    if ('fence' in verdict) return expect('fence').toBe(outcome);
    if ('error' in verdict) return expect(verdict.error).toBe(outcome);
    const { producerId, producerEpoch, lastProducerEpoch } = verdict.next;
    expect([producerId, producerEpoch, lastProducerEpoch]).toEqual(outcome);
  });

  it('begins with nothing in the transaction, and with the time-out that it was given', () => {
    const verdict = ask({ ...base, state: 'CompleteAbort', startedAt: 10, partitions: new Map([['x', new Set([1])]]) });
    expect(verdict).toMatchObject({ next: { state: 'Empty', startedAt: -1, updatedAt: 50, timeoutMs: 2000, partitions: new Map() } });
  });
});

describe('completed', () => {
  it.each<[string, Partial<Transaction>, Partial<Transaction>]>([
    ['a commit', { state: 'PrepareCommit' }, { state: 'CompleteCommit', producerId: 7, producerEpoch: 4 }],
    ['an abort', { state: 'PrepareAbort' }, { state: 'CompleteAbort', producerId: 7, producerEpoch: 4 }],
    [
      'the producer id is replaced',
      { state: 'PrepareCommit', version: 2, nextProducerId: 99, producerEpoch: 32_767, lastProducerEpoch: last },
      { producerId: 99, previousProducerId: 7, nextProducerId: -1, producerEpoch: 0, lastProducerEpoch: last },
    ],
  ])('%s', (_what, before, after) => {
    expect(completed({ ...base, ...before }, 60)).toMatchObject({ updatedAt: 60, ...after });
  });
});
