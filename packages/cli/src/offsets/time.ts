import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import { durationMs } from '../frame/parse.ts';

const timeForms = '2026-11-23T07:00, 2026-11-23, 1795418150078, now, today, yesterday, -15m';
const words = ['now', 'today', 'yesterday'];

/** Milliseconds since 1970 of an ISO time (in the local zone unless it says one), an epoch in seconds or milliseconds, a word, or `-15m`. */
export function parseTime(text: string, now: number): number {
  const ago = text.startsWith('-') ? durationMs(text.slice(1)) : undefined;
  if (ago !== undefined) return Math.max(0, now - ago);
  if (text === 'now') return now;
  if (text === 'today') return new Date(now).setHours(0, 0, 0, 0);
  if (text === 'yesterday') return new Date(new Date(now).setHours(-24, 0, 0, 0)).getTime();
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  // A date alone is a day here, and where people say "the 23rd" they mean their own.
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text;
  const time = /^\d{4}-\d{2}-\d{2}T/.test(iso) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${text} is not a time`, didYouMean(text, words, `forms: ${timeForms}`));
  return time;
}
