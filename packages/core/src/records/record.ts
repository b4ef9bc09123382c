import { CorruptRecordError } from '../errors.ts';
import type { RecordBatch } from './batch.ts';
import { at, clamp, minRecordBytes, safeOrNaN } from './batch-layout.ts';
import { VarintReader } from './varint.ts';

/** A header as it is read. Headers are a list and not a map: their order counts, and a key may come twice. */
export type RecordHeader = readonly [key: string, value: Buffer | null];

/** A record as it is read. Key, value and header values are views of the bytes that were read. */
export interface KafkaRecord {
  readonly offset: number;
  /** Milliseconds; one beyond the safe integers is clamped. */
  readonly timestamp: number;
  /** The timestamp as it was written, where `timestamp` had to be clamped. */
  readonly timestampBigInt: bigint | undefined;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/**
 * All records of `batch`, whose decompressed records are `records`.
 *
 * @throws CorruptRecordError when they are not what the batch's header says.
 */
export function readRecords(batch: RecordBatch, records: Buffer): KafkaRecord[] {
  const all: KafkaRecord[] = [];
  const cursor = new RecordCursor(batch, records);
  while (cursor.next()) {
    const { offset, timestamp, timestampBigInt, key, value, headers } = cursor;
    all.push({ offset, timestamp, timestampBigInt, key, value, headers });
  }
  return all;
}

/**
 * Walks over the records of a batch without making an object for each: `next()` moves on, and the fields tell the record that it is at.
 *
 * `next()` checks the whole record, headers included, so that reading the fields cannot fail. As in Java, a record must fill
 * the length that it states and the records must fill the batch; whatever does not is a CorruptRecordError.
 */
export class RecordCursor {
  offset = -1;
  /** Milliseconds; one beyond the safe integers is clamped. */
  timestamp = -1;
  /** The timestamp as it was written, where `timestamp` had to be clamped. */
  timestampBigInt: bigint | undefined;
  /** -1 when the key is null. */
  keyLength = -1;
  /** -1 when the value is null. */
  valueLength = -1;
  headerCount = 0;

  readonly #batch: RecordBatch;
  readonly #bytes: Buffer;
  readonly #memory: ArrayBufferLike;
  readonly #memoryStart: number;
  readonly #in: VarintReader;
  readonly #maxOffsetDelta: number;
  readonly #baseTimestamp: number;
  readonly #isAppendTime: boolean;
  #remaining: number;
  #timestampStart = 0;
  #keyStart = 0;
  #valueStart = 0;
  #headersStart = 0;

  constructor(batch: RecordBatch, records: Buffer) {
    this.#batch = batch;
    this.#bytes = records;
    this.#memory = records.buffer;
    this.#memoryStart = records.byteOffset;
    this.#in = new VarintReader(records);
    this.#maxOffsetDelta = batch.lastOffset - batch.baseOffset;
    this.#isAppendTime = batch.timestampType === 'logAppendTime';
    this.#baseTimestamp = safeOrNaN(batch.bytes.readBigInt64BE(this.#isAppendTime ? at.maxTimestamp : at.baseTimestamp));
    this.#remaining = batch.recordCount;
    if (batch.recordCount * minRecordBytes > records.length) {
      this.#fail(`${batch.recordCount} records do not fit into ${records.length} bytes`);
    }
  }

  /** How many records are behind this one. */
  get remaining(): number {
    return this.#remaining;
  }

  /** Another cursor over the same records, before the first. */
  fromStart(): RecordCursor {
    return new RecordCursor(this.#batch, this.#bytes);
  }

  /** Moves to the next record; false after the last. */
  next(): boolean {
    const reader = this.#in;
    if (this.#remaining === 0) {
      if (reader.position !== this.#bytes.length) this.#fail(`${this.#bytes.length - reader.position} bytes follow the last record`);
      return false;
    }
    this.#remaining--;
    const length = reader.varint();
    const end = reader.position + length;
    if (length < 0 || end > this.#bytes.length) this.#fail(`a record of ${length} bytes does not fit into the batch`);

    reader.position++; // attributes, of which no bit has a meaning yet
    this.#timestampStart = reader.position;
    const timestampDelta = reader.varlong();
    this.timestamp = this.#isAppendTime ? this.#baseTimestamp : this.#baseTimestamp + timestampDelta;
    // NaN where one of the two is beyond the safe integers.
    if (Number.isSafeInteger(this.timestamp)) this.timestampBigInt = undefined;
    else this.#clampTimestamp();

    const offsetDelta = reader.varint();
    if (offsetDelta < 0 || offsetDelta > this.#maxOffsetDelta) this.#fail(`the offset delta ${offsetDelta} is beyond the last offset`);
    this.offset = this.#batch.baseOffset + offsetDelta;

    this.keyLength = reader.varint();
    this.#keyStart = reader.position;
    this.#skip(this.keyLength, end);
    this.valueLength = reader.varint();
    this.#valueStart = reader.position;
    this.#skip(this.valueLength, end);

    this.headerCount = reader.varint();
    this.#headersStart = reader.position;
    if (this.headerCount !== 0) this.#checkHeaders(end);
    if (reader.position !== end) this.#fail(`a record ends ${end - reader.position} bytes before the end that it states`);
    return true;
  }

  get key(): Buffer | null {
    return this.#view(this.#keyStart, this.keyLength);
  }

  get value(): Buffer | null {
    return this.#view(this.#valueStart, this.valueLength);
  }

  get headers(): readonly RecordHeader[] {
    if (this.headerCount === 0) return noHeaders;
    const headers: RecordHeader[] = [];
    const reader = new VarintReader(this.#bytes, this.#headersStart);
    while (headers.length < this.headerCount) {
      const keyLength = reader.varint();
      const key = this.#bytes.toString('utf8', reader.position, reader.position + keyLength);
      reader.position += keyLength;
      const valueLength = reader.varint();
      headers.push([key, this.#view(reader.position, valueLength)]);
      reader.position += Math.max(valueLength, 0);
    }
    return headers;
  }

  #view(start: number, length: number): Buffer | null {
    return length < 0 ? null : new View(this.#memory, this.#memoryStart + start, length);
  }

  /** Steps over `length` bytes of the record that ends at `end`; -1 is null. */
  #skip(length: number, end: number): void {
    if (length < -1 || length > end - this.#in.position) this.#fail(`a field of ${length} bytes is beyond the end of its record`);
    if (length > 0) this.#in.position += length;
  }

  #checkHeaders(end: number): void {
    const count = this.headerCount;
    if (count < 0 || count * 2 > end - this.#in.position) this.#fail(`${count} headers do not fit into their record`);
    for (let i = 0; i < count; i++) {
      const keyLength = this.#in.varint();
      if (keyLength < 0) this.#fail(`a header key has the length ${keyLength}`);
      this.#skip(keyLength, end);
      this.#skip(this.#in.varint(), end);
    }
  }

  #clampTimestamp(): void {
    const { bytes } = this.#batch;
    const delta = new VarintReader(this.#bytes, this.#timestampStart).varlongBigInt();
    const written = this.#isAppendTime ? bytes.readBigInt64BE(at.maxTimestamp) : bytes.readBigInt64BE(at.baseTimestamp) + delta;
    const exact = BigInt.asIntN(64, written);
    this.timestamp = clamp(Number(exact));
    this.timestampBigInt = BigInt(this.timestamp) === exact ? undefined : exact;
  }

  #fail(reason: string): never {
    throw new CorruptRecordError(`the batch at offset ${this.#batch.baseOffset} is corrupt: ${reason}`);
  }
}

/** The class of Buffers. `subarray` makes one as well, but asks for the memory each time, which takes as long as all else. */
const View = Reflect.get(Buffer, Symbol.species) as new (memory: ArrayBufferLike, start: number, length: number) => Buffer;

const noHeaders: readonly RecordHeader[] = Object.freeze([]);
