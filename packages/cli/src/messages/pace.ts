/** Holds back what would be faster than so many in a second. */
export class Pace {
  readonly #everyMs: number;
  #due = performance.now();

  constructor(perSecond: number) {
    this.#everyMs = 1000 / perSecond;
  }

  async next(signal: AbortSignal): Promise<void> {
    const waitMs = this.#due - performance.now();
    this.#due = Math.max(this.#due, performance.now() - 100) + this.#everyMs;
    // Timers are no finer than a millisecond: below that it goes ahead, and waits the longer later.
    if (waitMs < 1) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, waitMs);
      signal.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}
