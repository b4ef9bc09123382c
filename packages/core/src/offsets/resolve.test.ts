import { describe, expect, it } from 'vitest';
import { offsetOf } from './resolve.ts';

describe('a place in a log from 10 to 20', () => {
  const [first, end] = [10, 20];
  it.each([
    ['earliest is its start', { kind: 'earliest' }, undefined, 10],
    ['latest is its end', { kind: 'latest' }, undefined, 20],
    ['an offset within is itself', { kind: 'offset', offset: 15 }, undefined, 15],
    ['the end is an offset: the next message', { kind: 'offset', offset: 20 }, undefined, 20],
    ['an offset below the start is the start', { kind: 'offset', offset: 3 }, undefined, 10],
    ['the last 4 begin 4 before the end', { kind: 'last', count: 4 }, undefined, 16],
    ['the last 0 are at the end', { kind: 'last', count: 0 }, undefined, 20],
    ['the last 50 begin at the start', { kind: 'last', count: 50 }, undefined, 10],
    ['a time before the log is its first record', { kind: 'timestamp', timestamp: 1 }, 10, 10],
    ['a time between two records is the later one', { kind: 'timestamp', timestamp: 155 }, 16, 16],
    ['a time after the log, for which brokers say -1, is the end', { kind: 'timestamp', timestamp: 999 }, -1, 20],
  ] as const)('%s', (_, place, timed, offset) => {
    expect(offsetOf(place, first, end, timed)).toBe(offset);
  });

  it('refuses an offset beyond its end', () => {
    expect(() => offsetOf({ kind: 'offset', offset: 21 }, first, end)).toThrow(RangeError);
  });
});
