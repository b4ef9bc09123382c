import type { Clock, Timer } from '@tskafka/core/protocol';
import { settled } from './soon.ts';

interface Pending {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Time that stands still until the test moves it: `await clock.advance(45_000)`.
 *
 * Give the same clock to the mock and to the client, and every timeout, session and back-off fires when the test says so.
 */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #start: number;
  #timers: Pending[] = [];

  /** `start` is the initial wall time, in milliseconds since 1970. Default: 2026-01-01. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#start + Math.floor(this.#now);
  }

  /** The number of timers that have not fired. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const pending: Pending = { due: this.#now + Math.max(0, ms), callback };
    // Behind all that are due at the same time: timers fire in the order in which they were set.
    const at = this.#timers.findLastIndex((timer) => timer.due <= pending.due) + 1;
    this.#timers.splice(at, 0, pending);
    return { cancel: () => (this.#timers = this.#timers.filter((timer) => timer !== pending)) };
  }

  /**
   * Advances time by `ms`. Timers fire in order, each at its own time, and their effects settle before the next one fires. Throws
   * RangeError for a negative or invalid time.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`the clock advances by milliseconds of at least 0, not by ${ms}`);
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const next = this.#timers[0];
      if (next === undefined || next.due > end) break;
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settled();
    }
    this.#now = Math.max(this.#now, end); // another call may have moved it further
  }
}
