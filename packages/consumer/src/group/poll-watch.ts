import type { Clock, Timer } from '@tskafka/core';

/** It is looked so often whether something was taken, or twenty times in an interval that is shorter: as exactly as that, a member leaves in time. */
const lookEveryMs = 100;

export interface PollWatchOptions {
  readonly clock: Clock;
  readonly maxPollIntervalMs: number;
  /** Whether somebody waits for a message, or run() hands them out. */
  readonly isReading: () => boolean;
  /** Whether something was taken since the last time that this was asked: who takes what is there already does not pass by here. */
  readonly hasTaken: () => boolean;
  /** Nobody has asked for so long. It may be called again. */
  readonly onIdle: (idleMs: number) => void;
}

/** Looks whether the program still takes messages: heartbeats go on when its loop hangs, and the partitions would be nobody's (KIP-62). */
export class PollWatch {
  readonly #options: PollWatchOptions;
  #seenAt = -Infinity;
  #timer: Timer | undefined;

  constructor(options: PollWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.asked();
    this.#later();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Somebody has asked for what is not there yet. */
  asked(): void {
    this.#seenAt = this.#options.clock.now();
  }

  #later(): void {
    const { clock, maxPollIntervalMs } = this.#options;
    if (maxPollIntervalMs === Infinity) return;
    this.#timer = clock.setTimeout(() => this.#look(), Math.min(lookEveryMs, maxPollIntervalMs / 20), { background: true });
  }

  #look(): void {
    const { clock, maxPollIntervalMs, isReading, hasTaken, onIdle } = this.#options;
    const isSeen = hasTaken();
    if (isSeen || isReading()) this.asked();
    this.#later();
    const idleMs = clock.now() - this.#seenAt;
    if (idleMs >= maxPollIntervalMs) onIdle(idleMs);
  }
}

/** Tells of positions whether one of them has moved since it was last asked. What has come since then has not. */
export function movesOf<P extends { readonly position: { readonly next: number } }>(partitions: Iterable<P>): () => boolean {
  const seen = new WeakMap<P, number>();
  return () => {
    let hasMoved = false;
    for (const partition of partitions) {
      const { next } = partition.position;
      const before = seen.get(partition);
      if (before === next) continue;
      hasMoved ||= before !== undefined;
      seen.set(partition, next);
    }
    return hasMoved;
  };
}
