import { expect, it } from 'vitest';
import { hasMoved, movedSince } from './moved.ts';

const at = (partition: number, committed: number | undefined) => ({ topic: 't', partition, committed });
const now = (partition: number, offset: number) => ({ topic: 't', partition, offset });

it.each([
  ['where it was', [at(0, 5)], [now(0, 5)], []],
  ['further', [at(0, 5), at(1, 7)], [now(0, 5), now(1, 8)], [[1, 7, 8]]],
  ['back at 0', [at(0, 5)], [now(0, 0)], [[0, 5, 0]]],
  ['forgotten', [at(0, 5)], [], [[0, 5, undefined]]],
  ['begun', [at(0, undefined)], [now(0, 0)], [[0, undefined, 0]]],
  ['still without a commit', [at(0, undefined)], [], []],
  ['elsewhere, where nothing is planned', [at(0, 5)], [now(0, 5), now(1, 8)], []],
])('a group that is %s', (_, plan, committed, moved) => {
  expect(movedSince(plan, committed).map(({ partition, planned, now: offset }) => [partition, planned, offset])).toEqual(moved);
});

it('the error names three, and how many more', () => {
  const plan = Array.from({ length: 5 }, (_, i) => at(i, i === 0 ? undefined : 1));
  const failure = hasMoved('g', movedSince(plan, plan.map(({ partition }) => now(partition, 2)))); // prettier-ignore
  expect(failure.why).toBe('t[0] from nothing to 2, t[1] from 1 to 2, t[2] from 1 to 2 and 2 more partitions');
});
