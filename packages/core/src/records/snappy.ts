import { type Bytes, copyLiterals, copyMatch } from './lz-copy.ts';
import type { Matcher, Sequences } from './lz-match.ts';

// Snappy's raw format: the length, then literals and copies (google/snappy, format_description.txt).

/** The most bytes that compressing `length` bytes can give. */
export function maxSnappyBytes(length: number): number {
  return 32 + length + Math.floor(length / 6);
}

/** Writes the compressed bytes from `start` to `end` (64 KiB at most) of `source` to `position` of `to`; returns the position behind them. */
export function snappyCompress(source: Bytes, start: number, end: number, match: Matcher, to: Bytes, position: number): number {
  let rest = end - start;
  for (; rest > 0x7f; rest >>>= 7) to.buffer[position++] = (rest & 0x7f) | 0x80;
  to.buffer[position++] = rest;
  const writer = new SnappyWriter(source, to, position);
  match(source, start, end, writer);
  return writer.position;
}

class SnappyWriter implements Sequences {
  readonly source: Bytes;
  readonly to: Bytes;
  position: number;

  constructor(source: Bytes, to: Bytes, position: number) {
    this.source = source;
    this.to = to;
    this.position = position;
  }

  sequence(start: number, literals: number, distance: number, length: number): void {
    if (literals > 0) this.end(start, start + literals);
    // A copy has at most 64 bytes; what is left of a longer match must not be shorter than four.
    let rest = length;
    for (; rest >= 68; rest -= 64) this.#copy(distance, 64);
    if (rest > 64) {
      this.#copy(distance, 60);
      rest -= 60;
    }
    this.#copy(distance, rest);
  }

  end(start: number, end: number): void {
    const length = end - start;
    if (length === 0) return;
    const { buffer } = this.to;
    if (length <= 60) {
      buffer[this.position++] = (length - 1) << 2;
    } else if (length <= 256) {
      buffer[this.position++] = 60 << 2;
      buffer[this.position++] = length - 1;
    } else {
      buffer[this.position++] = 61 << 2;
      buffer[this.position++] = length - 1;
      buffer[this.position++] = (length - 1) >>> 8;
    }
    copyLiterals(this.source, start, this.to, this.position, length);
    this.position += length;
  }

  #copy(distance: number, length: number): void {
    const { buffer } = this.to;
    if (length < 12 && distance < 2048) {
      buffer[this.position++] = ((distance >>> 8) << 5) | ((length - 4) << 2) | 1;
      buffer[this.position++] = distance;
      return;
    }
    buffer[this.position++] = ((length - 1) << 2) | 2;
    buffer[this.position++] = distance;
    buffer[this.position++] = distance >>> 8;
  }
}

/** The length that the compressed bytes from `start` to `end` say they become, and where it ends. */
export function snappyLength(from: Buffer, start: number, end: number): { length: number; position: number } {
  let length = 0;
  let position = start;
  for (let shift = 0; shift < 35 && position < end; shift += 7) {
    const byte = from[position++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80 && length < 2 ** 32) return { length, position };
  }
  throw new Error('the length is cut off, or longer than 32 bits');
}

/**
 * Decompresses one raw block, some of it at each call of `run`.
 *
 * Lengths and distances are checked against what is there before they are used; a wrong one throws an Error.
 */
export class SnappyBlock {
  readonly #from: Bytes;
  readonly #to: Bytes;
  readonly #fromEnd: number;
  readonly #toStart: number;
  /** Where its last byte's successor goes. */
  readonly end: number;
  #read: number;
  #written: number;

  /** The compressed bytes from `start` to `end` become bytes of `to` from `position` on, which has room for the length that they state. */
  constructor(from: Bytes, start: number, end: number, to: Bytes, position: number) {
    const stated = snappyLength(from.buffer, start, end);
    this.#from = from;
    this.#to = to;
    this.#fromEnd = end;
    this.#toStart = position;
    this.end = position + stated.length;
    this.#read = stated.position;
    this.#written = position;
  }

  /** Goes on until about `bytes` more bytes are written; true at the end. */
  run(bytes: number): boolean {
    // In local variables: as fields they would be stored and loaded at every tag, which costs a third of the speed.
    const from = this.#from;
    const to = this.#to;
    const pause = this.#written + bytes;
    let read = this.#read;
    let written = this.#written;
    while (read < this.#fromEnd && written < pause) {
      const tag = from.buffer[read++]!;
      let length = (tag >>> 2) + 1;
      if ((tag & 3) === 0) {
        const lengthBytes = Math.max(length - 60, 0);
        if (lengthBytes > 0) length = this.#uint(read, lengthBytes) + 1;
        read += lengthBytes;
        if (length > this.#fromEnd - read || length > this.end - written) throw new Error(`${length} literal bytes do not fit`);
        copyLiterals(from, read, to, written, length);
        read += length;
        written += length;
        continue;
      }
      const distanceBytes = (tag & 3) === 3 ? 4 : tag & 3;
      let distance = this.#uint(read, distanceBytes);
      read += distanceBytes;
      if (distanceBytes === 1) {
        distance |= (tag >>> 5) << 8;
        length = ((tag >>> 2) & 7) + 4;
      }
      if (distance === 0 || distance > written - this.#toStart || length > this.end - written) {
        throw new Error(`a copy of ${length} bytes from ${distance} bytes before does not fit`);
      }
      copyMatch(to, written, distance, length);
      written += length;
    }
    this.#read = read;
    this.#written = written;
    if (read < this.#fromEnd) return false;
    if (written !== this.end) throw new Error(`the block is ${this.end - written} bytes shorter than it states`);
    return true;
  }

  /** An unsigned number of one to four bytes, lowest first. */
  #uint(position: number, bytes: number): number {
    if (bytes > this.#fromEnd - position) throw new Error('the block is cut off');
    const { buffer } = this.#from;
    if (bytes === 1) return buffer[position]!;
    if (bytes === 2) return buffer[position]! | (buffer[position + 1]! << 8);
    return buffer.readUIntLE(position, bytes);
  }
}
