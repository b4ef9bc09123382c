import { expect, it } from 'vitest';
import { flawless, judge, sum } from './judge.ts';

it.each([
  ['a copy', ['a', 'b', 'c'], ['a', 'b', 'c'], {}],
  ['nothing yet', ['a', 'b'], [], { missing: 2 }],
  ['one that is left out', ['a', 'b', 'c'], ['a', 'c'], { missing: 1 }],
  ['one that comes twice', ['a', 'b'], ['a', 'b', 'a'], { doubled: 1 }],
  ['two that have changed places', ['a', 'b', 'c'], ['b', 'a', 'c'], { swapped: 1 }],
  ['what was never there', ['a'], ['a', 'x'], { foreign: 1 }],
])('judges %s', (_what, input, output, verdict) => {
  expect(judge(input, output)).toEqual({ ...flawless, ...verdict });
});

it('adds up partitions', () => {
  expect(sum([judge(['a'], []), judge(['b'], ['b', 'b'])])).toEqual({ ...flawless, missing: 1, doubled: 1 });
});
