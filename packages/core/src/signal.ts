import { getMaxListeners, setMaxListeners } from 'node:events';

/**
 * Listens for the end of a signal that a program may give to hundreds of calls at once. Node would warn of a leak from the eleventh on, and
 * whoever listens here takes its listener away again.
 */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  const most = getMaxListeners(signal);
  if (most > 0 && most < manyListeners) setMaxListeners(manyListeners, signal);
  signal.addEventListener('abort', listener, { once: true });
}

const manyListeners = 10_000;

/** The promise, or the signal's reason, whichever comes first. */
export function raceWithSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      promise.catch(() => {}); // nobody else may be looking
      return abort();
    }
    onAbort(signal, abort);
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
      onAbort(source, follow);
      this.#links.push(() => source.removeEventListener('abort', follow));
    }
  }

  unlink(): void {
    for (const unlink of this.#links.splice(0)) unlink();
  }
}

/** Does something under a signal that is aborted when one of these is, and leaves nothing on them. */
export async function underSignals<T>(sources: readonly (AbortSignal | undefined)[], act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const linked = new LinkedAbort(...sources);
  try {
    return await act(linked.signal);
  } finally {
    linked.unlink();
  }
}
