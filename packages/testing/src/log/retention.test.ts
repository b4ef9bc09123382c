import { expect, it } from 'vitest';
import { expiredSegments } from './retention.ts';

const now = 1000;
/** Four segments of ten offsets and a hundred bytes each; the last is active. */
const log = {
  segments: [0, 10, 20, 30].map((baseOffset) => ({
    baseOffset,
    sizeInBytes: 100,
    firstTimestamp: 0,
    largestTimestamp: 700 + 10 * baseOffset,
  })),
  ...{ startOffset: 0, endOffset: 40, highWatermark: 40 },
};
const forever = { deletes: true, maxMs: -1, maxBytes: -1 };

it.each([
  ['for ever', {}, forever, 0],
  ['no older than', {}, { ...forever, maxMs: 250 }, 1],
  ['no older than, exactly', {}, { ...forever, maxMs: 300 }, 0],
  ['of the past, up to one of now', {}, { ...forever, maxMs: 0 }, 3],
  ['of the past, where all are', { segments: log.segments.map((one) => ({ ...one, largestTimestamp: 5 })) }, { ...forever, maxMs: 10 }, 4],
  ['of so many bytes', {}, { ...forever, maxBytes: 400 }, 0],
  ['of so many bytes and a part', {}, { ...forever, maxBytes: 250 }, 1],
  ['of no bytes', {}, { ...forever, maxBytes: 0 }, 4],
  ['of no bytes, with an empty active one', { segments: [log.segments[0]!, { ...log.segments[1]!, sizeInBytes: 0 }], endOffset: 10 }, { ...forever, maxBytes: 0 }, 1], // prettier-ignore
  ['that are not committed', { highWatermark: 25 }, { ...forever, maxBytes: 0 }, 2],
  ['before the start', { startOffset: 25 }, forever, 2],
  ['before the start, without deletion', { startOffset: 20 }, { deletes: false, maxMs: 0, maxBytes: 0 }, 2],
])('segments %s', (_which, change, rules, count) => {
  expect(expiredSegments({ ...log, ...change }, rules, now)).toBe(count);
});
