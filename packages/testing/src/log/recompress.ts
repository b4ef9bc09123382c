import { type Compression, compressions, decompressSync, KafkaError, type RecordBatch, readRecords } from '@tskafka/core/protocol';
import { type BrokerConfigs, topicConfig } from '../configs/configs.ts';
import { encodeBatch } from './encode-batch.ts';

/** What a topic wants its batches to be compressed with; undefined: as the producer did. */
function wantedCompression(own: ReadonlyMap<string, string>, configs: BrokerConfigs): Compression | undefined {
  const type = topicConfig('compression.type', own, configs);
  return type === 'uncompressed' ? 'none' : compressions.find((compression) => compression === type);
}

/**
 * The batch as a topic with this `compression.type` keeps it. It stays as it was sent where this Node cannot compress so (zstd before 22.15).
 */
export function recompress(batch: RecordBatch, own: ReadonlyMap<string, string>, configs: BrokerConfigs): RecordBatch {
  const compression = wantedCompression(own, configs);
  if (compression === undefined || compression === batch.compression) return batch;
  const level = (['gzip', 'lz4', 'zstd'] as string[]).includes(compression)
    ? Number(topicConfig(`compression.${compression}.level`, own, configs))
    : -1;
  try {
    // Kafka writes -1 for gzip's own default.
    return encodeBatch(batch, readRecords(batch, decompressSync(batch)), { compression, level: level === -1 ? undefined : level });
  } catch (error) {
    if (error instanceof KafkaError) return batch;
    throw error;
  }
}
