import { describe, expect, it } from 'vitest';
import { cleanableRange, groupSegments } from './compaction.ts';

const now = 1000;
const rules = { deleteRetentionMs: 0, minLagMs: 0, maxLagMs: Infinity, minDirtyRatio: 0.5 };
/** Three full segments of ten offsets and a hundred bytes, and the active one. */
const segments = [0, 10, 20, 30].map((baseOffset, i) => {
  return { baseOffset, sizeInBytes: 100, firstTimestamp: 100 * (i + 1), largestTimestamp: 100 * (i + 1) };
});
const log = { segments, batches: [], startOffset: 0, lastStableOffset: 35, cleanedUpTo: 0 };

describe('what can be cleaned', () => {
  it.each([
    ['all but the active segment', {}, {}, [0, 30, true]],
    ['what was never cleaned', { cleanedUpTo: 20 }, {}, [20, 30, false]],
    ['more than half of the log, to be due', { cleanedUpTo: 10 }, {}, [10, 30, true]],
    ['little, where little is enough', { cleanedUpTo: 20 }, { minDirtyRatio: 0.1 }, [20, 30, true]],
    ['nothing that is new', { cleanedUpTo: 30 }, { minDirtyRatio: 0 }, [30, 30, false]],
    ['nothing before the start', { startOffset: 10 }, {}, [10, 30, true]],
    ['no segment with an open transaction', { lastStableOffset: 25 }, {}, [0, 20, true]],
    ['up to an open transaction where a segment begins', { lastStableOffset: 20 }, {}, [0, 20, true]],
    ['nothing behind what is young', {}, { minLagMs: 850 }, [0, 10, true]],
    ['nothing, if all is young', {}, { minLagMs: 950 }, [0, 0, false]],
    ['little, where it has waited for too long', { cleanedUpTo: 20 }, { maxLagMs: 600 }, [20, 30, true]],
    ['little, where it has waited for just as long', { cleanedUpTo: 20 }, { maxLagMs: 700 }, [20, 30, false]],
  ])('%s', (_what, changed, rule, [firstDirtyOffset, firstUncleanableOffset, isDue]) => {
    const range = cleanableRange({ ...log, ...changed }, { ...rules, ...rule }, now);
    expect(range).toEqual({ firstDirtyOffset, firstUncleanableOffset, isDue });
  });
});

describe('segments after a cleaning', () => {
  it.each([
    ['become one while they fit', 30, 1000, [0, 30]],
    ['become one up to the limit', 30, 200, [0, 20, 30]],
    ['stay as they are where they are full', 30, 100, [0, 10, 20, 30]],
    ['stay as they are where nothing was cleaned', 10, 1000, [0, 10, 20, 30]],
  ])('%s', (_how, before, maxBytes, bases) => {
    expect(groupSegments(segments, before, maxBytes)).toEqual(bases);
  });
});
