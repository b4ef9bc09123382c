import { crc32c, errorCodes, readBatches, type RecordBatch } from '@tskafka/core/protocol';

/** Where a batch's header has what decides how it is refused. */
const at = { magic: 16, crc: 17, attributes: 21, records: 61 };
const compressionMask = 0x07;
const zstd = 4;

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage?: string;
  /** Whether the broker has looked into the log by then, and so tells where it starts. */
  readonly atLog?: true;
}

/** The one batch that a produce request may have for a partition, or why the broker does not take it. */
export function readProduced(records: Buffer | null, version: number): RecordBatch | Refusal {
  // Too short for a batch is as if there were none.
  if (records === null || records.length < at.records) return { errorCode: errorCodes.INVALID_RECORD };
  const magic = records.readInt8(at.magic);
  if (magic === 0 || magic === 1) return { errorCode: errorCodes.INVALID_RECORD };
  if (magic !== 2) return { errorCode: errorCodes.CORRUPT_MESSAGE, errorMessage: `Invalid magic found in record: ${magic}` };
  const compression = records.readInt16BE(at.attributes) & compressionMask;
  if (compression > zstd) return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, atLog: true };
  try {
    const [batch, ...more] = readBatches(records);
    if (batch === undefined || more.length > 0) return { errorCode: errorCodes.INVALID_RECORD };
    if (compression === zstd && version < 7) return { errorCode: errorCodes.UNSUPPORTED_COMPRESSION_TYPE };
    return batch;
  } catch {
    // Impossible numbers in the header: the broker looks at the checksum first.
    const intact = records.readUInt32BE(at.crc) === crc32c(records, at.attributes);
    return intact ? { errorCode: errorCodes.INVALID_RECORD, atLog: true } : { errorCode: errorCodes.CORRUPT_MESSAGE };
  }
}
