// A loop already: whatever fails here is asked for again by the next turn, so cluster.retry is not used.
import { type Isolation, KafkaError } from '@tskafka/core';
import { AnswerMemory, backoffMs, channels, type Cluster, type Place, publish, type Purpose } from '@tskafka/core/internal';
import { ClosedError, type Timer } from '@tskafka/core/protocol';
import { EpochCheck } from './epoch-check.ts';
import { FetchAnswers } from './fetch-answers.ts';
import { FetchLeader } from './fetch-leader.ts';
import { keepFreedMemory } from './keep-freed-memory.ts';
import type { MessageQueue } from './message-queue.ts';
import { PartitionBrokers } from './partition-brokers.ts';
import { PartitionErrors } from './partition-errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { StallWatch } from './stall-watch.ts';
import type { Answer } from './waiting-batches.ts';

export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly queue: MessageQueue<unknown, unknown>;
  readonly autoOffsetReset: Place | 'none';
  readonly isolation: Isolation;
  readonly rackId: string;
  readonly fetchMinBytes: number;
  readonly fetchWaitMaxMs: number;
  readonly fetchMessageMaxBytes: number;
  readonly fetchMaxBytes: number;
  readonly queuedMaxMessages: number;
  readonly queuedMaxBytes: number;
  /** No broker can be reached, for longer than the client waits. */
  readonly onUnavailable: (error: Error) => void;
  /** Something failed that no further attempt mends, though it is made: a login was refused, say. */
  readonly onError: (error: Error) => void;
}

/** Fetches ahead: one request at a time to each broker, for its partitions with room in the queue. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #purpose: Purpose;
  readonly #errors: PartitionErrors;
  readonly #brokers: PartitionBrokers;
  readonly #answers: FetchAnswers;
  readonly #partitions = new Set<PartitionQueue>();
  readonly #leaders = new Map<number, FetchLeader>();
  #run: AbortController | undefined;
  readonly #stalls: StallWatch;
  /** How often brokers were asked, and what came of it. */
  readonly counts = { fetches: 0, failedFetches: 0, fetchedBytes: 0 };
  readonly #memory: AnswerMemory;
  #timer: Timer | undefined;
  #isTurning = false;
  /** Some broker is asked for nothing, since nothing of it would have room. */
  #waitsForRoom = false;
  #refreshing: Promise<void> | undefined;

  constructor(options: FetcherOptions) {
    keepFreedMemory();
    this.#options = options;
    // All that may wait at once, and that memory is longer than what lies in it.
    this.#memory = new AnswerMemory(1.5 * options.queuedMaxBytes);
    this.#purpose = options.cluster.ownPurpose('fetch');
    this.#stalls = new StallWatch({
      clock: options.cluster.options.clock,
      fetchWaitMaxMs: options.fetchWaitMaxMs,
      wanted: () =>
        [...this.#partitions].filter((partition) => this.#isWanted(partition) && this.#hasRoom(partition) && this.#roomBytes() > 0),
      onStall: (partitions, stalledMs) => this.#stalled(partitions, stalledMs),
    });
    this.#errors = new PartitionErrors({
      ...options,
      later: (partition) => this.later(partition),
      wake: () => this.wake(),
      tellIfUnavailable: (cause) => this.#tellIfUnavailable(cause),
    });
    const wants = {
      cluster: options.cluster,
      later: (partition: PartitionQueue) => this.later(partition),
      refresh: (topics: readonly string[]) => this.#refresh(topics),
    };
    const epochs = new EpochCheck({ ...wants, errors: this.#errors, wake: () => this.wake() });
    this.#brokers = new PartitionBrokers({
      ...wants,
      onMissing: (partition) => this.#errors.missing(partition),
      onOtherLog: (partition) => {
        options.queue.disown(partition);
        void this.#errors.reset(partition, false, this.#run!.signal);
      },
      asksFirst: (partition, leader, leaderEpoch) => {
        const isDue = epochs.isDue(partition, leaderEpoch);
        if (isDue) epochs.ask(partition, leader, leaderEpoch, this.#run!.signal);
        return isDue;
      },
    });
    const { queue, isolation } = options;
    const parts = { memory: this.#memory, errors: this.#errors, brokers: this.#brokers, partitions: this.#partitions };
    const ready = (): void => {
      queue.ready();
      this.wake();
    };
    this.#answers = new FetchAnswers({ ...wants, ...parts, queue, isolation, ready });
  }

  add(partition: PartitionQueue): void {
    this.#partitions.add(partition);
    this.wake();
  }

  delete(partition: PartitionQueue): void {
    this.#partitions.delete(partition);
  }

  start(): void {
    if (this.#run !== undefined) return;
    this.#run = new AbortController();
    this.#stalls.start();
    this.wake();
  }

  /** Ends at once, also a long poll: its connections belong to this fetcher alone and are dropped. */
  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#timer?.cancel();
    this.#stalls.stop();
    this.#leaders.clear();
    this.#memory.clear();
    for (const partition of this.#partitions) partition.isBusy = false;
    this.#options.cluster.disconnect(this.#purpose, new ClosedError('the consumer has stopped'));
  }

  /** Gives up requests on their way for partitions that have moved: their long poll would hold up the fetch of the new offset. */
  moved(partitions: Iterable<PartitionQueue>): void {
    const isAwaited = [...partitions].some(({ isBusy }) => isBusy);
    if (!isAwaited || this.#run === undefined) return this.wake();
    this.stop();
    this.start();
  }

  /** Something is better than before: looks for partitions to fetch, once for all that is said in this turn of the event loop. */
  wake(): void {
    if (this.#isTurning || this.#run === undefined) return;
    this.#isTurning = true;
    queueMicrotask(() => {
      this.#isTurning = false;
      if (this.#run !== undefined) this.#turn(this.#run.signal);
    });
  }

  /** There is more room than before. With thousands of partitions a turn is worth its work only where something has waited for that. */
  moreRoom(): void {
    if (this.#waitsForRoom && this.#roomBytes() > 0) this.wake();
  }

  /** Nothing lies in an answer any more. */
  answerRead({ memory }: Answer): void {
    if (memory !== undefined) this.#memory.giveBack(memory);
  }

  /** Leaves a partition alone for a while, longer with every failure in a row. */
  later(partition: PartitionQueue): void {
    const { clock, random, retryBackoff } = this.#options.cluster.options;
    partition.retryAt = clock.now() + backoffMs(++partition.failures, retryBackoff, random);
    this.wake();
  }

  #turn(signal: AbortSignal): void {
    const { cluster } = this.#options;
    const now = cluster.options.clock.now();
    const wanted = new Map<number, Wanted>();
    let nextTurnAt = Infinity;
    for (const partition of this.#partitions) {
      if (partition.isBusy || !this.#isWanted(partition)) continue;
      const id = partition.retryAt > now ? undefined : this.#brokers.of(partition, now);
      const leader = id === undefined ? undefined : this.#leaders.get(id);
      partition.throttledUntil = leader?.throttledUntil ?? -Infinity;
      const retryAt = id === undefined ? partition.retryAt : (leader?.retryAt ?? now);
      if (retryAt > now) nextTurnAt = Math.min(nextTurnAt, retryAt);
      if (retryAt > now || id === undefined || leader?.isBusy) continue;
      const entry = wanted.get(id) ?? { partitions: [], leavesOut: false };
      wanted.set(id, entry);
      if (this.#hasRoom(partition)) entry.partitions.push(partition);
      else entry.leavesOut = true;
    }
    const free = [...wanted].filter(([, { partitions }]) => partitions.length > 0);
    this.#waitsForRoom = free.length < wanted.size;
    free.forEach(([id, entry], i) => {
      const roomBytes = Math.floor(this.#roomBytes() / (free.length - i));
      if (roomBytes > 0) void this.#fetch(id, entry, roomBytes, signal);
      else this.#waitsForRoom = true;
    });
    this.#timer?.cancel();
    if (nextTurnAt < Infinity) this.#timer = cluster.options.clock.setTimeout(() => this.wake(), nextTurnAt - now);
  }

  #isWanted({ isPaused, position, until }: PartitionQueue): boolean {
    return !isPaused && position.toFetch < until;
  }

  /** Nobody answers, though everything has a time-out: begins anew, with fresh metadata. */
  #stalled(partitions: readonly PartitionQueue[], stalledMs: number): void {
    const { logger } = this.#options.cluster.options;
    for (const { topic, partition } of partitions) {
      logger.warn({ topic, partition, stalledMs }, 'no broker answers for a partition: reconnecting');
      publish(channels.consumerStall, () => ({ topic, partition, stalledMs }));
    }
    this.stop();
    this.start();
    this.#refresh([...new Set(partitions.map(({ topic }) => topic))]);
  }

  #hasRoom({ waiting }: PartitionQueue): boolean {
    return waiting.bytes < this.#options.fetchMessageMaxBytes && waiting.records < this.#options.queuedMaxMessages;
  }

  #roomBytes(): number {
    let room = this.#options.queuedMaxBytes - this.#options.queue.bytes;
    for (const { reserved } of this.#leaders.values()) room -= reserved;
    return room;
  }

  async #fetch(id: number, { partitions, leavesOut }: Wanted, roomBytes: number, signal: AbortSignal): Promise<void> {
    const { cluster, fetchMessageMaxBytes, fetchMaxBytes } = this.#options;
    const leader = this.#leaders.get(id) ?? new FetchLeader(id, { ...this.#options, purpose: this.#purpose, memory: this.#memory });
    this.#leaders.set(id, leader);
    const maxBytes = Math.min(fetchMaxBytes, roomBytes);
    leader.isBusy = true;
    leader.reserved = Math.min(maxBytes, partitions.length * fetchMessageMaxBytes);
    for (const partition of partitions) partition.isBusy = true;
    cluster.refreshWhenOld();
    try {
      const outcome = await leader.ask(partitions, { leavesOut, maxBytes, signal });
      if (signal.aborted) return;
      this.counts.fetches++;
      this.#answeredFor(partitions);
      if (leader.answered(outcome)) {
        const taken = this.#answers.accept(outcome.asked, outcome.response, outcome.from);
        this.counts.fetchedBytes += taken.bytes;
        leader.took(taken);
      }
    } catch (error) {
      if (signal.aborted) return;
      leader.failed();
      this.#answeredFor(partitions);
      this.#failed(partitions, error as Error);
    }
    leader.isBusy = false;
    leader.reserved = 0;
    this.wake();
  }

  /** With an answer, or an error in its place. */
  #answeredFor(partitions: readonly PartitionQueue[]): void {
    const answeredAt = this.#options.cluster.options.clock.now();
    for (const partition of partitions) {
      partition.isBusy = false;
      partition.answeredAt = answeredAt;
    }
  }

  /** A whole request failed. */
  #failed(partitions: readonly PartitionQueue[], error: Error): void {
    const { cluster, onError } = this.#options;
    if (cluster.closing.aborted) {
      this.stop();
      return onError(error);
    }
    this.counts.failedFetches++;
    for (const partition of partitions) {
      partition.lastError = error;
      if (partition.readReplica !== undefined) this.#brokers.leaveReplica(partition);
    }
    cluster.options.logger.warn({ error }, 'a fetch failed and is retried');
    publish(channels.consumerError, () => ({ error }));
    if (!(error instanceof KafkaError) || !error.retriable) return onError(error);
    this.#tellIfUnavailable(error);
    this.#refresh([...new Set(partitions.map(({ topic }) => topic))]);
  }

  #refresh(topics: readonly string[]): void {
    const run = this.#run;
    this.#refreshing ??= this.#options.cluster
      .refresh(topics, run?.signal)
      .catch((error: unknown) => {
        if (run === this.#run) this.#tellIfUnavailable(error);
      })
      .finally(() => {
        this.#refreshing = undefined;
        this.wake();
      });
  }

  #tellIfUnavailable(cause: unknown): void {
    try {
      this.#options.cluster.throwIfUnavailable(cause);
    } catch (error) {
      this.#options.onUnavailable(error as Error);
    }
  }
}

/** What could be fetched from a broker now. */
interface Wanted {
  readonly partitions: PartitionQueue[];
  /** Others of its partitions have no room. */
  leavesOut: boolean;
}
