import { FetchSession } from './fetch-session.ts';

/** The first wait of a fetch that leaves partitions out. */
const firstShortWaitMs = 5;

/** A broker that is fetched from: one request at a time, pauses after failures, and how long it may hold an answer back. */
export class FetchLeader {
  isBusy = false;
  readonly session = new FetchSession();
  /** Bytes that the answer on its way may bring. */
  reserved = 0;
  /** Not to be asked before this time. */
  retryAt = -Infinity;
  /** The broker hears nothing of this connection before this time, for a quota is exceeded. The connection keeps to it. */
  throttledUntil = -Infinity;
  /** Failures in a row. */
  failures = 0;
  #shortWaitMs = firstShortWaitMs;

  /**
   * How long the next answer may be held back. A partition that is left out for lack of room gets some as soon as the reader goes
   * on, and must not wait then for the long poll of its idle neighbours. So that poll is short, and grows only while the reader
   * stands still.
   */
  waitMs({ leavesOut, maxMs }: { readonly leavesOut: boolean; readonly maxMs: number }): number {
    if (!leavesOut) {
      this.#shortWaitMs = firstShortWaitMs;
      return maxMs;
    }
    const waitMs = Math.min(maxMs, this.#shortWaitMs);
    this.#shortWaitMs *= 2;
    return waitMs;
  }

  /** An answer came, and had records. */
  broughtRecords(): void {
    this.#shortWaitMs = firstShortWaitMs;
  }
}
