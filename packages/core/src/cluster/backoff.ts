import type { Random } from '../clock.ts';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after `failures` failures in a row: doubling up to the maximum, 20 % to either side (KIP-580). */
export function backoffMs(failures: number, { initialMs, maxMs }: BackoffOptions, random: Random): number {
  const base = Math.min(maxMs, initialMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return Math.min(maxMs, base * (0.8 + 0.4 * random()));
}
