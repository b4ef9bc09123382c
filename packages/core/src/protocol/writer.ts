import { UnsupportedVersionError } from '../errors.ts';

/** Bytes fields from this size on are sent as they are instead of being copied. */
const copyLimit = 4096;

/** The zero topic id, as Kafka writes it. */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * Writes Kafka's types one after the other. Large byte fields are kept as views, so the result is a list of chunks.
 *
 * `flexible` chooses between the old lengths and the compact ones (KIP-482), so the callers need not know.
 */
export class Writer {
  flexible: boolean;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #buffer: Buffer;
  #position = 0;

  constructor(flexible = false, initialBytes = 256) {
    this.flexible = flexible;
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#chunkBytes + this.#position;
  }

  /** Everything written, in order. The writer is spent after it. */
  finish(): Buffer[] {
    this.#cut();
    return this.#chunks;
  }

  /** Everything written, in one piece. The writer is spent after it. */
  toBuffer(): Buffer {
    const chunks = this.finish();
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#position = this.#buffer.writeInt8(value, at);
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#position = this.#buffer.writeInt16BE(value, at);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#position = this.#buffer.writeUInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#position = this.#buffer.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#position = this.#buffer.writeUInt32BE(value, at);
  }

  /** A safe integer. Infinity stands for the largest long, Kafka's "not set" of Fetch's high watermark. */
  int64(value: number): void {
    const at = this.#room(8);
    if (value === Infinity) {
      this.#buffer.writeInt32BE(0x7fffffff, at);
      this.#position = this.#buffer.writeInt32BE(-1, at + 4);
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer, so it cannot be written as an int64`);
    const high = Math.floor(value / 2 ** 32);
    this.#buffer.writeInt32BE(high, at);
    this.#position = this.#buffer.writeUInt32BE(value - high * 2 ** 32, at + 4);
  }

  float64(value: number): void {
    const at = this.#room(8);
    this.#position = this.#buffer.writeDoubleBE(value, at);
  }

  /** 16 bytes, from Kafka's form of them: 22 characters of URL-safe base64. */
  uuid(value: string): void {
    const at = this.#room(16);
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length !== 16) throw new TypeError(`'${value}' is not a topic id`);
    bytes.copy(this.#buffer, at);
    this.#position = at + 16;
  }

  unsignedVarint(value: number): void {
    if (!(value >= 0 && value <= 0xffffffff)) throw new RangeError(`${value} does not fit into an unsigned 32-bit varint`);
    let at = this.#room(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[at++] = rest;
    this.#position = at;
  }

  string(value: string): void {
    const bytes = Buffer.byteLength(value);
    // A compact length could say more, but Kafka's own classes neither write nor read more.
    if (bytes > 0x7fff) throw new RangeError(`a string of ${bytes} bytes is longer than the 32,767 that Kafka allows`);
    if (this.flexible) this.unsignedVarint(bytes + 1);
    else this.int16(bytes);
    const at = this.#room(bytes);
    this.#buffer.write(value, at, 'utf8');
    this.#position = at + bytes;
  }

  nullableString(value: string | null): void {
    if (value !== null) return this.string(value);
    if (this.flexible) this.unsignedVarint(0);
    else this.int16(-1);
  }

  bytes(value: Uint8Array): void {
    if (this.flexible) this.unsignedVarint(value.length + 1);
    else this.int32(value.length);
    this.raw(value);
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value !== null) return this.bytes(value);
    if (this.flexible) this.unsignedVarint(0);
    else this.int32(-1);
  }

  /** Bytes without a length. From 4 KiB on they are not copied: they must stay as they are until they are sent. */
  raw(value: Uint8Array): void {
    if (value.length >= copyLimit) {
      this.#cut();
      this.#push(Buffer.from(value.buffer, value.byteOffset, value.length));
      return;
    }
    const at = this.#room(value.length);
    this.#buffer.set(value, at);
    this.#position = at + value.length;
  }

  /** The length of an array; its elements follow. */
  arrayLength(length: number): void {
    if (this.flexible) this.unsignedVarint(length + 1);
    else this.int32(length);
  }

  /** The length of an array that is null. */
  nullArray(): void {
    if (this.flexible) this.unsignedVarint(0);
    else this.int32(-1);
  }

  /** An array, each element by `write`. */
  array<T>(version: number, elements: readonly T[], write: WriteElement<T>): void {
    this.arrayLength(elements.length);
    for (const element of elements) write(this, version, element);
  }

  nullableArray<T>(version: number, elements: readonly T[] | null, write: WriteElement<T>): void {
    if (elements === null) this.nullArray();
    else this.array(version, elements, write);
  }

  /** A struct that may be null: a byte says whether it is there. */
  nullableStruct<T>(version: number, value: T | null, write: WriteElement<T>): void {
    this.int8(value === null ? -1 : 1);
    if (value !== null) write(this, version, value);
  }

  /** The tagged fields that close a flexible struct, by rising tag and without those that are false; nothing where the version has none. */
  tags(fields: readonly (TaggedField | false)[] = noFields): void {
    if (!this.flexible) return;
    if (fields.length === 0) return this.unsignedVarint(0); // of nearly every struct
    const present = fields.filter((field) => field !== false);
    this.unsignedVarint(present.length);
    for (const [tag, write] of present) {
      const value = new Writer(true, 64);
      write(value);
      const bytes = value.toBuffer();
      this.unsignedVarint(tag);
      this.unsignedVarint(bytes.length);
      this.raw(bytes);
    }
  }

  #room(bytes: number): number {
    if (this.#position + bytes > this.#buffer.length) {
      this.#cut();
      this.#buffer = Buffer.allocUnsafe(Math.max(bytes, Math.min(this.size * 2, 65536), 256));
      this.#position = 0;
    }
    return this.#position;
  }

  /** Closes the piece that is being filled; what remains of its buffer takes the next bytes. */
  #cut(): void {
    if (this.#position === 0) return;
    this.#push(this.#buffer.subarray(0, this.#position));
    this.#buffer = this.#buffer.subarray(this.#position);
    this.#position = 0;
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }
}

/** Writes one element of an array, or a struct. */
export type WriteElement<T> = (w: Writer, version: number, element: T) => void;

/** A tag and what writes its value. */
export type TaggedField = readonly [tag: number, write: (w: Writer) => void];

/** For generated code: a field that this version cannot carry is set, and leaving it out would change the meaning. */
export function cannotCarry(message: string, field: string, version: number): never {
  throw new UnsupportedVersionError(`${message} version ${version} cannot carry '${field}'`);
}

const noFields: readonly TaggedField[] = [];
