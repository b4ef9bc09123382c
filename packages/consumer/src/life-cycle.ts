import { ClosedError } from '@tskafka/core/protocol';

/** How a consumer stands. */
export type LifeState = 'new' | 'running' | 'stopped' | 'closed';

/** The same for people to read. */
export const states: Readonly<Record<LifeState, string>> = {
  new: 'has not been started',
  running: 'is running',
  stopped: 'is stopped',
  closed: 'is closed',
};

export interface LifeCycleOptions {
  /** What a start does, and undoes where it rejects. The signal says that the end comes first. */
  readonly begin: (signal: AbortSignal) => Promise<void>;
  /** What the end of what has begun does. It never rejects. */
  readonly finish: () => Promise<void>;
}

/**
 * From a start to an end, and perhaps again. Both may be asked for at any moment, and nobody has to wait in between: the last word counts, and
 * nothing begins before what came before it is over.
 */
export class LifeCycle {
  readonly #options: LifeCycleOptions;
  #state: LifeState = 'new';
  #starting: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #leaving = new AbortController();
  #isOver = false;

  constructor(options: LifeCycleOptions) {
    this.#options = options;
  }

  get state(): LifeState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get hasEnded(): boolean {
    return this.#state === 'stopped' || this.#state === 'closed';
  }

  /** Aborted when the end begins; of each start another one. */
  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Resolves when the end that is under way is over. */
  get ended(): Promise<void> {
    return this.#ending ?? Promise.resolve();
  }

  /** Rejects with what the start fails with, and with ClosedError when the end comes first. */
  start(): Promise<void> {
    // One that is being ended is not waited for, but by the next.
    if (this.#starting === undefined || this.signal.aborted) {
      const starting = this.#start(this.#starting).finally(() => {
        if (this.#starting === starting) this.#starting = undefined;
      });
      this.#starting = starting;
    }
    return this.#starting;
  }

  /** For now, or for good. It never rejects. */
  async end(state: 'stopped' | 'closed'): Promise<void> {
    const wasRunning = this.isRunning;
    if (this.#state !== 'closed') this.#state = state;
    this.#leaving.abort(this.closedError());
    if (wasRunning) this.#ending = this.#options.finish().finally(() => (this.#ending = undefined));
    await Promise.all([this.#ending, this.#starting?.catch(() => {})]);
    if (this.#state === 'closed') this.#isOver = true;
  }

  closedError(): ClosedError {
    return new ClosedError(`the consumer ${states[this.#state]}${this.#state === 'new' ? ': await consumer.start()' : ''}`);
  }

  throwIfNotRunning(): void {
    if (!this.isRunning) throw this.closedError();
  }

  /** Nobody has started it yet. While a start is under way hooks may do what needs one. */
  throwIfNew(): void {
    if (this.#state === 'new' && this.#starting === undefined) throw this.closedError();
  }

  /** The same, or it is closed, and done with it: until then hooks may commit. */
  throwIfOver(): void {
    this.throwIfNew();
    if (this.#isOver) throw this.closedError();
  }

  async #start(before: Promise<void> | undefined): Promise<void> {
    if (this.isRunning) return;
    if (this.#state === 'closed') throw this.closedError();
    const leaving = new AbortController();
    this.#leaving = leaving;
    await before?.catch(() => {});
    await this.#ending;
    leaving.signal.throwIfAborted();
    await this.#options.begin(leaving.signal);
    if (leaving.signal.aborted) {
      await this.#options.finish();
      throw leaving.signal.reason as Error;
    }
    this.#state = 'running';
  }
}
