import { describe, expect, it } from 'vitest';
import { judgeBatch, judgeMarker, lastSequenceOf, type ProducerState, withBatch, withMarker } from './producer-state.ts';

const largest = 2 ** 31 - 1;

/** The state after batches of these first sequences and counts, all of one epoch, at rising offsets. */
function after(epoch: number, ...batches: [firstSequence: number, recordCount: number][]): ProducerState | undefined {
  let state: ProducerState | undefined;
  let offset = 100;
  for (const [firstSequence, recordCount] of batches) {
    state = withBatch(state, { epoch, firstSequence, recordCount, transactional: false }, offset, 5);
    offset += recordCount;
  }
  return state;
}

describe('judgeBatch, as Kafka 4.3.1 was seen to judge', () => {
  const seven = after(0, [0, 2], [2, 1], [3, 1], [4, 1], [5, 1], [6, 1]);
  it.each<[string, ProducerState | undefined, [epoch: number, firstSequence: number, count: number], string]>([
    ['an unknown producer may begin anywhere', undefined, [0, 5, 1], 'append'],
    ['the next sequence', after(0, [0, 2]), [0, 2, 1], 'append'],
    ['the same batch again', after(0, [0, 2]), [0, 0, 2], 'duplicate'],
    ['the fifth newest batch again', seven, [0, 2, 1], 'duplicate'],
    ['the newest again', seven, [0, 6, 1], 'duplicate'],
    ['the sixth newest again: forgotten', seven, [0, 0, 2], 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['a gap', seven, [0, 9, 1], 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['an overlap', seven, [0, 6, 2], 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['a known first sequence with another count', seven, [0, 4, 2], 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['a new epoch from 0', seven, [1, 0, 1], 'append'],
    ['a new epoch from elsewhere', seven, [1, 3, 1], 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['an old epoch', after(1, [0, 1]), [0, 7, 1], 'INVALID_PRODUCER_EPOCH'],
    ['behind the largest sequence comes 0', after(0, [largest, 1]), [0, 0, 1], 'append'],
    ['behind a batch that wraps comes its rest', after(0, [largest, 3]), [0, 2, 1], 'append'],
    ['a batch that wraps, again', after(0, [largest, 3]), [0, largest, 3], 'duplicate'],
  ])('%s', (_rule, state, [epoch, firstSequence, recordCount], expected) => {
    const verdict = judgeBatch(state, { epoch, firstSequence, recordCount, transactional: false });
    expect(verdict.kind === 'refuse' ? verdict.error : verdict.kind).toBe(expected);
  });

  it('a duplicate is told where it is', () => {
    const verdict = judgeBatch(seven, { epoch: 0, firstSequence: 2, recordCount: 1, transactional: false });
    expect(verdict).toMatchObject({ batch: { firstOffset: 102, lastOffset: 102 } });
  });

  it('nothing outside of a transaction while one is open', () => {
    const open = withBatch(undefined, { epoch: 0, firstSequence: 0, recordCount: 1, transactional: true }, 0, 5);
    expect(open.transactionStart).toBe(0);
    expect(judgeBatch(open, { epoch: 0, firstSequence: 1, recordCount: 1, transactional: false })).toEqual({
      kind: 'refuse',
      error: 'INVALID_TXN_STATE',
    });
  });
});

it('remembers five batches', () => {
  expect(after(0, [0, 1], [1, 1], [2, 1], [3, 1], [4, 1], [5, 1])?.batches.map(({ firstSequence }) => firstSequence)).toEqual([
    1, 2, 3, 4, 5,
  ]);
});

it('forgets the batches of an older epoch', () => {
  const state = withBatch(after(0, [0, 1]), { epoch: 1, firstSequence: 0, recordCount: 1, transactional: false }, 7, 5);
  expect(state.batches).toHaveLength(1);
});

it.each([
  [0, 1, 0],
  [5, 3, 7],
  [largest, 1, largest],
  [largest, 2, 0],
  [largest - 1, 4, 1],
])('from %i on, %i records end with the sequence %i', (first, count, last) => {
  expect(lastSequenceOf(first, count)).toBe(last);
});

describe('judgeMarker, as ProducerAppendInfo of 4.3.1', () => {
  const open = withMarker(undefined, 4, 2, 5);
  const ongoing: ProducerState = { ...open, transactionStart: 7 };
  it.each<[string, ProducerState | undefined, [epoch: number, coordinatorEpoch: number, version: number], ReturnType<typeof judgeMarker>]>([
    ['a producer that is unknown', undefined, [0, 0, 2], 'NONE'],
    ['protocol 1: the epoch of the records', ongoing, [4, 2, 0], 'NONE'],
    ['protocol 1: a higher one', ongoing, [5, 2, 0], 'NONE'],
    ['protocol 1: a lower one', ongoing, [3, 2, 0], 'INVALID_PRODUCER_EPOCH'],
    ['protocol 2: a higher one', ongoing, [5, 2, 2], 'NONE'],
    ['protocol 2: the epoch of the records', ongoing, [4, 2, 2], 'INVALID_PRODUCER_EPOCH'],
    ['protocol 2: the same marker again', open, [4, 2, 2], 'NONE'],
    ['protocol 2: a lower one', open, [3, 2, 2], 'INVALID_PRODUCER_EPOCH'],
    ['an older coordinator', ongoing, [5, 1, 2], 'TRANSACTION_COORDINATOR_FENCED'],
    ['a newer coordinator', ongoing, [5, 3, 2], 'NONE'],
  ])('%s', (_what, state, [epoch, coordinatorEpoch, transactionVersion], expected) => {
    expect(judgeMarker(state, { epoch, coordinatorEpoch, transactionVersion })).toBe(expected);
  });
});
