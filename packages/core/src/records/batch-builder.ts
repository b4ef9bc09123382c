import { at, lengthOverhead, writeInt64 } from './batch-layout.ts';
import { type Compression, compress, compressions, compressSync } from './compression.ts';
import type { Crc32c } from './crc32c.ts';
import { setProducer, type ProducerFields } from './stamp.ts';
import { varintBytes, writeVarint, writeVarlong } from './varint.ts';

/** Bytes, or a string that is written as UTF-8. */
export type RecordBytes = Uint8Array | string;

/** A header to write; a list of them keeps order and duplicates. */
export type HeaderToWrite = readonly [key: string, value: RecordBytes | null];

export interface CloseOptions extends ProducerFields {
  readonly compression?: Compression;
  /** The codec's own level (KIP-390). */
  readonly level?: number;
  readonly checksum?: Crc32c;
}

/**
 * Writes one record batch. Each record goes straight into the batch's bytes; no object is made for it.
 *
 * After `close` the bytes belong to the caller, and the builder is spent.
 */
export class RecordBatchBuilder {
  readonly maxBytes: number;
  readonly #allocate: (bytes: number) => Buffer;
  #bytes: Buffer;
  #position: number = at.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  /**
   * `maxBytes` bounds the batch before compression; a first record that is larger is taken all the same.
   * Memory is taken by `allocate` as it is needed, starting with `initialBytes`.
   */
  constructor(maxBytes = 256 * 1024, initialBytes = 1024, allocate: (bytes: number) => Buffer = Buffer.allocUnsafe) {
    this.maxBytes = maxBytes;
    this.#allocate = allocate;
    this.#bytes = allocate(Math.max(Math.min(initialBytes, maxBytes), at.records));
  }

  /** Bytes written so far, the header included, before compression. */
  get size(): number {
    return this.#position;
  }

  /** Records written so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Appends one record. False, with nothing written, when the batch has records and would grow beyond `maxBytes`.
   *
   * `timestamp` is in milliseconds. Each byte is written once, without counting first: a string is taken for ASCII, and the record's
   * length for as long as usual; what turns out otherwise is written again, or moved.
   */
  append(key: RecordBytes | null, value: RecordBytes | null, headers: readonly HeaderToWrite[], timestamp: number): boolean {
    if (!Number.isSafeInteger(timestamp)) throw new RangeError(`the timestamp ${timestamp} is not a whole number of milliseconds`);
    const units = (key === null ? 0 : key.length) + (value === null ? 0 : value.length) + (headers.length === 0 ? 0 : unitsOf(headers));
    const fits = this.#position + maxOverhead + units * maxBytesPerUnit <= this.#bytes.length;
    if (!fits && !this.#makeRoom(key, value, headers)) return false;
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp;

    const bytes = this.#bytes;
    const start = this.#position + varintBytes(units + usualOverhead);
    bytes[start] = 0; // attributes
    let end = writeVarlong(bytes, start + 1, timestamp - this.#baseTimestamp);
    end = writeVarint(bytes, end, this.#count);
    end = writeField(bytes, end, key);
    end = writeField(bytes, end, value);
    end = writeHeaders(bytes, end, headers);

    const length = end - start;
    this.#position += varintBytes(length);
    if (this.#position !== start) bytes.copyWithin(this.#position, start, end);
    writeVarint(bytes, this.#position - varintBytes(length), length);
    this.#position += length;
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    this.#count++;
    return true;
  }

  /** The finished batch: compressed, with its producer fields and checksum. A retry sends these same bytes. */
  close(options: CloseOptions = {}): Buffer {
    const { compression = 'none' } = options;
    if (compression === 'none') return this.#finish(this.#bytes.subarray(0, this.#position), options);
    return this.#compressed(compressSync(compression, this.#records, options.level), options);
  }

  /** Like `close`, with the compression off the event loop where that pays. */
  async closeAsync(options: CloseOptions = {}): Promise<Buffer> {
    const { compression = 'none' } = options;
    if (compression === 'none') return this.close(options);
    return this.#compressed(await compress(compression, this.#records, options.level), options);
  }

  /** What the records were written into: once they are compressed, nobody needs it any more. */
  get memory(): Buffer {
    return this.#bytes;
  }

  get #records(): Buffer {
    return this.#bytes.subarray(at.records, this.#position);
  }

  #compressed(records: Buffer, options: CloseOptions): Buffer {
    const batch = Buffer.allocUnsafe(at.records + records.length);
    batch.set(records, at.records);
    return this.#finish(batch, options);
  }

  #finish(batch: Buffer, options: CloseOptions): Buffer {
    if (this.#count === 0) throw new RangeError('a record batch needs at least one record');
    writeInt64(batch, at.baseOffset, 0);
    batch.writeInt32BE(batch.length - lengthOverhead, at.batchLength);
    batch.writeInt32BE(-1, at.partitionLeaderEpoch);
    batch.writeInt8(2, at.magic);
    batch.writeInt16BE(compressions.indexOf(options.compression ?? 'none'), at.attributes);
    batch.writeInt32BE(this.#count - 1, at.lastOffsetDelta);
    writeInt64(batch, at.baseTimestamp, this.#baseTimestamp);
    writeInt64(batch, at.maxTimestamp, this.#maxTimestamp);
    batch.writeInt32BE(this.#count, at.recordCount);
    setProducer(batch, options, options.checksum);
    return batch;
  }

  /** Counts what the record takes, and gets the memory for it; false when the batch must not grow so far. */
  #makeRoom(key: RecordBytes | null, value: RecordBytes | null, headers: readonly HeaderToWrite[]): boolean {
    let end = this.#position + maxOverhead + byteLength(key) + byteLength(value);
    for (const [name, content] of headers) end += 2 * maxVarintBytes + byteLength(name) + byteLength(content);
    if (end > this.maxBytes && this.#count > 0) return false;
    if (end <= this.#bytes.length) return true;
    const larger = this.#allocate(Math.max(end, Math.min(this.#bytes.length * 4, this.maxBytes)));
    larger.set(this.#bytes.subarray(0, this.#position));
    this.#bytes = larger;
    return true;
  }
}

/** As if a header's two lengths were part of it: three bytes for each unit are more than they take. */
function unitsOf(headers: readonly HeaderToWrite[]): number {
  let units = 0;
  for (const [name, content] of headers) units += 4 + name.length + (content === null ? 0 : content.length);
  return units;
}

const maxVarintBytes = 5;
/** All of a record but key, value and headers, at its largest: six varints of which one has 64 bits, and the attributes. */
const maxOverhead = 5 * maxVarintBytes + 10 + 1;
const usualOverhead = 8;
/** What one unit of a string's or byte array's length can become: a UTF-16 unit has at most three bytes in UTF-8. */
const maxBytesPerUnit = 3;

function byteLength(field: RecordBytes | null): number {
  if (field === null) return 0;
  if (typeof field === 'string') return Buffer.byteLength(field);
  if (field instanceof Uint8Array) return field.length;
  throw new TypeError(`a key, value or header must be a Uint8Array, a string or null, not ${typeof field}`);
}

function writeField(bytes: Buffer, position: number, field: RecordBytes | null): number {
  if (field === null) return writeVarint(bytes, position, -1);
  const start = writeVarint(bytes, position, field.length);
  if (typeof field === 'string') return writeString(bytes, position, start, field);
  bytes.set(field, start);
  return start + field.length;
}

/** `start` is where it starts if it is ASCII, and so as long as it has units. */
function writeString(bytes: Buffer, position: number, start: number, field: string): number {
  const length = bytes.write(field, start);
  if (length === field.length) return start + length;
  const realStart = writeVarint(bytes, position, length);
  bytes.write(field, realStart);
  return realStart + length;
}

function writeHeaders(bytes: Buffer, position: number, headers: readonly HeaderToWrite[]): number {
  let end = writeVarint(bytes, position, headers.length);
  if (headers.length === 0) return end;
  for (const [key, value] of headers) {
    end = writeField(bytes, end, key);
    end = writeField(bytes, end, value);
  }
  return end;
}
