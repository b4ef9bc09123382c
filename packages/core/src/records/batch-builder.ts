import { at, lengthOverhead, writeInt64 } from './batch-layout.ts';
import { type Compression, compress, compressions, compressSync } from './compression.ts';
import type { Crc32c } from './crc32c.ts';
import { setProducer, type ProducerFields } from './stamp.ts';
import { varintBytes, varlongBytes, writeVarint, writeVarlong } from './varint.ts';

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
  #bytes: Buffer;
  #position: number = at.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  /** `maxBytes` bounds the batch before compression; a first record that is larger is taken all the same. */
  constructor(maxBytes = 256 * 1024, initialBytes = 1024) {
    this.maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(initialBytes);
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
   * `timestamp` is in milliseconds.
   */
  append(key: RecordBytes | null, value: RecordBytes | null, headers: readonly HeaderToWrite[], timestamp: number): boolean {
    if (!Number.isSafeInteger(timestamp)) throw new RangeError(`the timestamp ${timestamp} is not a whole number of milliseconds`);
    const baseTimestamp = this.#count === 0 ? timestamp : this.#baseTimestamp;
    const delta = timestamp - baseTimestamp;
    const keyLength = byteLength(key);
    const valueLength = byteLength(value);
    const length =
      1 + varlongBytes(delta) + varintBytes(this.#count) + fieldBytes(keyLength) + fieldBytes(valueLength) + headersBytes(headers);
    const end = this.#position + varintBytes(length) + length;
    if (end > this.maxBytes && this.#count > 0) return false;
    if (end > this.#bytes.length) this.#grow(end);

    const bytes = this.#bytes;
    let position = writeVarint(bytes, this.#position, length);
    bytes[position++] = 0; // attributes
    position = writeVarlong(bytes, position, delta);
    position = writeVarint(bytes, position, this.#count);
    position = writeField(bytes, position, key, keyLength);
    position = writeField(bytes, position, value, valueLength);
    this.#position = writeHeaders(bytes, position, headers);

    this.#baseTimestamp = baseTimestamp;
    this.#maxTimestamp = this.#count === 0 ? timestamp : Math.max(this.#maxTimestamp, timestamp);
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

  #grow(needed: number): void {
    const wanted = Math.max(needed, Math.min(this.#bytes.length * 4, this.maxBytes));
    const larger = Buffer.allocUnsafe(wanted);
    larger.set(this.#bytes.subarray(0, this.#position));
    this.#bytes = larger;
  }
}

/** The length of a field's bytes; -1 for null. */
function byteLength(field: RecordBytes | null): number {
  if (field === null) return -1;
  return typeof field === 'string' ? Buffer.byteLength(field) : field.length;
}

function fieldBytes(length: number): number {
  return length < 0 ? 1 : varintBytes(length) + length;
}

function writeField(bytes: Buffer, position: number, field: RecordBytes | null, length: number): number {
  const start = writeVarint(bytes, position, length);
  if (field === null) return start;
  if (typeof field === 'string') bytes.write(field, start, length, 'utf8');
  else bytes.set(field, start);
  return start + length;
}

function headersBytes(headers: readonly HeaderToWrite[]): number {
  let size = varintBytes(headers.length);
  for (const [key, value] of headers) size += fieldBytes(byteLength(key)) + fieldBytes(byteLength(value));
  return size;
}

function writeHeaders(bytes: Buffer, position: number, headers: readonly HeaderToWrite[]): number {
  let next = writeVarint(bytes, position, headers.length);
  for (const [key, value] of headers) {
    next = writeField(bytes, next, key, byteLength(key));
    next = writeField(bytes, next, value, byteLength(value));
  }
  return next;
}
