import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { CorruptRecordError } from '../errors.ts';
import type { RecordBatch } from './batch.ts';
import { type DecompressOptions, defaultMaxDecompressedBytes } from './compression.ts';

/**
 * The records of `batch`, decompressed; a view of the batch when it is not compressed.
 *
 * @throws CorruptRecordError when the compressed bytes are wrong, or become more than `maxDecompressedBytes`.
 */
export function decompressSync(batch: RecordBatch, options: DecompressOptions = {}): Buffer {
  if (batch.compression === 'none') return batch.records;
  try {
    return zlib.gunzipSync(batch.records, { maxOutputLength: options.maxDecompressedBytes ?? defaultMaxDecompressedBytes });
  } catch (error) {
    throw corrupt(batch, error);
  }
}

/** Like decompressSync; a large batch is decompressed off the event loop. */
export async function decompress(batch: RecordBatch, options: DecompressOptions = {}): Promise<Buffer> {
  if (batch.compression !== 'gzip' || batch.records.length < offLoopBytes) return decompressSync(batch, options);
  try {
    return await promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(batch.records, {
      maxOutputLength: options.maxDecompressedBytes ?? defaultMaxDecompressedBytes,
    });
  } catch (error) {
    throw corrupt(batch, error);
  }
}

const offLoopBytes = 65536;

function corrupt(batch: RecordBatch, cause: unknown): CorruptRecordError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CorruptRecordError(`the ${batch.compression} batch at offset ${batch.baseOffset} cannot be decompressed: ${reason}`, {
    cause,
  });
}
