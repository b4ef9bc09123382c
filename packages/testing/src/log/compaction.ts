import { decompressSync, type KafkaRecord, type RecordBatch, readRecords } from '@tskafka/core/protocol';
import { CleanedTransactions } from './cleaned-transactions.ts';
import { deleteHorizonOf, emptyBatch, encodeBatch } from './encode-batch.ts';
import type { LogSegment } from './segments.ts';
import type { AbortedTransaction } from './transaction-index.ts';

export interface CompactionRules {
  /** `delete.retention.ms`: how long tombstones and markers stay once they have been cleaned. */
  readonly deleteRetentionMs: number;
  /** `min.compaction.lag.ms` */
  readonly minLagMs: number;
  /** `max.compaction.lag.ms` */
  readonly maxLagMs: number;
  /** `min.cleanable.dirty.ratio` */
  readonly minDirtyRatio: number;
}

export interface CompactedLog {
  readonly segments: readonly LogSegment[];
  readonly batches: readonly RecordBatch[];
  readonly startOffset: number;
  readonly lastStableOffset: number;
  /** Up to here the log was cleaned before. */
  readonly cleanedUpTo: number;
}

/** What a cleaning looks at: the part that was never cleaned, and how it compares with the whole. */
export interface CleanableRange {
  readonly firstDirtyOffset: number;
  readonly firstUncleanableOffset: number;
  /** Whether the broker would clean it now by itself. */
  readonly isDue: boolean;
}

/** How far a log can be cleaned: up to the last stable offset, the active segment, and what is younger than the lag, by whole segments. */
export function cleanableRange(log: CompactedLog, rules: CompactionRules, wallTime: number): CleanableRange {
  const { segments } = log;
  const firstDirtyOffset = Math.max(log.startOffset, log.cleanedUpTo);
  const inactive = segments.slice(0, -1);
  const dirty = inactive.filter((_, i) => segments[i + 1]!.baseOffset > firstDirtyOffset);
  const young = rules.minLagMs > 0 ? dirty.find(({ largestTimestamp }) => largestTimestamp > wallTime - rules.minLagMs) : undefined;
  const limit = Math.min(log.lastStableOffset, young?.baseOffset ?? Infinity);
  // The segment that holds the limit is left alone as a whole.
  const uncleanable = segments.findLast(({ baseOffset }) => baseOffset <= limit) ?? segments[0]!;
  const firstUncleanableOffset = Math.max(firstDirtyOffset, uncleanable.baseOffset);
  const cleanable = sizeOf(dirty.filter(({ baseOffset }) => baseOffset < firstUncleanableOffset));
  const clean = sizeOf(inactive.filter((segment) => !dirty.includes(segment)));
  const oldest = Math.min(Infinity, ...dirty.map(({ firstTimestamp = 0 }) => firstTimestamp).filter((timestamp) => timestamp > 0));
  const mustGo = cleanable > 0 && oldest < wallTime - rules.maxLagMs;
  return { firstDirtyOffset, firstUncleanableOffset, isDue: mustGo || cleanable / (clean + cleanable) > rules.minDirtyRatio };
}

function sizeOf(segments: readonly LogSegment[]): number {
  return segments.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
}

export interface Cleaning {
  readonly range: CleanableRange;
  readonly aborted: readonly AbortedTransaction[];
  readonly wallTime: number;
  readonly deleteRetentionMs: number;
  /** Whether this is the last that its producer wrote: its sequence number must not be lost. */
  isLastOfProducer(batch: RecordBatch): boolean;
}

/** The batches before the range's end as they are after a cleaning: of each key the newest record stays, and offsets keep their gaps. */
export function compact(batches: readonly RecordBatch[], cleaning: Cleaning): RecordBatch[] {
  const { range, aborted, wallTime } = cleaning;
  const end = range.firstUncleanableOffset;
  const newest = newestOffsets(batches, range, aborted);
  const transactions = new CleanedTransactions(aborted);
  return batches.flatMap((batch) => {
    if (batch.baseOffset >= end) return batch;
    const mayDrop = transactions.mayDrop(batch);
    const horizon = deleteHorizonOf(batch);
    const isPast = horizon !== undefined && horizon <= wallTime;
    const drops = mayDrop && (!batch.isControl || isPast);
    const staysEmpty = (batch.producerId >= 0 && cleaning.isLastOfProducer(batch)) || batch.lastOffset + 1 === end;
    if (drops) return staysEmpty ? emptyBatch(batch) : [];
    const records = readRecords(batch, decompressSync(batch));
    const retained = batch.isControl ? records : records.filter((record) => isRetained(record, newest, isPast));
    if (retained.length === 0) return staysEmpty ? emptyBatch(batch) : [];
    const hasTombstones = retained.some(({ value }) => value === null);
    const getsHorizon = horizon === undefined && (hasTombstones || (mayDrop && batch.isControl));
    if (retained.length === records.length && !getsHorizon) return batch;
    return encodeBatch(batch, retained, { deleteHorizonMs: getsHorizon ? wallTime + cleaning.deleteRetentionMs : horizon });
  });
}

/** The offset of the newest record of each key in what was never cleaned. */
function newestOffsets(
  batches: readonly RecordBatch[],
  range: CleanableRange,
  aborted: readonly AbortedTransaction[],
): Map<string, number> {
  const newest = new Map<string, number>();
  const transactions = new CleanedTransactions(aborted);
  for (const batch of batches) {
    if (batch.lastOffset < range.firstDirtyOffset || batch.baseOffset >= range.firstUncleanableOffset) continue;
    if (transactions.mayDrop(batch) || batch.isControl) continue;
    for (const { key, offset } of readRecords(batch, decompressSync(batch))) {
      if (key !== null && offset >= range.firstDirtyOffset) newest.set(key.toString('latin1'), offset);
    }
  }
  return newest;
}

function isRetained({ key, value, offset }: KafkaRecord, newest: ReadonlyMap<string, number>, tombstonesGo: boolean): boolean {
  if (key === null) return false;
  return offset >= (newest.get(key.toString('latin1')) ?? -1) && (value !== null || !tombstonesGo);
}

/** The segments after a cleaning: neighbours that together are no larger than one may be become one, by their sizes before. */
export function groupSegments(segments: readonly LogSegment[], before: number, maxBytes: number): number[] {
  const bases: number[] = [];
  let size = Infinity;
  for (const { baseOffset, sizeInBytes } of segments) {
    if (baseOffset >= before || size + sizeInBytes > maxBytes) {
      bases.push(baseOffset);
      size = baseOffset >= before ? Infinity : sizeInBytes;
    } else size += sizeInBytes;
  }
  return bases;
}
