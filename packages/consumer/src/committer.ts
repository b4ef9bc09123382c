import { channels, type Cluster, commitOffsets, type OffsetToCommit, publish } from '@tskafka/core/internal';
import type { Timer } from '@tskafka/core/protocol';
import { partitionName } from './partition-queue.ts';

export interface CommitterOptions {
  readonly cluster: Cluster;
  readonly group: string;
  /** Undefined: only when it is told to. */
  readonly intervalMs: number | undefined;
  /** What an automatic commit stores. */
  readonly positions: () => readonly OffsetToCommit[];
}

/**
 * Stores offsets for the group, one request after the other. Were two on their way at once, and the first one repeated after
 * its answer was lost, the older offsets would overwrite the newer ones.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #stored = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Stores these, after all that was committed before. */
  commit(offsets: readonly OffsetToCommit[], { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { cluster, group } = this.#options;
    const commit = this.#last.then(async () => {
      signal?.throwIfAborted();
      await commitOffsets(cluster, group, offsets, { signal });
      for (const entry of offsets) this.#stored.set(partitionName(entry), entry.offset);
    });
    this.#last = commit.catch(() => {});
    return commit;
  }

  /** Begins to commit by itself. */
  start(): void {
    const { cluster, intervalMs } = this.#options;
    if (intervalMs === undefined) return;
    this.stop();
    const tick = async (): Promise<void> => {
      const timer = this.#timer;
      await this.commitRead();
      if (timer === this.#timer) this.start();
    };
    this.#timer = cluster.options.clock.setTimeout(() => void tick(), intervalMs, { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** An automatic commit: of what has changed since the last. It never rejects; the next one stores what this one could not. */
  async commitRead(signal?: AbortSignal): Promise<void> {
    const { cluster, positions } = this.#options;
    const changed = positions().filter((entry) => this.#stored.get(partitionName(entry)) !== entry.offset);
    if (changed.length === 0) return;
    try {
      await this.commit(changed, { signal });
    } catch (error) {
      cluster.options.logger.error({ error }, 'the automatic commit failed');
      publish(channels.consumerError, () => ({ error: error as Error }));
    }
  }
}
