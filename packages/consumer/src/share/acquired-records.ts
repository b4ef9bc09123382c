import { CorruptRecordError, type KafkaError } from '@tskafka/core';
import { checkCrc, decompress, readBatch, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { MessageOrigin } from '../message.ts';
import { ownCopy } from '../own-copy.ts';
import type { SharePartition } from './share-partition.ts';

/** Offsets that were acquired for this member, both ends included. */
export interface AcquiredRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** 1 when nobody was given them before. */
  readonly deliveryCount: number;
}

/** A batch of an answer, decompressed. */
export interface OpenBatch {
  readonly batch: RecordBatch;
  /** Null where it has none for a reader. */
  readonly records: Buffer | null;
  /** Why it cannot be read. */
  readonly error?: KafkaError;
}

/** What stands at offsets that were acquired. */
export type Acquired =
  /** The cursor stands at a record, until the next one is asked for. */
  | { readonly kind: 'record'; readonly origin: MessageOrigin; readonly cursor: RecordCursor; readonly deliveryCount: number }
  /** No record: it was removed by compaction, or is a marker. */
  | { readonly kind: 'gap'; readonly range: AcquiredRange }
  | { readonly kind: 'unreadable'; readonly range: AcquiredRange; readonly error: KafkaError };

/** The batches in an answer. Whatever is wrong with one waits in it: the others are still good. */
export async function openBatches(
  records: Uint8Array,
  { checkCrcs, maxDecompressedBytes }: { readonly checkCrcs: boolean; readonly maxDecompressedBytes: number | undefined },
): Promise<OpenBatch[]> {
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.length);
  const batches: OpenBatch[] = [];
  let end = 0;
  for (let batch = readBatch(bytes, end); batch !== undefined; batch = readBatch(bytes, end)) {
    end += batch.bytes.length;
    try {
      if (checkCrcs) checkCrc(batch);
      batches.push({ batch, records: batch.isControl ? null : await recordsOf(batch, maxDecompressedBytes) });
    } catch (error) {
      batches.push({ batch, records: null, error: error as KafkaError });
    }
  }
  return batches;
}

/**
 * Walks over what was acquired for this member. A broker sends whole batches, in which others may have records too: the ranges say
 * which are ours. Each acquired offset is in what comes exactly once.
 */
export function* acquiredRecords(
  { topic, partition }: Pick<SharePartition, 'topic' | 'partition'>,
  batches: readonly OpenBatch[],
  ranges: readonly AcquiredRange[],
): Generator<Acquired, void> {
  const open = [...ranges].sort((a, b) => a.firstOffset - b.firstOffset);
  for (const { batch, records, error } of batches) {
    const end = batch.lastOffset + 1;
    try {
      if (error !== undefined) throw error;
      const origin = { topic, partition, timestampType: batch.timestampType, leaderEpoch: batch.partitionLeaderEpoch };
      const cursor = records === null ? undefined : new RecordCursor(batch, records);
      while (cursor?.next()) {
        for (const range of before(cursor.offset)) yield { kind: 'gap', range };
        for (const { deliveryCount } of before(cursor.offset + 1)) yield { kind: 'record', origin, cursor, deliveryCount };
      }
      for (const range of before(end)) yield { kind: 'gap', range };
    } catch (failure) {
      for (const range of before(batch.baseOffset)) yield { kind: 'gap', range };
      for (const range of before(end)) yield { kind: 'unreadable', range, error: failure as KafkaError };
    }
  }
  for (const range of before(Infinity)) {
    // To call them gaps would be to lose them, should the answer have been cut off.
    const which = `'${topic}' partition ${partition}: offsets ${range.firstOffset} to ${range.lastOffset}`;
    yield { kind: 'unreadable', range, error: new CorruptRecordError(`${which} were acquired, and came without records`) };
  }

  /** Takes away what was acquired before `offset`. */
  function* before(offset: number): Generator<AcquiredRange> {
    for (let range = open[0]; range !== undefined && range.firstOffset < offset; range = open[0]) {
      const lastOffset = Math.min(range.lastOffset, offset - 1);
      if (lastOffset === range.lastOffset) open.shift();
      else open[0] = { ...range, firstOffset: offset };
      yield { ...range, lastOffset };
    }
  }
}

async function recordsOf(batch: RecordBatch, maxDecompressedBytes: number | undefined): Promise<Buffer> {
  if (batch.compression !== 'none') return decompress(batch, maxDecompressedBytes === undefined ? {} : { maxDecompressedBytes });
  // A message that is kept keeps its batch, and not the answer with all others.
  return ownCopy(batch.records);
}
