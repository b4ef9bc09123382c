import type { Place } from './offset.ts';

/** What is known when a broker says that an offset is not in its log. */
export interface OutOfRange {
  readonly offset: number;
  /** Whether the offset was chosen for this reader (autoOffsetReset, resetOffsets, the last N), not committed or read up to. */
  readonly isGiven: boolean;
  /** The first offset that the log holds. */
  readonly logStart: number;
  readonly autoOffsetReset: Place | 'none';
}

/**
 * Where to go on. An offset that somebody chose, and that the log has lost since, moves to the log's start: whoever asked for
 * the last 50 wants those that are left, wherever autoOffsetReset points. Any other goes to autoOffsetReset, and 'none' is an error.
 */
export function afterOutOfRange({ offset, isGiven, logStart, autoOffsetReset }: OutOfRange): Place | 'none' {
  return isGiven && offset < logStart ? { kind: 'earliest' } : autoOffsetReset;
}
