import { expect, it } from 'vitest';
import { acknowledgementBatches } from './acknowledgement-batches.ts';

type Range = readonly [firstOffset: number, lastOffset: number, code: number];

it.each<[what: string, ranges: readonly Range[], batches: readonly Range[]]>([
  ['nothing', [], []],
  ['one record', [[3, 3, 1]], [[3, 3, 1]]],
  [
    'neighbours of which the same is said',
    [
      [3, 3, 1],
      [4, 4, 1],
      [5, 7, 1],
    ],
    [[3, 7, 1]],
  ],
  [
    'neighbours of which different things are said',
    [
      [3, 3, 1],
      [4, 4, 2],
      [5, 5, 1],
    ],
    [
      [3, 3, 1],
      [4, 4, 2],
      [5, 5, 1],
    ],
  ],
  [
    'offsets with others between them',
    [
      [3, 3, 1],
      [5, 5, 1],
    ],
    [
      [3, 3, 1],
      [5, 5, 1],
    ],
  ],
  [
    'offsets in any order',
    [
      [9, 9, 2],
      [4, 8, 2],
      [3, 3, 2],
    ],
    [[3, 9, 2]],
  ],
])('says in as few batches as may be: %s', (_what, ranges, batches) => {
  const said = acknowledgementBatches(ranges.map(([firstOffset, lastOffset, code]) => ({ firstOffset, lastOffset, code })));
  expect(said.map(({ firstOffset, lastOffset, acknowledgeTypes }) => [firstOffset, lastOffset, ...acknowledgeTypes])).toEqual(batches);
});
