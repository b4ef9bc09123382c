import { describe, expect, it } from 'vitest';
import { Segments, type SizedBatch } from './segments.ts';

const batch = (baseOffset: number, maxTimestamp: number, length = 100): SizedBatch => ({
  ...{ baseOffset, lastOffset: baseOffset, maxTimestamp },
  bytes: { length },
});

const sparse = { indexIntervalBytes: 4096 };

const bases = (segments: Segments): number[] => segments.all.map(({ baseOffset }) => baseOffset);

describe('a new segment begins', () => {
  it.each([
    ['when the batch would make it too large', { maxBytes: 250, maxMs: Infinity, ...sparse }, [0, 0, 0, 0, 0], [0, 2, 4]],
    ['not before it is too large', { maxBytes: 500, maxMs: Infinity, ...sparse }, [0, 0, 0, 0, 0], [0]],
    ['when the batch is so much newer than its first', { maxBytes: Infinity, maxMs: 10, ...sparse }, [0, 10, 11, 21, 22], [0, 2, 4]],
    ['not for an older batch', { maxBytes: Infinity, maxMs: 10, ...sparse }, [100, 0, 50], [0]],
    ['for every batch that is larger than allowed', { maxBytes: 50, maxMs: Infinity, ...sparse }, [0, 0], [0, 1]],
  ])('%s', (_when, rules, timestamps, expected) => {
    const segments = new Segments();
    for (const [offset, timestamp] of timestamps.entries()) segments.append(batch(offset, timestamp), rules, 0);
    expect(bases(segments)).toEqual(expected);
  });

  it('when somebody asks, unless the active one is empty', () => {
    const segments = new Segments();
    segments.roll(0, 0);
    expect(bases(segments)).toEqual([0]);
    segments.append(batch(0, 0), { maxBytes: Infinity, maxMs: Infinity, ...sparse }, 0);
    segments.roll(1, 0);
    segments.roll(1, 0);
    expect(bases(segments)).toEqual([0, 1]);
  });
});

it('a segment knows its size and its newest record; without times that of its last change counts', () => {
  const segments = new Segments();
  const rules = { maxBytes: 250, maxMs: Infinity, ...sparse };
  for (const [offset, timestamp] of [5, 3, -1].entries()) segments.append(batch(offset, timestamp), rules, 77);
  expect(segments.all).toEqual([
    { baseOffset: 0, sizeInBytes: 200, firstTimestamp: 5, largestTimestamp: 5 },
    { baseOffset: 2, sizeInBytes: 100, firstTimestamp: undefined, largestTimestamp: 77 },
  ]);
  segments.recount([batch(0, 5)], { from: 1 });
  expect(segments.all).toEqual([{ baseOffset: 0, sizeInBytes: 100, firstTimestamp: 5, largestTimestamp: 5 }]);
});
