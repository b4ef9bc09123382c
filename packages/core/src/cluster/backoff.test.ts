import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const options = { initialMs: 100, maxMs: 1000 };

it.each([
  [1, 0.5, 100],
  [2, 0.5, 200],
  [3, 0.5, 400],
  [4, 0.5, 800],
  [5, 0.5, 1000],
  [5000, 0.5, 1000],
  [1, 0, 80],
  [1, 0.999999, 120],
])('after %i failures with chance %f the pause is %i ms (KIP-580)', (failures, random, expected) => {
  expect(Math.round(backoffMs(failures, options, () => random))).toBe(expected);
});
