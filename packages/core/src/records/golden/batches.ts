import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBatches, type RecordBatch } from '../batch.ts';
import { decompressSync } from '../decompress.ts';
import { type KafkaRecord, readRecords } from '../record.ts';

// For tests: record batches by Kafka's own Java classes, and what Java reads in them (scripts/golden-batches).

export interface GoldenBatch {
  readonly name: string;
  readonly bytes: Buffer;
  readonly value: readonly DescribedBatch[];
}

/** A batch in the words that Batches.java prints. */
export type DescribedBatch = Pick<
  RecordBatch,
  | 'baseOffset'
  | 'lastOffset'
  | 'recordCount'
  | 'compression'
  | 'partitionLeaderEpoch'
  | 'timestampType'
  | 'isTransactional'
  | 'isControl'
  | 'producerId'
  | 'producerEpoch'
  | 'baseSequence'
> & { readonly maxTimestamp: string; readonly records: readonly DescribedRecord[] };

export interface DescribedRecord {
  readonly offset: number;
  readonly timestamp: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [key: string, value: string | null])[];
}

export function goldenBatches(): GoldenBatch[] {
  const lines = readFileSync(join(import.meta.dirname, 'batches.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { case: name, bytes, value } = JSON.parse(line) as { case: string; bytes: string; value: DescribedBatch[] };
    return { name: `${name}, ${value[0]!.compression}`, bytes: Buffer.from(bytes, 'base64'), value };
  });
}

/** What our own reader sees in `bytes`. */
export function describeBatches(bytes: Buffer): DescribedBatch[] {
  return readBatches(bytes).map((batch) => ({
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    recordCount: batch.recordCount,
    compression: batch.compression,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    timestampType: batch.timestampType,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    maxTimestamp: String(batch.bytes.readBigInt64BE(35)),
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    records: readRecords(batch, decompressSync(batch)).map(describeRecord),
  }));
}

function describeRecord({ offset, timestamp, timestampBigInt, key, value, headers }: KafkaRecord): DescribedRecord {
  return {
    offset,
    timestamp: String(timestampBigInt ?? timestamp),
    key: describeBytes(key),
    value: describeBytes(value),
    headers: headers.map(([name, content]) => [describeBytes(name)!, describeBytes(content)]),
  };
}

/** Hex; of much, its length and digest. */
export function describeBytes(field: Uint8Array | string | null): string | null {
  if (field === null) return null;
  const bytes = Buffer.from(field as Uint8Array);
  if (bytes.length <= 100) return bytes.toString('hex');
  return `${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
}
