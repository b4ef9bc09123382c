import { ProtocolError } from '../errors.ts';

/**
 * Reads Kafka's types one after the other. Bytes are views of the buffer that is read.
 *
 * Every length and count is compared with what remains before anything is allocated: Node's own methods clamp silently,
 * and the bytes may come from anybody. Whatever does not fit throws ProtocolError.
 */
export class Reader {
  readonly buffer: Buffer;
  flexible: boolean;
  #position: number;
  #end: number;

  constructor(buffer: Buffer, flexible = false, start = 0, end = buffer.length) {
    this.buffer = buffer;
    this.flexible = flexible;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  int8(): number {
    return this.buffer.readInt8(this.#take(1));
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#take(2));
  }

  uint16(): number {
    return this.buffer.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.#take(4));
  }

  /** A safe integer; one that is not is an error. The largest long is Infinity (see Writer.int64). */
  int64(): number {
    const at = this.#take(8);
    const high = this.buffer.readInt32BE(at);
    const low = this.buffer.readUInt32BE(at + 4);
    const value = high * 2 ** 32 + low;
    if (high >= -0x200000 && high < 0x200000 && Number.isSafeInteger(value)) return value;
    if (high === 0x7fffffff && low === 0xffffffff) return Infinity;
    throw new ProtocolError(`the int64 ${this.buffer.readBigInt64BE(at)} at byte ${at} is beyond the safe integers`);
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8));
  }

  uuid(): string {
    const at = this.#take(16);
    return this.buffer.toString('base64url', at, at + 16);
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)]!;
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new ProtocolError(`the varint that ends at byte ${this.#position} is longer than 32 bits`);
  }

  string(): string {
    return this.nullableString() ?? this.#isNull('string');
  }

  nullableString(): string | null {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int16();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.buffer.toString('utf8', at, at + length);
  }

  bytes(): Buffer {
    return this.nullableBytes() ?? this.#isNull('bytes');
  }

  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (length === -1) return null;
    return this.raw(length);
  }

  /** The next `length` bytes. */
  raw(length: number): Buffer {
    const at = this.#take(length);
    return this.buffer.subarray(at, at + length);
  }

  /** The length of an array whose elements take at least `elementBytes` each. */
  arrayLength(elementBytes: number): number {
    const length = this.nullableArrayLength(elementBytes);
    return length === -1 ? this.#isNull('array') : length;
  }

  /** As arrayLength; -1 is null. */
  nullableArrayLength(elementBytes: number): number {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (length < -1 || length * Math.max(elementBytes, 1) > this.remaining) {
      throw new ProtocolError(`an array of ${length} elements does not fit into the ${this.remaining} bytes that remain`);
    }
    return length;
  }

  /** An array, each element by `read`; `elementBytes` is the least that one takes. */
  array<T>(version: number, elementBytes: number, read: ReadElement<T>): T[] {
    return this.#elements(this.arrayLength(elementBytes), version, read);
  }

  nullableArray<T>(version: number, elementBytes: number, read: ReadElement<T>): T[] | null {
    const length = this.nullableArrayLength(elementBytes);
    return length === -1 ? null : this.#elements(length, version, read);
  }

  #elements<T>(length: number, version: number, read: ReadElement<T>): T[] {
    const elements: T[] = [];
    for (let i = 0; i < length; i++) elements.push(read(this, version));
    return elements;
  }

  /** A struct that may be null: a byte says whether it is there. */
  nullableStruct<T>(version: number, read: ReadElement<T>): T | null {
    return this.int8() < 0 ? null : read(this, version);
  }

  /**
   * Reads the tagged fields that close a flexible struct. `read` returns false for a tag that it does not know.
   *
   * Tags should rise (KIP-482), but Java's reader takes them in any order, and of two equal ones the last; so does this one.
   */
  tags(read: (tag: number) => boolean = unknownTag): void {
    if (!this.flexible) return;
    const count = this.unsignedVarint();
    if (count * 2 > this.remaining) throw new ProtocolError(`${count} tagged fields do not fit into ${this.remaining} bytes`);
    for (let i = 0; i < count; i++) {
      const tag = this.unsignedVarint();
      this.#tagged(this.unsignedVarint(), tag, read);
    }
  }

  /** A tagged value is read inside its own bounds, and must fill them. */
  #tagged(size: number, tag: number, read: (tag: number) => boolean): void {
    if (size > this.remaining) throw new ProtocolError(`tag ${tag} has ${size} bytes, and ${this.remaining} remain`);
    const start = this.#take(size);
    const outerEnd = this.#end;
    this.#position = start;
    this.#end = start + size;
    if (!read(tag)) this.#position = this.#end;
    if (this.remaining !== 0) throw new ProtocolError(`tag ${tag} has ${this.remaining} bytes too many`);
    this.#end = outerEnd;
  }

  #take(length: number): number {
    const at = this.#position;
    if (length < 0 || length > this.#end - at) {
      throw new ProtocolError(`${length} bytes are wanted at byte ${at}, and ${this.#end - at} remain`);
    }
    this.#position = at + length;
    return at;
  }

  #isNull(what: string): never {
    throw new ProtocolError(`the ${what} that ends at byte ${this.#position} is null where null is not allowed`);
  }
}

/** Reads one element of an array, or a struct. */
export type ReadElement<T> = (r: Reader, version: number) => T;

const unknownTag = (): boolean => false;
