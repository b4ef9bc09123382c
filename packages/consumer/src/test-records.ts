// For tests: record batches as a log may hold them.
import { type Compression, RecordBatchBuilder, setProducer } from '@tskafka/core/protocol';

export interface BatchSpec {
  readonly compression?: Compression;
  /** As after compaction: offsets up to this one, counted from the first, belong to the batch, and have no record. */
  readonly lastOffsetDelta?: number;
}

/** A batch of records with these values, all at the time 1000. */
export function batchOf(values: readonly (string | Buffer)[], { compression = 'none', lastOffsetDelta }: BatchSpec = {}): Buffer {
  const builder = new RecordBatchBuilder(Infinity);
  for (const value of values.length === 0 ? [''] : values) builder.append(null, value, [], 1000);
  const bytes = values.length === 0 ? withoutRecords(builder.close()) : builder.close({ compression });
  if (lastOffsetDelta !== undefined) bytes.writeInt32BE(lastOffsetDelta, 23);
  setProducer(bytes, {}); // computes the checksum
  return bytes;
}

/** What compaction leaves where it has removed all records of a batch: the header. */
function withoutRecords(bytes: Buffer): Buffer {
  const header = Buffer.from(bytes.subarray(0, 61));
  header.writeInt32BE(header.length - 12, 8);
  header.writeInt32BE(0, 57);
  return header;
}

/** A copy with one byte changed, counted from the end. */
export function damaged(bytes: Buffer, fromEnd = 2): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - fromEnd]! ^= 0xff;
  return copy;
}

/** Chance that is the same in every run. */
export function seededRandom(seed = 1): () => number {
  return () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
}

/** What a message carries, for a person to read. */
export function valueOf(message: { readonly value: Buffer | null } | undefined): string | undefined {
  return message === undefined ? undefined : String(message.value);
}
