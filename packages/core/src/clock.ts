/** Time and randomness, injectable so that a test controls both. */

import { onAbort } from './signal.ts';

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds that never jump, for timeouts, back-off and sessions. */
  now(): number;
  /** Milliseconds since 1970, for record timestamps only. */
  wallTime(): number;
  /** Calls `callback` once, after `ms` milliseconds of `now()` and not earlier. `background` timers do not keep the process alive. */
  setTimeout(callback: () => void, ms: number, options?: { readonly background?: boolean }): Timer;
}

/** A number in [0, 1). */
export type Random = () => number;

const longestTimeout = 2 ** 31 - 1;
/** Node counts in whole milliseconds, from a whole one: that is how early it may be. */
const mostEarlyMs = 2;

/**
 * The clock of the machine. Delays are clamped to what a timer can hold, so that an overflow never fires at once. A timer that fires early
 * is set again, because its callback would find that the time is not up, and have no other timer.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimeout(callback, ms, options) {
    const due = performance.now() + ms;
    let timeout: NodeJS.Timeout;
    const set = (delayMs: number): void => {
      timeout = setTimeout(ring, Math.min(Math.max(delayMs, 0), longestTimeout));
      if (options?.background) timeout.unref();
    };
    const ring = (): void => {
      const left = due - performance.now();
      if (left > 0 && left < mostEarlyMs) set(left);
      else callback();
    };
    set(ms);
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** Resolves after `ms`. Rejects with the signal's reason if that is aborted first. */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal !== undefined) onAbort(signal, abort);
  });
}
