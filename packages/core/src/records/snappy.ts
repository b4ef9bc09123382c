import { type Bytes, copyLiterals, copyMatch } from './lz-copy.ts';
import { matchRepeats, type Sequences } from './lz-match.ts';

// Snappy's raw format: the length, then literals and copies (google/snappy, format_description.txt).

/** The most bytes that compressing `length` bytes can give. */
export function maxSnappyBytes(length: number): number {
  return 32 + length + Math.floor(length / 6);
}

/** Writes the compressed bytes from `start` to `end` (64 KiB at most) of `source` to `position` of `to`; returns the position behind them. */
export function snappyCompress(source: Bytes, start: number, end: number, table: Int32Array, to: Bytes, position: number): number {
  let rest = end - start;
  for (; rest > 0x7f; rest >>>= 7) to.buffer[position++] = (rest & 0x7f) | 0x80;
  to.buffer[position++] = rest;
  const writer = new SnappyWriter(source, to, position);
  matchRepeats(source, start, end, table, writer);
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
    const pause = this.#written + bytes;
    const { buffer } = this.#from;
    while (this.#read < this.#fromEnd && this.#written < pause) {
      const tag = buffer[this.#read++]!;
      const kind = tag & 3;
      if (kind === 0) this.#literals((tag >>> 2) + 1);
      else if (kind === 1) this.#copy(((tag >>> 5) << 8) | this.#uint(1), ((tag >>> 2) & 7) + 4);
      else this.#copy(this.#uint(kind === 2 ? 2 : 4), (tag >>> 2) + 1);
    }
    if (this.#read < this.#fromEnd) return false;
    if (this.#written !== this.end) throw new Error(`the block is ${this.end - this.#written} bytes shorter than it states`);
    return true;
  }

  /** From 61 on, the length is in the bytes that follow. */
  #literals(lengthOrBytes: number): void {
    const length = lengthOrBytes <= 60 ? lengthOrBytes : this.#uint(lengthOrBytes - 60) + 1;
    if (length > this.#fromEnd - this.#read || length > this.end - this.#written) throw new Error(`${length} literal bytes do not fit`);
    copyLiterals(this.#from, this.#read, this.#to, this.#written, length);
    this.#read += length;
    this.#written += length;
  }

  #copy(distance: number, length: number): void {
    if (distance === 0 || distance > this.#written - this.#toStart || length > this.end - this.#written) {
      throw new Error(`a copy of ${length} bytes from ${distance} bytes before does not fit`);
    }
    copyMatch(this.#to, this.#written, distance, length);
    this.#written += length;
  }

  #uint(bytes: number): number {
    if (bytes > this.#fromEnd - this.#read) throw new Error('the block is cut off');
    const value = this.#from.buffer.readUIntLE(this.#read, bytes);
    this.#read += bytes;
    return value;
  }
}
