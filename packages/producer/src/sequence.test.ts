import { expect, it } from 'vitest';
import { addToSequence } from './sequence.ts';

it.each([
  [0, 1, 1],
  [5, 10, 15],
  [2 ** 31 - 2, 1, 2 ** 31 - 1],
  [2 ** 31 - 1, 1, 0],
  [2 ** 31 - 1, 3, 2],
  [2 ** 31 - 3, 5, 2],
])('P4: sequence %i and %i records on is %i', (sequence, records, next) => {
  expect(addToSequence(sequence, records)).toBe(next);
});
