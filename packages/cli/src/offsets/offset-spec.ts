import type { OffsetSpec } from '@tskafka/core';
import { UsageError } from '../frame/failure.ts';

const forms = 'beginning, end, 42, -100, @2026-11-23T07:00, @-15m';

/** Reads where to begin, as `-o` gives it: `beginning`, `end`, an offset, `-N` for the last N of each partition, `@TIME`. */
export function parseOffset(text: string, now: number): OffsetSpec {
  if (['beginning', 'earliest', 'start'].includes(text)) return 'earliest';
  if (['end', 'latest'].includes(text)) return 'latest';
  if (/^\d+$/.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) return { last: Number(text.slice(1)) };
  if (text.startsWith('@')) return { timestamp: parseTime(text.slice(1), now) };
  throw new UsageError(`-o ${text} is not an offset`, `forms: ${forms}`);
}

/** Milliseconds since 1970, from an ISO time, an epoch in seconds or milliseconds, `now`, or `-15m`. */
function parseTime(text: string, now: number): number {
  const ago = /^-(\d+)(ms|s|m|h|d)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs];
  if (text === 'now') return now;
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${text} is not a time`, 'forms: 2026-11-23T07:00, 1795418150078, now, -15m');
  return time;
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
