import type { Clock, Timer } from '@tskafka/core';
import type { PartitionQueue } from '../partition-queue.ts';

/** It is looked so often within maxPollIntervalMs, and so a member stays for up to a tenth longer. */
const looksPerInterval = 20;

export interface PollWatchOptions {
  readonly clock: Clock;
  readonly maxPollIntervalMs: number;
  /** Whether somebody waits for a message, or run() hands them out. */
  readonly isReading: () => boolean;
  readonly partitions: Iterable<PartitionQueue>;
  /** Nobody has asked for so long. It may be called again. */
  readonly onIdle: (idleMs: number) => void;
}

/**
 * Looks whether the program still takes messages: heartbeats go on when its loop hangs, and the partitions would be nobody's (KIP-62).
 * Whoever takes what is there already does not pass by here; it is seen by the positions.
 */
export class PollWatch {
  readonly #options: PollWatchOptions;
  #seenAt = -Infinity;
  #positions = new Map<PartitionQueue, number>();
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
    this.#timer = clock.setTimeout(() => this.#look(), maxPollIntervalMs / looksPerInterval, { background: true });
  }

  #look(): void {
    const { clock, maxPollIntervalMs, isReading, onIdle } = this.#options;
    const hasTaken = this.#hasTaken();
    if (hasTaken || isReading()) this.asked();
    this.#later();
    const idleMs = clock.now() - this.#seenAt;
    if (idleMs >= maxPollIntervalMs) onIdle(idleMs);
  }

  /** Whether a partition that was there at the last look has moved. */
  #hasTaken(): boolean {
    const before = this.#positions;
    this.#positions = new Map([...this.#options.partitions].map((partition) => [partition, partition.position.next]));
    return [...this.#positions].some(([partition, next]) => (before.get(partition) ?? next) !== next);
  }
}
