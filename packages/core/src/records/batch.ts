import { CorruptRecordError } from '../errors.ts';
import { at, attribute, clampedInt64, lengthOverhead, minRecordBytes } from './batch-layout.ts';
import { type Compression, compressionOf } from './compression.ts';
import { type Crc32c, crc32c } from './crc32c.ts';

/**
 * The record batches in `records`, the bytes of one partition in a Fetch response or a Produce request. Only headers are read.
 *
 * A batch that is cut off at the end is left out: a broker cuts at a byte count.
 *
 * @throws CorruptRecordError when a header is impossible.
 */
export function readBatches(records: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let start = 0;
  for (let batch = readBatch(records, start); batch !== undefined; batch = readBatch(records, start)) {
    batches.push(batch);
    start += batch.bytes.length;
  }
  return batches;
}

/**
 * The batch that begins at the byte `start`; undefined where there is none, or only the beginning of one.
 *
 * @throws CorruptRecordError when its header is impossible.
 */
export function readBatch(records: Buffer, start: number): RecordBatch | undefined {
  const end = endOfBatch(records, start);
  return end === undefined ? undefined : new RecordBatch(records.subarray(start, end));
}

/** What the headers of some batches say together. */
export interface BatchesSummary {
  /** How many bytes they have: what is behind them is the beginning of another one, or `error` says what is wrong with it. */
  readonly bytes: number;
  readonly recordCount: number;
  /** Of the last of them; -1 where there is none. */
  readonly lastOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly error: CorruptRecordError | undefined;
}

/** Walks over the batches in `records` as readBatches does, without an object for each: an answer of 50 MiB may have 300,000. */
export function summarizeBatches(records: Buffer): BatchesSummary {
  let [last, bytes, recordCount] = [-1, 0, 0];
  let error: CorruptRecordError | undefined;
  try {
    for (let end = endOfBatch(records, 0); end !== undefined; end = endOfBatch(records, end)) {
      checkHeader(records, bytes, end);
      recordCount += records.readInt32BE(bytes + at.recordCount);
      last = bytes;
      bytes = end;
    }
  } catch (failure) {
    error = failure as CorruptRecordError;
  }
  if (last < 0) return { bytes, recordCount, lastOffset: -1, partitionLeaderEpoch: -1, error };
  const lastOffset = clampedInt64(records, last + at.baseOffset) + records.readInt32BE(last + at.lastOffsetDelta);
  return { bytes, recordCount, lastOffset, partitionLeaderEpoch: records.readInt32BE(last + at.partitionLeaderEpoch), error };
}

function endOfBatch(records: Buffer, start: number): number | undefined {
  if (records.length - start < at.records) return undefined;
  const length = records.readInt32BE(start + at.batchLength);
  if (length < at.records - lengthOverhead) {
    throw new CorruptRecordError(`the batch at byte ${start} has the length ${length}, which is less than its header`);
  }
  const end = start + lengthOverhead + length;
  return end > records.length ? undefined : end;
}

/** Throws what is impossible in the header of the batch from `start` to `end`. */
function checkHeader(bytes: Buffer, start: number, end: number): void {
  const magic = bytes.readInt8(start + at.magic);
  if (magic !== 2) throw new CorruptRecordError(`a record batch has the magic ${magic}, and only 2 (Kafka 0.11 and later) is read`);
  const baseOffset = clampedInt64(bytes, start + at.baseOffset);
  const lastOffsetDelta = bytes.readInt32BE(start + at.lastOffsetDelta);
  if (baseOffset < 0 || lastOffsetDelta < 0 || baseOffset + lastOffsetDelta >= Number.MAX_SAFE_INTEGER) {
    const text = `has the last offset delta ${lastOffsetDelta}: offsets must be safe integers, not negative`;
    throw new CorruptRecordError(`the batch at offset ${baseOffset} ${text}`);
  }
  const compression = compressionOf(bytes.readInt16BE(start + at.attributes) & attribute.compressionMask);
  // Clamped, it would be another producer's, and the end of a transaction would be taken for another's.
  if (Math.abs(clampedInt64(bytes, start + at.producerId)) === Number.MAX_SAFE_INTEGER)
    throw new CorruptRecordError(`the batch at offset ${baseOffset} has a producer id beyond the safe integers`);
  const recordCount = bytes.readInt32BE(start + at.recordCount);
  const recordBytes = end - start - at.records;
  if (recordCount < 0 || (compression === 'none' && recordCount * minRecordBytes > recordBytes)) {
    throw new CorruptRecordError(`the batch at offset ${baseOffset} says that it has ${recordCount} records in ${recordBytes} bytes`);
  }
}

/** The header of a record batch, over its bytes. */
export class RecordBatch {
  #bytes: Buffer;
  /** The offset of its first record. */
  readonly baseOffset: number;
  /** The offset of its last record, which compaction may have removed. */
  readonly lastOffset: number;
  readonly recordCount: number;
  /** -1 when the batch comes from a producer, and not from a log. */
  readonly partitionLeaderEpoch: number;
  /** Who set the timestamps. With `logAppendTime` each record has the batch's `maxTimestamp`. */
  readonly timestampType: 'createTime' | 'logAppendTime';
  readonly compression: Compression;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;

  /** `bytes` are one batch, no more and no less. */
  constructor(bytes: Buffer) {
    checkHeader(bytes, 0, bytes.length);
    this.#bytes = bytes;
    this.baseOffset = clampedInt64(bytes, at.baseOffset);
    this.lastOffset = this.baseOffset + bytes.readInt32BE(at.lastOffsetDelta);
    this.recordCount = bytes.readInt32BE(at.recordCount);
    this.partitionLeaderEpoch = bytes.readInt32BE(at.partitionLeaderEpoch);
    this.timestampType = this.#has(attribute.logAppendTime) ? 'logAppendTime' : 'createTime';
    this.compression = compressionOf(bytes.readInt16BE(at.attributes) & attribute.compressionMask);
    this.producerId = clampedInt64(bytes, at.producerId);
  }

  /** The whole batch: a view, until it is detached. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Copies its bytes into memory of their own: what they lay in may be used for something else. */
  detach(): void {
    const copy = Buffer.allocUnsafeSlow(this.#bytes.length);
    this.#bytes.copy(copy);
    this.#bytes = copy;
  }

  /** The records as they were sent: compressed unless `compression` is `none`. */
  get records(): Buffer {
    return this.bytes.subarray(at.records);
  }

  get isTransactional(): boolean {
    return this.#has(attribute.transactional);
  }

  /** Whether this is the broker's marker of a transaction's end (see readControlType), and not data. */
  get isControl(): boolean {
    return this.#has(attribute.control);
  }

  /** Milliseconds; one beyond the safe integers is clamped. */
  get baseTimestamp(): number {
    return clampedInt64(this.bytes, at.baseTimestamp);
  }

  /** Milliseconds; one beyond the safe integers is clamped. */
  get maxTimestamp(): number {
    return clampedInt64(this.bytes, at.maxTimestamp);
  }

  get producerEpoch(): number {
    return this.bytes.readInt16BE(at.producerEpoch);
  }

  /** The sequence number of the first record; -1 when the producer is not idempotent. */
  get baseSequence(): number {
    return this.bytes.readInt32BE(at.baseSequence);
  }

  #has(bit: number): boolean {
    return (this.bytes.readInt16BE(at.attributes) & bit) !== 0;
  }
}

/** @throws CorruptRecordError when the batch is not what its producer, or the broker, computed the checksum of. */
export function checkCrc(batch: RecordBatch, checksum: Crc32c = crc32c): void {
  const stored = batch.bytes.readUInt32BE(at.crc);
  const computed = checksum(batch.bytes, at.attributes, batch.bytes.length);
  if (stored === computed) return;
  throw new CorruptRecordError(`the batch at offset ${batch.baseOffset} has the checksum ${stored}, and its bytes give ${computed}`);
}
