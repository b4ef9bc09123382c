import type { Place } from './offset-spec.ts';

/** A place that is counted from the ends of a partition, kept within them; undefined for one that only the brokers can tell, or a group. */
export function offsetAt(place: Place, begin: number, end: number): number | undefined {
  const clamped = (offset: number): number => Math.max(begin, Math.min(offset, end));
  switch (place.kind) {
    case 'beginning':
      return begin;
    case 'end':
      return end;
    case 'offset':
      return clamped(place.offset);
    case 'after beginning':
      return clamped(begin + place.count);
    case 'before end':
      return clamped(end - place.count);
    default:
      return undefined;
  }
}
