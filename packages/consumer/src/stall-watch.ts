import type { Clock, Timer } from '@tskafka/core';
import type { PartitionQueue } from './partition-queue.ts';

/** Nothing but a throttle, of which it is known, waits for so long on purpose: requests and connections have shorter time-outs by default, and back-off is far shorter. */
const stallMs = 60_000;

export interface StallWatchOptions {
  readonly clock: Clock;
  /** How long a broker may hold an answer back. */
  readonly fetchWaitMaxMs: number;
  /** Partitions that ought to be asked for now. */
  readonly wanted: () => Iterable<PartitionQueue>;
  /** Nobody has answered for these, neither with records nor with an error. */
  readonly onStall: (partitions: readonly PartitionQueue[], stalledMs: number) => void;
}

/**
 * Looks whether each partition is answered for. A request that nobody answers has a time-out, so a stall should never be: it is a
 * defect, here or in the network, that the reader would otherwise see only as silence.
 */
export class StallWatch {
  readonly #options: StallWatchOptions;
  #timer: Timer | undefined;
  #startedAt = 0;

  constructor(options: StallWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#startedAt = this.#options.clock.now();
    this.#later();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #later(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#look(), stallMs / 2, { background: true });
  }

  #look(): void {
    const { clock, fetchWaitMaxMs, wanted, onStall } = this.#options;
    const longest = stallMs + fetchWaitMaxMs;
    const now = clock.now();
    const silentMs = ({ answeredAt, throttledUntil }: PartitionQueue): number =>
      now - Math.max(answeredAt, throttledUntil, this.#startedAt);
    const stalled = [...wanted()].filter((partition) => silentMs(partition) >= longest);
    this.#later();
    if (stalled.length > 0) onStall(stalled, Math.max(...stalled.map(silentMs)));
  }
}
