import { describe, expect, it } from 'vitest';
import { shareFetchBytes } from './fetch-limits.ts';

/** Three batches of 100 bytes each, unless said otherwise. */
const log = (maxBytes: number, available = 300, firstBatchBytes = Math.min(100, available)) => ({ available, firstBatchBytes, maxBytes });

describe('shareFetchBytes', () => {
  it.each([
    ['all there is', [log(1000)], 1000, [300]],
    ['as much as the partition may give, cut within a batch', [log(250)], 1000, [250]],
    ['as much as the answer may have', [log(1000)], 150, [150]],
    ['the first batch whole, though the partition may give less', [log(1)], 1000, [100]],
    ['the first batch whole, though the answer may have less', [log(1000)], 1, [100]],
    ['nothing from a second partition where no batch fits', [log(100), log(99)], 1000, [100, undefined]],
    ['what is left of the answer to a second partition', [log(100), log(1000)], 250, [100, 150]],
    ['nothing to a second partition when the first took all', [log(1000), log(1000)], 300, [300, 0]],
    ['nothing from a second partition of which nothing is wanted', [log(100), log(0)], 1000, [100, 0]],
    ['the whole batch to the first partition that has any', [log(1, 0), log(1)], 1000, [0, 100]],
    ['nothing from an empty log', [log(1000, 0)], 1000, [0]],
  ])('gives %s', (_rule, partitions, maxBytes, bytes) => {
    expect(shareFetchBytes(partitions, { maxBytes })).toEqual(bytes);
  });
});
