import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { CorruptRecordError } from '../errors.ts';

/** How the records of a batch are compressed; the place in this list is Kafka's number. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** The codec with Kafka's number `id`. */
export function compressionOf(id: number): Compression {
  const compression = compressions[id];
  if (compression === undefined) throw new CorruptRecordError(`a record batch is compressed with the unknown codec ${id}`);
  return compression;
}

export interface DecompressOptions {
  /** The most bytes that one batch may become; 128 MiB by default. More is a CorruptRecordError. */
  readonly maxDecompressedBytes?: number;
}

export const defaultMaxDecompressedBytes = 128 * 1024 * 1024;

/** Compresses `records`. `level` is the codec's own (KIP-390). */
export function compressSync(compression: Compression, records: Buffer, level?: number): Buffer {
  if (compression === 'none') return records;
  if (compression === 'gzip') return zlib.gzipSync(records, { level });
  throw new TypeError(`the codec ${compression} is not there yet`);
}

/** Like compressSync, off the event loop where that pays. */
export async function compress(compression: Compression, records: Buffer, level?: number): Promise<Buffer> {
  if (compression === 'gzip') return promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip)(records, { level });
  return compressSync(compression, records, level);
}
