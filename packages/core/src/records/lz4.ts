import { type Bytes, copyLiterals, copyMatch } from './lz-copy.ts';
import { type Matcher, minMatch, type Sequences } from './lz-match.ts';

// LZ4's block format: sequences of literals and a match (lz4/lz4, lz4_Block_format.md).

/** The most bytes that compressing `length` bytes can give. */
export function maxLz4Bytes(length: number): number {
  return length + Math.floor(length / 255) + 16;
}

/** Writes the compressed bytes from `start` to `end` of `source` to `position` of `to`; returns the position behind them. */
export function lz4Compress(source: Bytes, start: number, end: number, match: Matcher, to: Bytes, position: number): number {
  const writer = new Lz4Writer(source, to, position);
  match(source, start, end, writer);
  return writer.position;
}

class Lz4Writer implements Sequences {
  readonly source: Bytes;
  readonly to: Bytes;
  position: number;

  constructor(source: Bytes, to: Bytes, position: number) {
    this.source = source;
    this.to = to;
    this.position = position;
  }

  sequence(start: number, literals: number, distance: number, length: number): void {
    this.#token(start, literals, length - minMatch);
    this.to.buffer[this.position++] = distance;
    this.to.buffer[this.position++] = distance >>> 8;
    if (length - minMatch >= 15) this.#moreLength(length - minMatch - 15);
  }

  end(start: number, end: number): void {
    this.#token(start, end - start, 0);
  }

  #token(start: number, literals: number, match: number): void {
    this.to.buffer[this.position++] = (Math.min(literals, 15) << 4) | Math.min(match, 15);
    if (literals >= 15) this.#moreLength(literals - 15);
    copyLiterals(this.source, start, this.to, this.position, literals);
    this.position += literals;
  }

  #moreLength(rest: number): void {
    for (; rest >= 255; rest -= 255) this.to.buffer[this.position++] = 255;
    this.to.buffer[this.position++] = rest;
  }
}

/**
 * Decompresses the block from `start` to `end` of `from` to `position` of `to`, and returns the position behind it: `limit` at most.
 * Matches may reach back as far as `windowStart`.
 *
 * Lengths and distances are checked against what is there before they are used; a wrong one throws an Error.
 */
export function lz4Decompress(
  from: Bytes,
  start: number,
  end: number,
  to: Bytes,
  position: number,
  limit: number,
  windowStart: number,
): number {
  const { buffer } = from;
  let read = start;
  let written = position;
  while (read < end) {
    const token = buffer[read++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      let more = 255;
      for (; more === 255 && read < end; literals += more) more = buffer[read++]!;
    }
    if (literals > end - read || literals > limit - written) throw new Error(`${literals} literal bytes do not fit`);
    copyLiterals(from, read, to, written, literals);
    read += literals;
    written += literals;
    if (read === end) return written;

    if (end - read < 2) break;
    const distance = buffer[read]! | (buffer[read + 1]! << 8);
    read += 2;
    let length = (token & 15) + minMatch;
    if (length === 15 + minMatch) {
      let more = 255;
      for (; more === 255 && read < end; length += more) more = buffer[read++]!;
    }
    if (distance === 0 || distance > written - windowStart || length > limit - written) {
      throw new Error(`a match of ${length} bytes from ${distance} bytes before does not fit`);
    }
    copyMatch(to, written, distance, length);
    written += length;
  }
  throw new Error('a block does not end with literals');
}
