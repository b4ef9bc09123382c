import { CorruptRecordError, KafkaError } from '../errors.ts';
import { nextTurn } from '../next-turn.ts';
import type { RecordBatch } from './batch.ts';
import { decompressLz4 } from './lz4-frame.ts';
import { runInTurns, runNow, type Steps } from './steps.ts';
import { decompressSnappy } from './xerial.ts';
import { gzipCodec, zstdCodec, type ZlibCodec } from './zlib-codecs.ts';

export interface DecompressOptions {
  /** The most bytes that one batch may become; 128 MiB by default. */
  readonly maxDecompressedBytes?: number;
}

const defaultMaxDecompressedBytes = 128 * 1024 * 1024;

/**
 * The records of `batch`, decompressed; a view of the batch when it is not compressed.
 *
 * @throws CorruptRecordError when the compressed bytes are wrong, or become more than `maxDecompressedBytes`.
 * @throws KafkaError for zstd when Node.js is older than 22.15.
 */
export function decompressSync(batch: RecordBatch, options: DecompressOptions = {}): Buffer {
  const { records } = batch;
  const maxBytes = options.maxDecompressedBytes ?? defaultMaxDecompressedBytes;
  try {
    switch (batch.compression) {
      case 'none':
        return records;
      case 'gzip':
        return gzipCodec.decompressSync(records, maxBytes);
      case 'zstd':
        return zstdCodec.decompressSync(records, maxBytes);
      default:
        return runNow(steps(batch, maxBytes));
    }
  } catch (error) {
    throw corrupt(batch, error);
  }
}

/** Like decompressSync, without holding up the event loop: a large batch is done on another thread, or in turns. */
export async function decompress(batch: RecordBatch, options: DecompressOptions = {}): Promise<Buffer> {
  const { records } = batch;
  const maxBytes = options.maxDecompressedBytes ?? defaultMaxDecompressedBytes;
  try {
    switch (batch.compression) {
      case 'none':
        return records;
      case 'gzip':
        return await smallOrOffLoop(gzipCodec, records, maxBytes);
      case 'zstd':
        return await smallOrOffLoop(zstdCodec, records, maxBytes);
      default:
        // Whoever asks has worked in this turn, too.
        if (records.length > smallBytes) await nextTurn();
        return await runInTurns(steps(batch, maxBytes));
    }
  } catch (error) {
    throw corrupt(batch, error);
  }
}

function steps(batch: RecordBatch, maxBytes: number): Steps<Buffer> {
  return batch.compression === 'lz4' ? decompressLz4(batch.records, maxBytes) : decompressSnappy(batch.records, maxBytes);
}

/** What is done at once: less than handing over to a thread and back is worth (about 0.1 ms), more or less. */
const smallBytes = 32 * 1024;
const smallResult = 256 * 1024;

/** A few bytes can become very many, so a small batch is tried at once, but only up to a small result. */
async function smallOrOffLoop(codec: ZlibCodec, records: Buffer, maxBytes: number): Promise<Buffer> {
  if (records.length > smallBytes) return codec.decompress(records, maxBytes);
  try {
    return codec.decompressSync(records, Math.min(maxBytes, smallResult));
  } catch (error) {
    if (maxBytes <= smallResult || !isTooLarge(error)) throw error;
    return codec.decompress(records, maxBytes);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function corrupt(batch: RecordBatch, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CorruptRecordError(`the ${batch.compression} batch at offset ${batch.baseOffset} cannot be decompressed: ${reason}`, {
    cause,
  });
}
