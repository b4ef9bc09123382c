import { describe, expect, it } from 'vitest';
import { checkOffset, OffsetType, placeOf, timeOf } from './offset.ts';

describe('placeOf', () => {
  it('says of a bigint that it is one', () => {
    expect(() => placeOf(5n as never)).toThrow(
      new TypeError("5n is not a position in a partition: use an offset, 'earliest', 'latest', { timestamp } or { last }"),
    );
  });

  it.each([
    [0, { kind: 'offset', offset: 0 }],
    [7, { kind: 'offset', offset: 7 }],
    [-2, { kind: 'earliest' }],
    [-1, { kind: 'latest' }],
    [OffsetType.EARLIEST, { kind: 'earliest' }],
    [OffsetType.LATEST, { kind: 'latest' }],
    ['earliest', { kind: 'earliest' }],
    ['latest', { kind: 'latest' }],
    [{ timestamp: 5 }, { kind: 'timestamp', timestamp: 5 }],
    [{ timestamp: new Date(5) }, { kind: 'timestamp', timestamp: 5 }],
    [{ last: 0 }, { kind: 'last', count: 0 }],
    [{ last: 50 }, { kind: 'last', count: 50 }],
  ] as const)('reads %j', (spec, place) => {
    expect(placeOf(spec)).toEqual(place);
  });

  it.each([-3, 1.5, NaN, Infinity, 2 ** 53, { last: -1 }, { last: 0.5 }, { timestamp: -1 }, { timestamp: new Date(NaN) }])(
    'refuses %j with a RangeError',
    (spec) => {
      expect(() => placeOf(spec)).toThrow(RangeError);
    },
  );

  it.each(['5', 'Latest', '', null, undefined, true, {}, []])('refuses %j with a TypeError', (spec) => {
    expect(() => placeOf(spec as never, 'until')).toThrow(/^until: .* is not a position in a partition/);
    expect(() => placeOf(spec as never)).toThrow(TypeError);
  });
});

describe('checkOffset', () => {
  it('F16: never lets -1 stand for an offset', () => {
    expect(() => checkOffset(-1, 'an offset to commit')).toThrow('an offset to commit must be a whole number of at least 0, not -1');
  });
});

describe('timeOf', () => {
  it('takes a Date and milliseconds for the same', () => {
    expect(timeOf(new Date(1000))).toBe(timeOf(1000));
  });
});
