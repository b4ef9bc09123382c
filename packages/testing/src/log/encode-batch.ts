import { type Compression, compressions, compressSync, crc32c, type KafkaRecord, RecordBatch } from '@tskafka/core/protocol';

/** Where a batch's header has what a broker writes anew. */
const at = { length: 8, crc: 17, attributes: 21, baseTimestamp: 27, maxTimestamp: 35, recordCount: 57, records: 61 } as const;
const compressionMask = 0x07;
const deleteHorizon = 0x40;

export interface BatchChanges {
  /** Default: the batch's own. */
  readonly compression?: Compression;
  /** The codec's level. Default: its own. */
  readonly level?: number | undefined;
  /** Until then tombstones and markers stay (KIP-534). It takes the place of the base timestamp. */
  readonly deleteHorizonMs?: number | undefined;
}

/** The time until which the tombstones and markers of a batch stay, where compaction has set it. */
export function deleteHorizonOf(batch: RecordBatch): number | undefined {
  return (batch.bytes.readInt16BE(at.attributes) & deleteHorizon) === 0 ? undefined : batch.baseTimestamp;
}

/** The batch with these of its records: header, offsets and all else stay as they were. */
export function encodeBatch(batch: RecordBatch, records: readonly KafkaRecord[], changes: BatchChanges = {}): RecordBatch {
  const { compression = batch.compression, deleteHorizonMs } = changes;
  const appendTime = batch.timestampType === 'logAppendTime';
  const base = deleteHorizonMs ?? records[0]!.timestamp;
  const body = Buffer.concat(records.flatMap((record) => encodeRecord(record, batch.baseOffset, base)));
  const maxTimestamp = appendTime ? batch.maxTimestamp : records.reduce((max, { timestamp }) => Math.max(max, timestamp), -1);
  const attributes =
    (batch.bytes.readInt16BE(at.attributes) & ~(compressionMask | deleteHorizon)) |
    compressions.indexOf(compression) |
    (deleteHorizonMs === undefined ? 0 : deleteHorizon);
  const compressed = compressSync(compression, body, changes.level);
  return withHeader(batch, compressed, { attributes, baseTimestamp: base, maxTimestamp, recordCount: records.length });
}

/** The batch without records: it tells the last sequence number of its producer, and where the log goes on. */
export function emptyBatch(batch: RecordBatch): RecordBatch {
  const attributes = batch.bytes.readInt16BE(at.attributes) & ~(compressionMask | deleteHorizon);
  return withHeader(batch, Buffer.alloc(0), { attributes, baseTimestamp: -1, maxTimestamp: batch.maxTimestamp, recordCount: 0 });
}

interface Header {
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly recordCount: number;
}

function withHeader(batch: RecordBatch, records: Buffer, header: Header): RecordBatch {
  const bytes = Buffer.concat([batch.bytes.subarray(0, at.records), records]);
  bytes.writeInt32BE(bytes.length - (at.length + 4), at.length);
  bytes.writeInt16BE(header.attributes, at.attributes);
  bytes.writeBigInt64BE(BigInt(header.baseTimestamp), at.baseTimestamp);
  bytes.writeBigInt64BE(BigInt(header.maxTimestamp), at.maxTimestamp);
  bytes.writeInt32BE(header.recordCount, at.recordCount);
  bytes.writeUInt32BE(crc32c(bytes, at.attributes, bytes.length), at.crc);
  return new RecordBatch(bytes);
}

function encodeRecord(record: KafkaRecord, baseOffset: number, baseTimestamp: number): Buffer[] {
  const headers = record.headers.flatMap(([key, value]) => [...field(Buffer.from(key)), ...field(value)]);
  const parts = [
    Buffer.of(0),
    varint(record.timestamp - baseTimestamp),
    varint(record.offset - baseOffset),
    ...field(record.key),
    ...field(record.value),
    varint(record.headers.length),
    ...headers,
  ];
  return [varint(parts.reduce((sum, { length }) => sum + length, 0)), ...parts];
}

function field(bytes: Buffer | null): Buffer[] {
  return bytes === null ? [varint(-1)] : [varint(bytes.length), bytes];
}

/** A whole number in zig-zag form, seven bits a byte. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  bytes.push(Number(left));
  return Buffer.from(bytes);
}
