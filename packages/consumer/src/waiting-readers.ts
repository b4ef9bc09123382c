import type { Clock, Timer } from '@tskafka/core/protocol';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Waits also while no broker can be reached. */
  readonly isPatient: boolean;
}

interface Reader<T> {
  readonly isPatient: boolean;
  resolve(value: T | undefined): void;
  reject(error: unknown): void;
}

/** Calls that wait for a message, the oldest first. Each is settled by a message, an error, its time-out or its signal. */
export class WaitingReaders<T> {
  readonly #clock: Clock;
  readonly #readers = new Set<Reader<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wait({ timeoutMs, signal, isPatient }: WaitOptions): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const end = (): void => {
        this.#readers.delete(reader);
        timer?.cancel();
        signal?.removeEventListener('abort', abort);
      };
      const reader: Reader<T> = {
        isPatient,
        resolve(value) {
          end();
          resolve(value);
        },
        reject(error) {
          end();
          reject(error as Error);
        },
      };
      const abort = (): void => reader.reject(signal!.reason);
      signal?.addEventListener('abort', abort, { once: true });
      if (timeoutMs < Infinity) timer = this.#clock.setTimeout(() => reader.resolve(undefined), timeoutMs);
      this.#readers.add(reader);
    });
  }

  /** Gives each what `take` gives, until that is undefined; what it throws goes to one. */
  serve(take: () => T | undefined): void {
    for (const reader of this.#readers) {
      try {
        const value = take();
        if (value === undefined) return;
        reader.resolve(value);
      } catch (error) {
        reader.reject(error);
      }
    }
  }

  /** Nothing more comes. */
  end(): void {
    for (const reader of this.#readers) reader.resolve(undefined);
  }

  /** Tells everybody; with `impatientOnly` not those that wait through it. False when nobody was there to hear. */
  fail(error: Error, { impatientOnly = false }: { readonly impatientOnly?: boolean } = {}): boolean {
    let isHeard = false;
    for (const reader of this.#readers) {
      if (impatientOnly && reader.isPatient) continue;
      reader.reject(error);
      isHeard = true;
    }
    return isHeard;
  }
}
