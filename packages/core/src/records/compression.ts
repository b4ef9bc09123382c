import { CorruptRecordError } from '../errors.ts';
import { compressLz4 } from './lz4-frame.ts';
import { compressXerial } from './xerial.ts';
import { gzipCodec, zstdCodec } from './zlib-codecs.ts';

/** How the records of a batch are compressed; the place in this list is Kafka's number. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** The codec with Kafka's number `id`. */
export function compressionOf(id: number): Compression {
  const compression = compressions[id];
  if (compression === undefined) throw new CorruptRecordError(`a record batch is compressed with the unknown codec ${id}`);
  return compression;
}

/**
 * Compresses `records` as Kafka's Java client does. `level` is that of gzip (1 to 9), lz4 (1 to 17) or zstd (KIP-390).
 *
 * @throws KafkaError for zstd when Node.js is older than 22.15.
 */
export function compressSync(compression: Compression, records: Buffer, level?: number): Buffer {
  switch (compression) {
    case 'none':
      return records;
    case 'gzip':
      return gzipCodec.compressSync(records, level);
    case 'snappy':
      return compressXerial(records);
    case 'lz4':
      return compressLz4(records, level);
    case 'zstd':
      return zstdCodec.compressSync(records, level);
  }
}

/** Like compressSync; gzip and zstd are done off the event loop when there is much to do. */
export async function compress(compression: Compression, records: Buffer, level?: number): Promise<Buffer> {
  if (records.length < offLoopBytes) return compressSync(compression, records, level);
  if (compression === 'gzip') return gzipCodec.compress(records, level);
  if (compression === 'zstd') return zstdCodec.compress(records, level);
  return compressSync(compression, records, level);
}

/** Half a millisecond of gzip; handing over to a thread costs about a tenth. */
const offLoopBytes = 32 * 1024;
