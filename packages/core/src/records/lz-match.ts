import type { Bytes } from './lz-copy.ts';

/** What writes the compressed form of what a Matcher finds, in order. */
export interface Sequences {
  /** `literals` bytes from `start` on as they are, then `length` bytes that were also `distance` bytes before. */
  sequence(start: number, literals: number, distance: number, length: number): void;
  /** The bytes from `start` to `end`, as they are; the end of the block. */
  end(start: number, end: number): void;
}

export const minMatch = 4;
/** LZ4 lets no match begin in the last 12 bytes of a block, nor reach into its last five. */
const noMatchStartsIn = 12;
const noMatchReaches = 5;
const maxDistance = 65535;

/**
 * Finds what repeats earlier bytes of the block from `start` to `end` of `source`. One matcher serves the blocks of one source,
 * in their order: it remembers positions, and no match reaches back before its block.
 */
export type Matcher = (source: Bytes, start: number, end: number, found: Sequences) => void;

/** Greedy, with one candidate a position, and longer and longer steps where nothing repeats: what LZ4 and Snappy do by default. */
export function fastMatcher(): Matcher {
  const table = new Int32Array(1 << fastHashBits).fill(-1);
  return (source, start, end, found) => matchFast(source, start, end, table, found);
}

/** Tries up to `attempts` candidates a position and takes the longest, or the next position's where that is longer: LZ4's "HC". */
export function thoroughMatcher(attempts: number): Matcher {
  const last = new Int32Array(1 << thoroughHashBits).fill(-1);
  const before = new Int32Array(maxDistance + 1);
  return (source, start, end, found) => matchThoroughly({ source, start, end, attempts, last, before }, found);
}

const fastHashBits = 13;
const thoroughHashBits = 15;

/** `table` has the position at which each hash of four bytes was seen last. */
function matchFast(source: Bytes, start: number, end: number, table: Int32Array, found: Sequences): void {
  const { view } = source;
  const lastStart = end - noMatchStartsIn;
  const lastByte = end - noMatchReaches;
  let literals = start;
  let misses = 0;
  for (let position = start; position < lastStart;) {
    const four = view.getInt32(position, true);
    const slot = hash(four, fastHashBits);
    let candidate = table[slot]!;
    table[slot] = position;
    if (candidate < start || position - candidate > maxDistance || view.getInt32(candidate, true) !== four) {
      position += 1 + (misses++ >> 5);
      continue;
    }
    const distance = position - candidate;
    const matchEnd = endOfMatch(source, position + minMatch, distance, lastByte);
    while (position > literals && candidate > start && source.buffer[position - 1] === source.buffer[candidate - 1]) {
      position--;
      candidate--;
    }
    found.sequence(literals, position - literals, distance, matchEnd - position);
    literals = position = matchEnd;
    misses = 0;
  }
  found.end(literals, end);
}

/** `last` has the position at which each hash of four bytes was seen last, `before` (by the low bits of a position) the one before that. */
interface Search {
  readonly source: Bytes;
  readonly start: number;
  readonly end: number;
  readonly attempts: number;
  readonly last: Int32Array;
  readonly before: Int32Array;
}

function matchThoroughly(search: Search, found: Sequences): void {
  const { start, end } = search;
  const lastStart = end - noMatchStartsIn;
  let literals = start;
  for (let position = start; position < lastStart;) {
    let match = longestMatch(search, position);
    if (match.length < minMatch) {
      position++;
      continue;
    }
    let from = position;
    for (let next; from + 1 < lastStart && (next = longestMatch(search, from + 1)).length > match.length; match = next) from++;
    found.sequence(literals, from - literals, match.distance, match.length);
    literals = from + match.length;
    for (position = from + 2; position < literals && position < lastStart; position++) remember(search, position);
    position = literals;
  }
  found.end(literals, end);
}

/** The longest match for `position`, which becomes a candidate for those behind it. */
function longestMatch(search: Search, position: number): { length: number; distance: number } {
  const { source, start, end, before } = search;
  const four = source.view.getInt32(position, true);
  let longest = position;
  let distance = 0;
  let candidate = remember(search, position);
  for (let left = search.attempts; left > 0 && candidate >= start && position - candidate <= maxDistance; left--) {
    if (source.view.getInt32(candidate, true) === four) {
      const matchEnd = endOfMatch(source, position + minMatch, position - candidate, end - noMatchReaches);
      if (matchEnd > longest) [longest, distance] = [matchEnd, position - candidate];
    }
    candidate = before[candidate & maxDistance]!;
  }
  return { length: longest - position, distance };
}

/** Remembers `position`, and returns the last one with the same hash. */
function remember({ source, last, before }: Search, position: number): number {
  const slot = hash(source.view.getInt32(position, true), thoroughHashBits);
  const previous = last[slot]!;
  before[position & maxDistance] = previous;
  last[slot] = position;
  return previous;
}

function hash(four: number, bits: number): number {
  return Math.imul(four, 0x9e3779b1) >>> (32 - bits);
}

/** How far the bytes from `position` on are those `distance` before. */
function endOfMatch({ buffer, view }: Bytes, position: number, distance: number, limit: number): number {
  while (position + 4 <= limit) {
    const difference = view.getInt32(position, true) ^ view.getInt32(position - distance, true);
    // The lowest bit that differs is in the first byte that does.
    if (difference !== 0) return position + ((31 - Math.clz32(difference & -difference)) >>> 3);
    position += 4;
  }
  while (position < limit && buffer[position] === buffer[position - distance]) position++;
  return position;
}
