import { describe, expect, it } from 'vitest';
import { assignEpoch, endOffsetForEpoch, epochOfOffset, truncateEpochsFromEnd, truncateEpochsFromStart } from './leader-epochs.ts';

const epochs = [
  { epoch: 1, startOffset: 0 },
  { epoch: 3, startOffset: 10 },
  { epoch: 4, startOffset: 20 },
];

describe('endOffsetForEpoch, of a log with epochs 1, 3 and 4 that ends at 25', () => {
  it.each([
    ['the newest epoch ends where the log ends', 4, { epoch: 4, endOffset: 25 }],
    ['an older one ends where the next begins', 1, { epoch: 1, endOffset: 10 }],
    ['one that wrote nothing ends with the one before it', 2, { epoch: 1, endOffset: 10 }],
    ['one from before the log ends where the log begins', 0, { epoch: 0, endOffset: 0 }],
    ['one of the future is unknown', 5, { epoch: -1, endOffset: -1 }],
    ['none is unknown', -1, { epoch: -1, endOffset: -1 }],
  ])('%s', (_rule, epoch, end) => {
    expect(endOffsetForEpoch(epochs, epoch, 25)).toEqual(end);
  });
});

it('an epoch that wrote nothing leaves no trace', () => {
  const before = assignEpoch(epochs, 5, 25);
  expect(assignEpoch(before, 6, 25)).toEqual([...epochs, { epoch: 6, startOffset: 25 }]);
});

it('an epoch begins once', () => {
  expect(assignEpoch(epochs, 4, 25)).toBe(epochs);
});

describe('truncation', () => {
  it.each([
    [0, epochs],
    [5, [{ epoch: 1, startOffset: 5 }, epochs[1], epochs[2]]],
    [10, [{ epoch: 3, startOffset: 10 }, epochs[2]]],
    [22, [{ epoch: 4, startOffset: 22 }]],
  ])('from the start at %i', (offset, rest) => {
    expect(truncateEpochsFromStart(epochs, offset)).toEqual(rest);
  });

  it.each([
    [20, [epochs[0], epochs[1]]],
    [21, epochs],
    [0, []],
  ])('from the end at %i', (offset, rest) => {
    expect(truncateEpochsFromEnd(epochs, offset)).toEqual(rest);
  });
});

it.each([
  [0, 1],
  [9, 1],
  [10, 3],
  [99, 4],
])('offset %i was written by epoch %i', (offset, epoch) => {
  expect(epochOfOffset(epochs, offset)).toBe(epoch);
});
