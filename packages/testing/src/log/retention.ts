import type { LogSegment } from './segments.ts';

export interface RetentionRules {
  /** Whether `cleanup.policy` names `delete`. Without it only what is before the start of the log goes. */
  readonly deletes: boolean;
  /** `retention.ms`; negative: for ever. */
  readonly maxMs: number;
  /** `retention.bytes`; negative: any number. */
  readonly maxBytes: number;
}

export interface RetainedLog {
  readonly segments: readonly LogSegment[];
  readonly startOffset: number;
  readonly endOffset: number;
  readonly highWatermark: number;
}

/**
 * How many of the oldest segments go now. Even the active one does when all in it is too old; nothing goes that is not committed.
 * First those before the start of the log, then those over the size, then those over the time.
 */
export function expiredSegments(log: RetainedLog, { deletes, maxMs, maxBytes }: RetentionRules, wallTime: number): number {
  const { segments, startOffset, highWatermark } = log;
  const upperBound = (i: number): number => segments[i + 1]?.baseOffset ?? log.endOffset;
  const expired = (from: number, isOver: (segment: LogSegment, i: number) => boolean): number => {
    let i = from;
    while (i < segments.length && highWatermark >= upperBound(i) && isOver(segments[i]!, i) && !isEmptyLast(segments, i)) i++;
    return i;
  };
  let count = expired(0, (_, i) => i + 1 < segments.length && segments[i + 1]!.baseOffset <= startOffset);
  if (!deletes) return count;
  let excess = segments.slice(count).reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0) - maxBytes;
  if (maxBytes >= 0) count = expired(count, ({ sizeInBytes }) => (excess -= sizeInBytes) >= 0);
  if (maxMs >= 0) count = expired(count, ({ largestTimestamp }) => wallTime - largestTimestamp > maxMs);
  return count;
}

function isEmptyLast(segments: readonly LogSegment[], i: number): boolean {
  return i === segments.length - 1 && segments[i]!.sizeInBytes === 0;
}
