import type { Clock, Timer } from '@tskafka/core';

/** One timer for the earliest of many times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #background: boolean;
  #timer: Timer | undefined;
  #at = Infinity;

  /** A `background` alarm does not keep the process alive. */
  constructor(clock: Clock, ring: () => void, { background = false } = {}) {
    this.#clock = clock;
    this.#ring = ring;
    this.#background = background;
  }

  /** Rings at this time, unless it rings before; the one who rings sets it again for what is left. */
  set(at: number): void {
    if (at >= this.#at) return;
    this.#timer?.cancel();
    this.#at = at;
    const ring = (): void => {
      this.#at = Infinity;
      this.#ring();
    };
    this.#timer = this.#clock.setTimeout(ring, at - this.#clock.now(), { background: this.#background });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#at = Infinity;
  }
}
