import type { Clock } from '@tskafka/core';
import { nextTurn } from '@tskafka/core/internal';

/** After handlers that do not wait have run for so long, the event loop turns. */
const sliceMs = 10;

/** The time for which handlers have had the event loop to themselves. Whoever waits lets it turn. */
export class Slice {
  readonly #clock: Clock;
  #start = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOver(): boolean {
    return this.#clock.now() - this.#start >= sliceMs;
  }

  async waitFor<T>(next: Promise<T>): Promise<T> {
    const value = await next;
    this.#start = this.#clock.now();
    return value;
  }

  turn(): Promise<void> {
    return this.waitFor(nextTurn());
  }
}
