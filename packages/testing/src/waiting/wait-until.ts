import type { LoggedRequest } from '../broker/request-log.ts';
import type { Activity } from './activity.ts';
import { describeRequests } from './explain.ts';
import { Patience } from './patience.ts';

/** How long a helper waits. */
export interface WaitOptions {
  /** Milliseconds of real time, also where the cluster's clock or the test's timers stand still; those in which the process was held up do not count. Default 3000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What is waited for. */
export interface Awaited<T> {
  /** The result; undefined while it is not there. */
  look(): T | undefined;
  /** What was waited for and what is there instead, for the error. */
  explain(): string;
}

/**
 * Resolves with what `look` finds, at once or after one of the cluster's changes. Rejects after the time with an Error that explains
 * what is there instead, and with the signal's reason.
 */
export type Wait = <T>(wanted: Awaited<T>, options?: WaitOptions) => Promise<T>;

/** Less than the five seconds after which vitest and jest end a test: of what they say then nobody learns anything. */
const defaultTimeoutMs = 3000;

export function waitingOn(activity: Activity, requests: () => readonly LoggedRequest[]): Wait {
  return (wanted, { timeoutMs = defaultTimeoutMs, signal } = {}) => {
    // Made here, so that its stack leads to the line of the test.
    const late = new Error();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const found = wanted.look();
      if (found !== undefined) return resolve(found);
      const closed = (): Error => {
        late.message = `the cluster is closed, so this cannot happen any more: ${wanted.explain()}`;
        return late;
      };
      if (activity.hasEnded) return reject(closed());
      const end = (): void => {
        unwatch();
        patience.end();
        signal?.removeEventListener('abort', abort);
      };
      const check = (): void => {
        try {
          const result = wanted.look();
          if (result === undefined && !activity.hasEnded) return;
          end();
          if (result === undefined) reject(closed());
          else resolve(result);
        } catch (error) {
          end();
          reject(error as Error);
        }
      };
      const abort = (): void => {
        end();
        reject(signal?.reason);
      };
      const unwatch = activity.watch(check);
      const patience = new Patience(timeoutMs, () => {
        end();
        late.message = `after ${timeoutMs} ms: ${wanted.explain()}\n${describeRequests(requests())}`;
        reject(late);
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  };
}
