import type { Bytes } from './lz-copy.ts';

/** What writes the compressed form of what matchRepeats finds, in order. */
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

const hashBits = 13;

/** Where each hash of four bytes was seen last; one table serves all blocks of a compression, as positions only grow. */
export function matchTable(): Int32Array {
  return new Int32Array(1 << hashBits).fill(-1);
}

/**
 * Finds what repeats earlier bytes of the block from `start` to `end` of `source`: greedily, with one candidate a position,
 * and with longer and longer steps where nothing repeats. What both LZ4 and Snappy do by default.
 */
export function matchRepeats(source: Bytes, start: number, end: number, table: Int32Array, found: Sequences): void {
  const { view } = source;
  const lastStart = end - noMatchStartsIn;
  const lastByte = end - noMatchReaches;
  let literals = start;
  let misses = 0;
  for (let position = start; position < lastStart;) {
    const four = view.getInt32(position, true);
    const slot = Math.imul(four, 0x9e3779b1) >>> (32 - hashBits);
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
