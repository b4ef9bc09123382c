import { describe, expect, it } from 'vitest';
import { afterOutOfRange } from './out-of-range.ts';

describe('F1: where reading goes on after OFFSET_OUT_OF_RANGE', () => {
  const earliest = { kind: 'earliest' } as const;
  const latest = { kind: 'latest' } as const;
  it.each([
    ['a given offset below the log start moves to the start', 3, true, latest, earliest],
    ['also where autoOffsetReset is an error', 3, true, 'none', earliest],
    ['a committed offset below the log start goes to autoOffsetReset', 3, false, latest, latest],
    ['a given offset beyond the end goes to autoOffsetReset', 30, true, latest, latest],
    ['a committed offset beyond the end goes to autoOffsetReset', 30, false, earliest, earliest],
    ['a committed offset is an error with none', 3, false, 'none', 'none'],
    ['a given offset beyond the end is an error with none', 30, true, 'none', 'none'],
  ] as const)('%s', (_, offset, isGiven, autoOffsetReset, place) => {
    expect(afterOutOfRange({ offset, isGiven, logStart: 10, autoOffsetReset })).toEqual(place);
  });
});
