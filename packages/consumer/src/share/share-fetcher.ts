// A loop already: whatever fails here is asked for again by the next turn, so cluster.retry is not used.
import { KafkaError } from '@tskafka/core';
import { backoffMs, channels, publish, type Purpose, raceWithSignal } from '@tskafka/core/internal';
import { ClosedError, type Timer } from '@tskafka/core/protocol';
import { keepLocks, lookAfter } from './keep-locks.ts';
import { ShareLeader, type ShareLeaderOptions, type Step } from './share-leader.ts';
import type { SharePartition } from './share-partition.ts';

/** How long close() waits for polls. */
const pollGraceMs = 400;

export interface ShareFetcherOptions extends Omit<ShareLeaderOptions, 'brokerId' | 'purpose' | 'onPending'> {
  /** Whether a reader waits for records. */
  readonly wantsRecords: () => boolean;
  /** Whether anybody will read what waits in the queue: its locks are renewed then. */
  readonly keepsQueue: () => boolean;
  readonly onUnavailable: (error: Error) => void;
  /** Something failed that no further attempt mends, though it is made. */
  readonly onFailure: (error: Error) => void;
}

/** Asks the leaders of the partitions that this member is assigned: one request at a time to each, and records only while a reader waits. */
export class ShareFetcher {
  readonly #options: ShareFetcherOptions;
  readonly #purpose: Purpose;
  readonly #leaders = new Map<number, ShareLeader>();
  readonly #stopping = new AbortController();
  #assigned: readonly SharePartition[] = [];
  #timer: Timer | undefined;
  #looking: Timer | undefined;
  #isTurning = false;
  #isEnding = false;
  #refreshing: Promise<void> | undefined;
  /** Refreshes in a row since a leader was last missing. */
  #refreshes = 0;
  readonly #exchanges = new Map<ShareLeader, Promise<void>>();
  failedFetches = 0;

  constructor(options: ShareFetcherOptions) {
    this.#options = options;
    this.#purpose = options.cluster.ownPurpose('fetch');
  }

  get leaders(): Iterable<ShareLeader> {
    return this.#leaders.values();
  }

  get assigned(): readonly SharePartition[] {
    return this.#assigned;
  }

  assign(partitions: readonly SharePartition[]): void {
    this.#assigned = partitions;
    this.wake();
  }

  /** Something is better than before: looks what to ask, once for all that happens in this turn of the event loop. */
  readonly wake = (): void => {
    if (this.#isTurning || this.#isEnding) return;
    this.#isTurning = true;
    queueMicrotask(() => {
      this.#isTurning = false;
      if (!this.#isEnding) this.#turn();
    });
  };

  /** Sends the acknowledgements now. */
  flush(): void {
    for (const { records } of this.#leaders.values()) records.flush();
    this.wake();
  }

  /**
   * Asks for nothing more, says what there is to say, and ends the sessions, by which the group gets back what is still locked. What is
   * not done when the signal comes is left to the brokers, which do the same when they see the connections end.
   */
  async close(signal: AbortSignal): Promise<void> {
    this.#end();
    const closed = new ClosedError('the consumer is closed');
    const grace = new AbortController();
    const timer = this.#options.cluster.options.clock.setTimeout(() => grace.abort(closed), pollGraceMs);
    const ending = [...this.#leaders.values()].map(async (leader) => {
      // A poll that takes longer is cut off, unless it carries acknowledgements, or some are waiting behind it.
      const isWorthIt = leader.isTold || !leader.records.pending.isEmpty;
      await raceWithSignal(this.#exchanges.get(leader) ?? Promise.resolve(), isWorthIt ? signal : grace.signal);
      await raceWithSignal(leader.close(signal), signal);
    });
    await Promise.allSettled(ending);
    timer.cancel();
    this.#stopping.abort(closed);
    this.#options.cluster.disconnect(this.#purpose, closed);
    for (const { records } of this.#leaders.values()) records.lose(records.deliveries, closed);
  }

  /** Asks for nothing more. */
  #end(): void {
    this.#isEnding = true;
    this.#timer?.cancel();
    this.#looking?.cancel();
  }

  #turn(): void {
    const { clock } = this.#options.cluster.options;
    const now = clock.now();
    const wanted = this.#byLeader();
    for (const id of wanted.keys()) if (!this.#leaders.has(id)) this.#leaders.set(id, this.#newLeader(id));
    let nextTurnAt = Infinity;
    for (const [id, leader] of this.#leaders) {
      if (leader.isBusy) continue;
      const partitions = wanted.get(id) ?? [];
      const step = leader.step(partitions, this.#mayFetch(id), now);
      if (step === undefined) nextTurnAt = Math.min(nextTurnAt, leader.records.dueAt);
      else if (leader.retryAt > now) nextTurnAt = Math.min(nextTurnAt, leader.retryAt);
      else this.#ask(leader, step, partitions);
    }
    this.#timer?.cancel();
    if (nextTurnAt < Infinity) this.#timer = clock.setTimeout(this.wake, Math.max(0, nextTurnAt - now));
  }

  /** With a limit on records one broker is asked for them at a time, or each would give as many. */
  #mayFetch(id: number): boolean {
    if (!this.#options.wantsRecords()) return false;
    if (this.#options.limits.acquireMode !== 'record_limit') return true;
    return ![...this.#leaders].some(([other, { isFetching }]) => isFetching && other !== id);
  }

  #byLeader(): Map<number, SharePartition[]> {
    const { metadata } = this.#options.cluster;
    const wanted = new Map<number, SharePartition[]>();
    let isMissing = false;
    for (const partition of this.#assigned) {
      const leader = metadata.topicById(partition.topicId)?.partitions.get(partition.partition)?.leader;
      if (leader === undefined) isMissing = true;
      else if (wanted.get(leader)?.push(partition) === undefined) wanted.set(leader, [partition]);
    }
    if (isMissing) this.#refreshLater();
    else this.#refreshes = 0;
    return wanted;
  }

  #ask(leader: ShareLeader, step: Step, partitions: readonly SharePartition[]): void {
    leader.isBusy = true;
    leader.isFetching = step === 'fetch';
    this.#options.cluster.refreshWhenOld();
    const exchange = leader
      .ask(step, partitions, this.#stopping.signal)
      .then(
        () => {
          leader.failures = 0;
          leader.lastError = undefined;
        },
        (error: unknown) => this.#failed(leader, error as Error),
      )
      .finally(() => {
        leader.isBusy = false;
        leader.isFetching = false;
        this.#exchanges.delete(leader);
        this.#rotate(leader);
        this.#lookLater();
        this.wake();
      });
    this.#exchanges.set(leader, exchange);
  }

  /** Whoever has answered is asked last the next time. */
  #rotate(leader: ShareLeader): void {
    if (this.#leaders.delete(leader.brokerId)) this.#leaders.set(leader.brokerId, leader);
  }

  #failed(leader: ShareLeader, error: Error): void {
    const { cluster, onFailure } = this.#options;
    const { clock, random, retryBackoff, logger } = cluster.options;
    if (this.#stopping.signal.aborted || this.#isEnding) return;
    if (cluster.closing.aborted) return onFailure(error);
    leader.lastError = error;
    leader.retryAt = clock.now() + backoffMs(++leader.failures, retryBackoff, random);
    this.failedFetches++;
    logger.warn({ error }, 'a request to the leader of shared partitions failed and is retried');
    publish(channels.consumerError, () => ({ error }));
    if (!(error instanceof KafkaError) || !error.retriable) return onFailure(error);
    this.#tellIfUnavailable(error);
    this.#refreshLater();
  }

  #refreshLater(): void {
    const { cluster } = this.#options;
    const { clock, random, retryBackoff } = cluster.options;
    this.#refreshing ??= cluster
      .refresh([...new Set(this.#assigned.map(({ topic }) => topic))], this.#stopping.signal)
      .catch((error: unknown) => this.#tellIfUnavailable(error))
      .finally(() => {
        // A partition may be without a leader for a while.
        clock.setTimeout(
          () => {
            this.#refreshing = undefined;
            this.wake();
          },
          backoffMs(++this.#refreshes, retryBackoff, random),
        );
      });
  }

  #tellIfUnavailable(cause: unknown): void {
    if (this.#stopping.signal.aborted) return;
    try {
      this.#options.cluster.throwIfUnavailable(cause);
    } catch (error) {
      this.#options.onUnavailable(error as Error);
    }
  }

  #newLeader(brokerId: number): ShareLeader {
    return new ShareLeader({ ...this.#options, brokerId, purpose: this.#purpose, onPending: this.wake });
  }

  /** Looks after the locks while there are any. */
  #lookLater(): void {
    const { cluster, member, keepsQueue } = this.#options;
    const { clock } = cluster.options;
    if (this.#looking !== undefined || this.#isEnding) return;
    const shortestMs = Math.min(...[...this.#leaders.values()].map(({ records }) => records.shortestLockMs));
    if (shortestMs === Infinity) return;
    const look = (): void => {
      this.#looking = undefined;
      const looking = { keepsQueue: keepsQueue(), now: clock.now(), group: member.groupId };
      for (const { records, canRenew } of this.#leaders.values()) keepLocks(records, { canRenew, ...looking });
      this.#lookLater();
    };
    this.#looking = clock.setTimeout(look, shortestMs * lookAfter);
  }
}
