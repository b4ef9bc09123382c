import { expect, it } from 'vitest';
import { TransactionIndex } from './transaction-index.ts';

it('the oldest open transaction bounds what is stable', () => {
  const index = new TransactionIndex();
  index.begin(1, 10);
  index.begin(2, 5);
  index.begin(2, 20);
  expect(index.firstUnstableOffset(21)).toBe(5);
  index.end(2, 30, true);
  expect(index.firstUnstableOffset(31)).toBe(10);
  index.end(1, 31, true);
  expect(index.firstUnstableOffset(32)).toBeUndefined();
});

it('a transaction is stable once its marker is committed', () => {
  const index = new TransactionIndex();
  index.begin(1, 10);
  index.end(1, 20, true);
  expect([index.firstUnstableOffset(15), index.firstUnstableOffset(20), index.firstUnstableOffset(21)]).toEqual([10, 10, undefined]);
});

it.each([
  ['reads of it', 12, 15, 1],
  ['a read that ends before it', 0, 10, 0],
  ['a read that begins behind its marker', 21, 30, 0],
  ['a read of its marker alone', 20, 21, 1],
])('an aborted transaction of 10 to 20 is listed for %s', (_what, from, upTo, listed) => {
  const index = new TransactionIndex();
  index.begin(1, 10);
  index.end(1, 20, false);
  expect(index.abortedBetween(from, upTo)).toHaveLength(listed);
});

it('a marker without records leaves no trace', () => {
  const index = new TransactionIndex();
  index.end(1, 20, false);
  expect(index.abortedBetween(0, 100)).toEqual([]);
});
