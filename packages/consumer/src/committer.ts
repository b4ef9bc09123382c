import { KafkaError, type TopicPartition } from '@tskafka/core';
import {
  channels,
  type Cluster,
  type CommitIdentity,
  commitOffsets,
  type OffsetToCommit,
  partitionName,
  publish,
  raceWithSignal,
} from '@tskafka/core/internal';
import { TimeoutError, type Timer } from '@tskafka/core/protocol';

export interface CommitterOptions {
  readonly cluster: Cluster;
  readonly group: string;
  /** Undefined: only when it is told to. */
  readonly intervalMs: number | undefined;
  /** As which member of the group; undefined where the group is only a name. */
  readonly identity: () => CommitIdentity | undefined;
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
  /** How often partitions were taken away, and for each that was, the count then. */
  #losses = 0;
  readonly #lostAt = new Map<string, number>();
  /** Commits in the background that wait for their turn, by partition. */
  #later: Map<string, OffsetToCommit> | undefined;
  #last: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Stores these, after all that was committed before: their turn begins with this call, also while they are still being checked. */
  commit(
    offsets: readonly OffsetToCommit[] | Promise<readonly OffsetToCommit[]>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    // What is said after this must not be sent with what was said before.
    this.#later = undefined;
    return this.#inTurn(() => offsets, { since: this.#losses, signal });
  }

  /** Stores these in the background, in their turn; together with others that wait, the newest of each partition. */
  commitLater(offsets: readonly OffsetToCommit[]): void {
    const later = this.#later ?? new Map<string, OffsetToCommit>();
    for (const entry of offsets) later.set(partitionName(entry), entry);
    if (later === this.#later) return;
    this.#later = later;
    const take = (): OffsetToCommit[] => {
      if (this.#later === later) this.#later = undefined;
      return [...later.values()];
    };
    this.#inTurn(take).catch((error: unknown) => this.report(error, 'a commit in the background failed'));
  }

  /**
   * These partitions are somebody else's now. What waits, or is repeated, is not stored for them any more, also when they have come back:
   * under the new membership the broker would take it, and it would move the offset back that the reader in between has committed.
   */
  forget(partitions: readonly TopicPartition[]): void {
    this.#losses++;
    for (const name of partitions.map(partitionName)) {
      this.#lostAt.set(name, this.#losses);
      this.#stored.delete(name);
      this.#later?.delete(name);
    }
  }

  /** Begins to commit by itself. */
  start(intervalMs = this.#options.intervalMs): void {
    const { cluster } = this.#options;
    if (intervalMs === undefined) return;
    this.stop();
    const tick = async (): Promise<void> => {
      const timer = this.#timer;
      await this.commitRead();
      if (timer === this.#timer) this.start(intervalMs);
    };
    this.#timer = cluster.options.clock.setTimeout(() => void tick(), intervalMs, { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** An automatic commit: of what has changed since the last. It never rejects; the next one stores what this one could not. */
  async commitRead(signal?: AbortSignal): Promise<void> {
    // What has been read is looked at when it is its turn: what was taken away meanwhile would make the whole commit fail.
    const changed = (): OffsetToCommit[] =>
      this.#options.positions().filter((entry) => this.#stored.get(partitionName(entry)) !== entry.offset);
    if (changed().length === 0) return;
    this.#later = undefined;
    try {
      await this.#inTurn(changed, { signal });
    } catch (error) {
      this.report(error, 'the automatic commit failed');
    }
  }

  /** An automatic commit for which nobody waits longer than so. */
  async commitLast(timeoutMs: number): Promise<void> {
    const late = new AbortController();
    const abort = (): void => late.abort(new TimeoutError(`the last commit was not answered within ${timeoutMs} ms`));
    const { clock, logger } = this.#options.cluster.options;
    const timer = clock.setTimeout(abort, timeoutMs);
    const logTimeout = (error: unknown): void => logger.error({ error }, 'the consumer ends without its last commit');
    await raceWithSignal(this.commitRead(late.signal), late.signal).catch(logTimeout);
    timer.cancel();
  }

  /** When everything before has been stored, or has failed, `take` says what is next. */
  #inTurn(
    take: () => readonly OffsetToCommit[] | Promise<readonly OffsetToCommit[]>,
    { since, signal }: { readonly since?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const commit = this.#last.then(async () => {
      signal?.throwIfAborted();
      const [offsets, asOf] = [take(), since ?? this.#losses];
      await this.#store(await offsets, asOf, signal);
    });
    this.#last = commit.catch(() => {});
    return commit;
  }

  async #store(offsets: readonly OffsetToCommit[], since: number, signal: AbortSignal | undefined): Promise<void> {
    const { cluster, group, identity } = this.#options;
    const isLost = (entry: OffsetToCommit): boolean => (this.#lostAt.get(partitionName(entry)) ?? 0) > since;
    const identityOfOwner = (): CommitIdentity | undefined => {
      const lost = offsets.find(isLost);
      if (lost === undefined) return identity();
      throw new KafkaError(
        `'${partitionName(lost)}' was taken from this member of the group '${group}' before offset ${lost.offset} was stored`,
      );
    };
    await commitOffsets(cluster, group, offsets, { identity: identityOfOwner, signal });
    for (const entry of offsets) if (!isLost(entry)) this.#stored.set(partitionName(entry), entry.offset);
  }

  /** Nobody waits for the commit that failed. */
  report(error: unknown, message: string): void {
    this.#options.cluster.options.logger.error({ error }, message);
    publish(channels.consumerError, () => ({ error: error as Error }));
  }
}
