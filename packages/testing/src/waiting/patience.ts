import { clearRealTimeout, setRealTimeout } from './real-time.ts';

const stepMs = 100;

/**
 * Calls `over` after so many milliseconds of real time in which this process could work. It goes by short steps, each of which begins when the event loop
 * has come to the end of the one before: a machine that was busy with something else for ten seconds has used up one step and not all of them, and what has
 * come meanwhile is read before the next.
 */
export class Patience {
  readonly #over: () => void;
  #leftMs: number;
  #timer: ReturnType<typeof setRealTimeout>;

  constructor(ms: number, over: () => void) {
    this.#over = over;
    this.#leftMs = ms;
    this.#timer = this.#step();
  }

  end(): void {
    clearRealTimeout(this.#timer);
  }

  #step(): ReturnType<typeof setRealTimeout> {
    const ms = Math.min(stepMs, this.#leftMs);
    this.#leftMs -= ms;
    return setRealTimeout(() => {
      if (this.#leftMs > 0) this.#timer = this.#step();
      else this.#over();
    }, ms);
  }
}
