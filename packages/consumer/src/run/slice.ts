import type { Clock } from '@tskafka/core';
import { nextTurn } from '@tskafka/core/internal';

/** After handlers that do not wait have run for so long, the event loop turns. */
const sliceMs = 10;
/** To ask for the time takes as long as a quick handler does: it is asked for once for so many, as long as they take less than this together. */
const mostUnlooked = 16;
const quickMs = 0.1;

/** The time for which handlers have had the event loop to themselves. Whoever waits lets it turn. */
export class Slice {
  readonly #clock: Clock;
  #start = -Infinity;
  #lookedAt = -Infinity;
  #step = 1;
  #left = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asked once before each handler. */
  get isOver(): boolean {
    if (--this.#left > 0) return false;
    const now = this.#clock.now();
    this.#step = now - this.#lookedAt < quickMs ? Math.min(this.#step * 2, mostUnlooked) : 1;
    this.#left = this.#step;
    this.#lookedAt = now;
    return now - this.#start >= sliceMs;
  }

  /** The loop has turned. */
  begin(): void {
    this.#start = this.#clock.now();
  }

  async waitFor<T>(next: Promise<T>): Promise<T> {
    const value = await next;
    this.begin();
    return value;
  }

  turn(): Promise<void> {
    return this.waitFor(nextTurn());
  }
}
