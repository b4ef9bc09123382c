/** The promise, or the signal's reason, whichever comes first. */
export function raceWithSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      promise.catch(() => {}); // nobody else may be looking
      return abort();
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(error as Error);
      },
    );
  });
}

/**
 * A controller whose signal is also aborted when one of these is. `AbortSignal.any` would leave a trace on a signal that
 * lives long for each one made from it; here `unlink` takes it away when the work is done.
 */
export class LinkedAbort extends AbortController {
  readonly #links: (() => void)[] = [];

  constructor(...sources: readonly (AbortSignal | undefined)[]) {
    super();
    for (const source of sources) {
      if (source === undefined) continue;
      if (source.aborted) this.abort(source.reason);
      const follow = (): void => this.abort(source.reason);
      source.addEventListener('abort', follow, { once: true });
      this.#links.push(() => source.removeEventListener('abort', follow));
    }
  }

  unlink(): void {
    for (const unlink of this.#links.splice(0)) unlink();
  }
}
