import type { Clock, Timer } from '@tskafka/core';

type SetTimer = (over: () => void, ms: number) => Timer;

/** One timer for the earliest of many times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #setTimer: SetTimer;
  #timer: Timer | undefined;
  #at = Infinity;

  /** `setTimer` may set other timers than those of the clock that keep the process alive. */
  constructor(clock: Clock, ring: () => void, setTimer: SetTimer = (over, ms) => clock.setTimeout(over, ms)) {
    this.#clock = clock;
    this.#ring = ring;
    this.#setTimer = setTimer;
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
    this.#timer = this.#setTimer(ring, at - this.#clock.now());
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#at = Infinity;
  }
}
