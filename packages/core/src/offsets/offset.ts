import { shown } from '../check-options.ts';

/** PyKafka's names for the ends of a partition. The numbers are Kafka's, and may be used wherever an offset is expected. */
export const OffsetType = { EARLIEST: -2, LATEST: -1 } as const;
export type OffsetType = (typeof OffsetType)[keyof typeof OffsetType];

/**
 * A position in a partition. A number is the next offset to read; -2 and -1 are `OffsetType.EARLIEST` and `OffsetType.LATEST`.
 * `timestamp` is the first record at or after that time (the end if there is none), `last` is that many records before the end.
 */
export type OffsetSpec = number | OffsetType | 'earliest' | 'latest' | { readonly timestamp: Date | number } | { readonly last: number };

/** A place as the code speaks of it: one form for each meaning. */
export type Place =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'timestamp'; readonly timestamp: number }
  | { readonly kind: 'last'; readonly count: number };

/** Reads any form in which a user may give a place. Throws RangeError or TypeError for what is none; `name` is the option's. */
export function placeOf(spec: OffsetSpec, name?: string): Place {
  if (spec === 'earliest' || spec === OffsetType.EARLIEST) return { kind: 'earliest' };
  if (spec === 'latest' || spec === OffsetType.LATEST) return { kind: 'latest' };
  if (typeof spec === 'number') return { kind: 'offset', offset: checkOffset(spec) };
  if (typeof spec === 'object' && spec !== null) {
    if ('timestamp' in spec) return { kind: 'timestamp', timestamp: timeOf(spec.timestamp) };
    if ('last' in spec) return { kind: 'last', count: checkOffset(spec.last, 'last') };
  }
  throw new TypeError(
    `${name === undefined ? '' : `${name}: `}${shown(spec)} is not a position in a partition: use an offset, 'earliest', 'latest', { timestamp } or { last }`,
  );
}

/** An offset that a partition can have. */
export function checkOffset(offset: number, name = 'an offset'): number {
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new RangeError(`${name} must be a whole number of at least 0, not ${shown(offset)}`);
  return offset;
}

/** Milliseconds since 1970. */
export function timeOf(time: Date | number): number {
  const ms = time instanceof Date ? time.getTime() : time;
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`a time must be a Date or whole milliseconds since 1970, not ${shown(time)}`);
  return ms;
}
