/** What options' values are read with. Each gives an error that names the option and what it takes. */
import { UsageError } from './failure.ts';

/** A whole number from 0 on. */
export function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} ${text} is not a whole number`);
  return Number(text);
}

const magnitudes: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** A number with k, M or G for thousands, millions, milliards. */
export function largeNumber(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  if (match === null) throw new UsageError(`${option} ${text} is not a number`, 'forms: 500, 50k, 1M');
  return Math.round(Number(match[1]) * magnitudes[match[2]!.toLowerCase()]!);
}

/** Messages in a second: `500`, `50k`, `50k/s`. */
export function rate(text: string, option: string): number {
  const perSecond = largeNumber(text.replace(/\/s$/, ''), option);
  if (perSecond === 0) throw new UsageError(`${option} must be above 0`);
  return perSecond;
}

/** Bytes, with k, M or G for 1,024 and its powers. */
export function size(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/i.exec(text);
  if (match === null) throw new UsageError(`${option} ${text} is not a size`, 'forms: 512, 1k, 16M');
  return Math.round(Number(match[1]) * 1024 ** ' kmg'.indexOf(match[2]!.toLowerCase() || ' '));
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `500ms`, `10s`, `5m`, `2h`, `7d`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * unitMs[match[2]!]!;
}

/** A time span, in milliseconds. A number alone is seconds. */
export function duration(text: string, option: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : durationMs(text);
  if (ms === undefined || ms === 0) throw new UsageError(`${option} ${text} is not a time span`, 'forms: 500ms, 10s, 5m, 2h, 7d');
  return ms;
}

/** Partitions: `0`, `0,2`, `0-3`. */
export function partitions(text: string, option: string): number[] {
  return text.split(',').flatMap((part) => {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (match === null || to < from || to - from > 100_000)
      throw new UsageError(`${option} ${text} is no list of partitions`, 'forms: 0, 0,2, 0-3');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** `name=value`, as a pair; a name alone has no value. */
export function nameAndValue(text: string): readonly [name: string, value: string | null] {
  const at = text.indexOf('=');
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
