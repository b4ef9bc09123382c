import { CorruptRecordError } from '../errors.ts';
import { safeOrNaN } from './batch-layout.ts';

// The numbers inside a record: zig-zag varints (32 bits) and varlongs (64 bits), seven bits a byte, lowest first.

/** The bytes that `value`, an int32, takes as a varint. */
export function varintBytes(value: number): number {
  const zigZag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigZag < 0x80 ? 1 : zigZag < 0x4000 ? 2 : zigZag < 0x200000 ? 3 : zigZag < 0x10000000 ? 4 : 5;
}

/** Writes `value`, an int32, and returns the position behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Writes `value`, a safe integer, and returns the position behind it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0)) return writeVarint(bytes, at, value);
  let rest = zigZag64(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes[at++] = Number(rest & 0x7fn) | 0x80;
  bytes[at++] = Number(rest);
  return at;
}

function zigZag64(value: number): bigint {
  return BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
}

/** Reads varints one after the other; one that is cut off, or has more bits than its type, is a CorruptRecordError. */
export class VarintReader {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  /** An int32. One and two bytes, which nearly all of them are, go the short way. */
  varint(): number {
    const first = this.bytes[this.position]!;
    if (first < 0x80) {
      this.position++;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = this.bytes[this.position + 1]!;
    if (second < 0x80) {
      this.position += 2;
      return (((first & 0x7f) >>> 1) | (second << 6)) ^ -(first & 1);
    }
    return this.#longVarint();
  }

  /** An int64; NaN for one beyond the safe integers, which varlongBigInt reads. */
  varlong(): number {
    const { bytes, position } = this;
    // Up to four bytes, the deltas of ordinary records, are an int32.
    if (bytes[position]! < 0x80 || bytes[position + 1]! < 0x80 || bytes[position + 2]! < 0x80 || bytes[position + 3]! < 0x80)
      return this.varint();
    return safeOrNaN(this.varlongBigInt());
  }

  varlongBigInt(): bigint {
    let zigZag = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || (shift === 63n && byte > 1)) break;
      zigZag |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (zigZag >> 1n) ^ -(zigZag & 1n));
    }
    throw new CorruptRecordError(`the varlong before byte ${this.position} is cut off, or longer than 64 bits`);
  }

  #longVarint(): number {
    let zigZag = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || (shift === 28 && byte > 0x0f)) break;
      zigZag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigZag >>> 1) ^ -(zigZag & 1);
    }
    throw new CorruptRecordError(`the varint before byte ${this.position} is cut off, or longer than 32 bits`);
  }
}
