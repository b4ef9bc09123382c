import type { Clock, Timer } from '@tskafka/core/protocol';

/** The timers of one group, by name: a second one of the same name takes the place of the first. None keeps the process alive. */
export class GroupTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  schedule(name: string, ms: number, callback: () => void): void {
    this.cancel(name);
    const timer = this.#clock.setTimeout(
      () => {
        this.#timers.delete(name);
        callback();
      },
      ms,
      { background: true },
    );
    this.#timers.set(name, timer);
  }

  isScheduled(name: string): boolean {
    return this.#timers.has(name);
  }

  cancel(name: string): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
