import { expect, it } from 'vitest';
import { OffsetIndex } from './offset-index.ts';

/** Batches of two records and 100 bytes each, of which every third is noted: those at 300 and 600. */
function filled(): OffsetIndex {
  const index = new OffsetIndex();
  for (let i = 0; i < 8; i++) index.append(2 * i + 1, 100 * i, 100, 250);
  return index;
}

it.each([
  [0, 7],
  [299, 7],
  [300, 13],
  [600, 13],
  [601, undefined],
])('the offset noted behind byte %i is %o', (position, offset) => {
  expect(filled().offsetBehind(position)).toBe(offset);
});

it('a clone goes on alone', () => {
  const index = filled();
  const clone = index.clone();
  for (let i = 8; i < 20; i++) clone.append(2 * i + 1, 100 * i, 100, 250);
  expect([index.offsetBehind(601), clone.offsetBehind(601)]).toEqual([undefined, 19]);
});
