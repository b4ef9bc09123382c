import { onAbort, timeLimit } from '@tskafka/core/internal';
import { type Clock, NoBrokersAvailableError, type Timer } from '@tskafka/core/protocol';

/** Gives what a call waits for; undefined when it is not there yet. */
export type Take<T> = () => T | undefined;

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Waits also while no broker can be reached. */
  readonly isPatient: boolean;
}

interface Reader {
  readonly take: Take<unknown>;
  readonly isPatient: boolean;
  /** Takes what it waits for; false when it is not there yet. */
  serve(): boolean;
  /** Nothing more comes. */
  end(): void;
  reject(error: unknown): void;
}

/** Calls that wait for a message or a batch, the oldest first. Each is settled by it, an error, its time-out or its signal. */
export class WaitingReaders {
  readonly #clock: Clock;
  readonly #readers = new Set<Reader>();
  /** What went wrong while nobody waited. */
  #untold: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0;
  }

  wait<T>(take: Take<T>, { timeoutMs, signal, isPatient }: WaitOptions): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const end = (): void => {
        this.#readers.delete(reader);
        timer?.cancel();
        signal?.removeEventListener('abort', abort);
      };
      const settle = (value: T | undefined): void => {
        end();
        resolve(value);
      };
      const reader: Reader = {
        take,
        isPatient,
        serve() {
          const value = take();
          if (value === undefined) return false;
          settle(value);
          return true;
        },
        end: () => settle(undefined),
        reject(error) {
          end();
          reject(error as Error);
        },
      };
      const abort = (): void => reader.reject(signal!.reason);
      if (signal !== undefined) onAbort(signal, abort);
      if (timeoutMs < Infinity) timer = timeLimit(this.#clock, () => reader.end(), timeoutMs);
      this.#readers.add(reader);
    });
  }

  /** Gives each what it waits for, until that is not there; what is wrong goes to one. */
  serve(): void {
    for (const reader of this.#readers) {
      try {
        if (!reader.serve()) return;
      } catch (error) {
        reader.reject(error);
      }
    }
  }

  /** Whoever waits for what this one gives waits no longer, and gets nothing. */
  leave(take: Take<unknown>): void {
    for (const reader of this.#readers) if (reader.take === take) reader.end();
  }

  /** Nothing more comes. */
  end(): void {
    for (const reader of this.#readers) reader.end();
  }

  /** Tells everybody, or else who comes next. Those that are patient wait through what is passing, and nobody is told of it later. */
  tell(error: Error, { isPassing = false }: { readonly isPassing?: boolean } = {}): void {
    const told = [...this.#readers].filter(({ isPatient }) => !(isPassing && isPatient));
    for (const reader of told) reader.reject(error);
    if (told.length === 0 && !isPassing) this.#untold = error;
  }

  /** Tells whoever comes what went wrong while nobody waited, once. */
  throwUntold({ isPatient }: { readonly isPatient: boolean }): void {
    const error = this.#untold;
    this.#untold = undefined;
    if (error !== undefined && !(isPatient && error instanceof NoBrokersAvailableError)) throw error;
  }

  /** Nobody waits any more, and what went wrong is of no interest. */
  fail(error: Error): void {
    this.#untold = undefined;
    for (const reader of this.#readers) reader.reject(error);
  }
}
