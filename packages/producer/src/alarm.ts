import type { Clock, Timer } from '@tskafka/core';
import { timeLimit } from '@tskafka/core/internal';

export interface AlarmOptions {
  /** Whether it ends what waits for an answer: what has come by then is read before it rings, and it keeps no process alive. Default false. */
  readonly endsWaits?: boolean;
}

/** One timer for the earliest of many times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #endsWaits: boolean;
  #timer: Timer | undefined;
  #at = Infinity;

  constructor(clock: Clock, ring: () => void, { endsWaits = false }: AlarmOptions = {}) {
    this.#clock = clock;
    this.#ring = ring;
    this.#endsWaits = endsWaits;
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
    const ms = at - this.#clock.now();
    this.#timer = this.#endsWaits ? timeLimit(this.#clock, ring, ms, { background: true }) : this.#clock.setTimeout(ring, ms);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#at = Infinity;
  }
}
