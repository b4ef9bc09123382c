import type { Clock } from '@tskafka/core';

/**
 * closeTimeoutMs, of which each step of an end has a part: who comes first cannot use up the time of who comes after, and a broker that says nothing
 * holds up the whole for so long once, not once for each step.
 */
export class CloseDeadline {
  readonly #clock: Clock;
  readonly #start: number;
  readonly #closeTimeoutMs: number;

  constructor(clock: Clock, closeTimeoutMs: number) {
    this.#clock = clock;
    this.#start = clock.now();
    this.#closeTimeoutMs = closeTimeoutMs;
  }

  /** How long handlers and hooks may still take. */
  get handlersMs(): number {
    return this.#left(0.8);
  }

  /** How long the last commit may still take. */
  get commitMs(): number {
    return this.#left(0.9);
  }

  /** How long the goodbye to the group may still take. */
  get leaveMs(): number {
    return this.#left(1);
  }

  #left(part: number): number {
    return Math.max(0, this.#start + this.#closeTimeoutMs * part - this.#clock.now());
  }
}
