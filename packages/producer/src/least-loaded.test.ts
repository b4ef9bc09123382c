import { expect, it } from 'vitest';
import { leastLoaded } from './least-loaded.ts';

// The example that Java's BuiltInPartitioner gives, and what its own tests expect.
it.each<[loads: number[], chosen: number[]]>([
  [
    [0, 3, 1],
    [0, 0, 0, 0, 1, 2, 2, 2],
  ],
  [[0], [0]],
  [[5], [0]],
  [
    [2, 2, 2],
    [0, 1, 2],
  ],
  [
    [0, 1],
    [0, 0, 1],
  ],
])('of the loads %j: %j', (loads, chosen) => {
  const eighths = chosen.map((_, i) => i / chosen.length);
  expect(eighths.map((random) => leastLoaded(loads, random))).toEqual(chosen);
});

it('stays in bounds at the end of the range', () => {
  expect(leastLoaded([0, 1e15, 3], 1 - Number.EPSILON / 2)).toBe(2);
});
