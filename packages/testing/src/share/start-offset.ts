import { findFirstAtOrAfter } from '../log/log-time.ts';
import type { PartitionLog } from '../log/log.ts';

/** Where a group begins that has never read a partition (`share.auto.offset.reset`); undefined when the log has nothing that new. */
export function startOffsetOf(log: PartitionLog, reset: string, now: number): number | undefined {
  const strategy = reset.toLowerCase();
  if (strategy === 'earliest') return log.startOffset;
  if (strategy === 'latest') return log.highWatermark;
  return findFirstAtOrAfter(log, now - durationMs(strategy.slice('by_duration:'.length)))?.offset;
}

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** An ISO 8601 duration as Java's `Duration` reads it, such as `PT1H30M`. */
export function durationMs(text: string): number {
  const match = /^([+-]?)p(?:([+-]?\d+)d)?(?:t(?:([+-]?\d+)h)?(?:([+-]?\d+)m)?(?:([+-]?\d+(?:[.,]\d*)?)s)?)?$/i.exec(text);
  if (match === null) throw new RangeError(`'${text}' is not a duration such as PT1H`);
  const [, sign, d = '0', h = '0', m = '0', s = '0'] = match;
  const ms = Number(d) * unitMs.d + Number(h) * unitMs.h + Number(m) * unitMs.m + Number(s.replace(',', '.')) * unitMs.s;
  return sign === '-' ? -ms : ms;
}
