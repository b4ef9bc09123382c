import { decompressSync, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { LogSegment } from './segments.ts';

export interface TimestampedOffset {
  /** Milliseconds since 1970; -1 when it was not asked for. */
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number | undefined;
}

/** What the search looks at of a log. */
export interface TimedLog {
  readonly startOffset: number;
  readonly batches: readonly RecordBatch[];
  readonly segments: readonly Pick<LogSegment, 'baseOffset' | 'largestTimestamp'>[];
}

/**
 * The first record, by offset, that is not older than `timestamp`. Times need not rise with the offsets.
 *
 * Kafka looks in one segment only, the first with so new a record: where that one was deleted, and what is left of the segment is older, it finds none.
 */
export function findFirstAtOrAfter(log: TimedLog, timestamp: number): TimestampedOffset | undefined {
  const place = log.segments.findIndex(({ largestTimestamp }) => largestTimestamp >= timestamp);
  if (place === -1) return undefined;
  const [first, end] = [log.segments[place]!.baseOffset, log.segments[place + 1]?.baseOffset ?? Infinity];
  for (const batch of log.batches) {
    if (batch.baseOffset < first || batch.baseOffset >= end) continue;
    if (batch.maxTimestamp < timestamp) continue;
    const found = findRecord(batch, (record) => record.timestamp >= timestamp && record.offset >= log.startOffset);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first record with the newest time (KIP-734). */
export function findMaxTimestamp(log: TimedLog): TimestampedOffset | undefined {
  let newest: RecordBatch | undefined;
  for (const batch of log.batches) if (newest === undefined || batch.maxTimestamp > newest.maxTimestamp) newest = batch;
  return newest && findRecord(newest, (record) => record.timestamp === newest.maxTimestamp);
}

function findRecord(batch: RecordBatch, matches: (record: RecordCursor) => boolean): TimestampedOffset | undefined {
  for (const cursor = new RecordCursor(batch, decompressSync(batch)); cursor.next();) {
    if (matches(cursor)) return { timestamp: cursor.timestamp, offset: cursor.offset, leaderEpoch: batch.partitionLeaderEpoch };
  }
  return undefined;
}
