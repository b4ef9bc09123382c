import type { KafkaError, TopicPartition } from '@tskafka/core';
import { channels, type Cluster, publish, raceWithSignal, underSignals } from '@tskafka/core/internal';
import { TimeoutError } from '@tskafka/core/protocol';
import { CloseDeadline } from '../close-deadline.ts';
import { PollWatch } from '../group/poll-watch.ts';
import { LifeCycle } from '../life-cycle.ts';
import { type LoopSource, loopsOf } from '../loops.ts';
import { unparsableHandler } from '../unparsable.ts';
import { type Take, WaitingReaders } from '../waiting-readers.ts';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { ShareCommitResult } from './acknowledgement-results.ts';
import { Acknowledging } from './acknowledging.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { ShareBatch } from './share-batch.ts';
import { ShareFetcher } from './share-fetcher.ts';
import { shareIntake } from './share-intake.ts';
import type { ShareLeader } from './share-leader.ts';
import { ShareMember } from './share-member.ts';
import type { ShareMessage } from './share-message.ts';
import type { ResolvedShareOptions } from './share-options.ts';
import { ShareRun } from './share-run.ts';
import type { ResolvedShareRunOptions, ShareHandler } from './share-run-options.ts';

/** Counters of a share consumer. */
export interface ShareStats {
  /** Answers of brokers to fetches. */
  readonly fetches: number;
  /** Requests that failed as a whole, and were made again. */
  readonly failedFetches: number;
  /** Bytes of record batches, as they came. */
  readonly fetchedBytes: number;
  /** Messages that wait for a reader. */
  readonly queuedMessages: number;
  /** Messages that are locked for this consumer: those that wait, and those that are not acknowledged yet. */
  readonly lockedMessages: number;
  /** Messages whose acknowledgement a broker took. */
  readonly acknowledged: number;
  /** Messages whose acknowledgement it did not take. */
  readonly failedAcknowledgements: number;
}

/** What moves behind a share consumer: membership, fetching, handing out, acknowledging. */
export class ShareEngine<Value, Key> {
  readonly cluster: Cluster;
  readonly options: ResolvedShareOptions<Value, Key>;
  readonly fetcher: ShareFetcher;
  readonly member: ShareMember;
  readonly life: LifeCycle;
  /** For loops, which wait while no broker can be reached. */
  readonly loop: LoopSource;
  readonly #readers: WaitingReaders;
  readonly #topics: readonly string[];
  readonly #queue: DeliveryQueue<Value, Key>;
  readonly #acknowledging: Acknowledging<Value, Key>;
  #run: ShareRun<Value, Key> | undefined;
  /** Resolves when the run has ended. */
  #running: Promise<void> | undefined;
  #joined: { resolve(): void; reject(error: Error): void } | undefined;
  #waiting = 0;
  /** Somebody has asked who does not wait, and was given nothing. */
  #isOwed = false;
  readonly #watch: PollWatch;
  /** How many messages were handed out, for the watch. */
  #handedOut = 0;
  /** It has left because nobody asked, or is on its way back; resolves when the group has heard that it is gone. */
  #left: Promise<void> | undefined;
  #isAway = false;
  /** The group will not have this consumer. */
  #failure: Error | undefined;

  constructor(cluster: Cluster, topics: readonly string[], options: ResolvedShareOptions<Value, Key>) {
    this.cluster = cluster;
    this.options = options;
    this.#topics = topics;
    const { group, limits, acknowledgeDelayMs, rackId, unparsable, reading } = options;
    this.#readers = new WaitingReaders(cluster.options.clock);
    this.life = new LifeCycle({ begin: (signal) => this.#begin(signal), finish: () => this.#finish() });
    this.loop = loopsOf({
      next: (take) => this.next(take, true, undefined),
      readers: this.#readers,
      hasEnded: () => this.life.hasEnded,
    });
    this.#queue = new DeliveryQueue(cluster.options.clock);
    this.#acknowledging = new Acknowledging({ ...options, logger: cluster.options.logger });
    this.member = new ShareMember({
      ...{ cluster, group, topics, rackId },
      onJoined: () => this.#joined?.resolve(),
      onAssigned: (partitions) => this.fetcher.assign(partitions),
      onUnavailable: (error) => this.#unavailable(error),
      onDenied: (error) => this.#readers.tell(error),
      onFailed: (error) => this.#failed(error),
    });
    const intake = shareIntake<Value, Key>({
      ...reading,
      onUnparsable: unparsableHandler(unparsable, { cluster, consumerGroup: group }),
      keepsUnparsable: typeof unparsable === 'object',
    });
    this.fetcher = new ShareFetcher({
      ...{ cluster, limits, acknowledgeDelayMs },
      member: { groupId: group, memberId: this.member.memberId },
      wantsRecords: () => (this.#waiting > 0 || this.#isOwed) && this.#queue.length === 0,
      keepsQueue: () => !this.#isAway,
      toDeliveries: intake,
      onDeliveries: (deliveries) => this.#deliver(deliveries as readonly Delivery<Value, Key>[]),
      onOutcome: (outcome) => this.#acknowledging.settled(outcome),
      onError: (partition, error) => this.#partitionFailed(partition, error),
      onUnavailable: (error) => this.#unavailable(error),
      onFailure: (error) => this.#readers.tell(error),
    });
    let seen = 0;
    this.#watch = new PollWatch({
      clock: cluster.options.clock,
      maxPollIntervalMs: options.maxPollIntervalMs,
      isReading: () => this.#run !== undefined || this.#waiting > 0,
      hasTaken: () => seen !== (seen = this.#handedOut),
      onIdle: (idleMs) => this.#leaveIdle(idleMs),
    });
  }

  stats(): ShareStats {
    const leaders = [...this.fetcher.leaders];
    const sum = (of: (leader: ShareLeader) => number): number => leaders.reduce((total, leader) => total + of(leader), 0);
    return {
      fetches: sum(({ counts }) => counts.fetches),
      failedFetches: this.fetcher.failedFetches,
      fetchedBytes: sum(({ counts }) => counts.fetchedBytes),
      queuedMessages: this.#queue.length,
      lockedMessages: sum(({ records }) => records.deliveries.size),
      ...this.#acknowledging.results.counts,
    };
  }

  /** What `take` gives, if it is there already, or a promise of it. To ask accepts what was handed out before, in the implicit mode. */
  next<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): T | Promise<T | undefined> {
    try {
      signal?.throwIfAborted();
      this.life.throwIfNotRunning();
      if (this.#failure !== undefined) throw this.#failure;
      this.#watch.asked();
      if (this.#isAway) void this.#joinAgain();
      this.#acknowledging.acceptGiven();
      return take() ?? this.#wait(take, isPatient, signal);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** The next message that is still locked for this consumer. */
  readonly take = (): ShareMessage<Value, Key> | undefined => {
    const delivery = this.#queue.take();
    return delivery && this.#handOut(delivery);
  };

  /** Batches of them. */
  readonly batches = {
    takeBatch: (): ShareBatch<Value, Key> | undefined => {
      const deliveries = this.#queue.takeTogether();
      return deliveries.length === 0 ? undefined : new ShareBatch(deliveries, this.#handOut);
    },
    done: (batch: ShareBatch<Value, Key>): void => this.#queue.giveBack(ShareBatch.restOf(batch)),
    giveBack: (batch: ShareBatch<Value, Key>): void => this.#queue.giveBack(ShareBatch.restOf(batch)),
  };

  /** Hands messages to a handler until nothing more comes. */
  async run(handler: ShareHandler<Value, Key>, options: ResolvedShareRunOptions<Value, Key>): Promise<void> {
    this.life.throwIfNotRunning();
    if (this.#run !== undefined) throw new TypeError('the consumer already hands its messages to a handler');
    const { cluster } = this;
    const take = (): Delivery<Value, Key> | undefined => {
      const delivery = this.#queue.take();
      if (delivery !== undefined) delivery.holder = 'handler';
      return delivery;
    };
    this.#run = new ShareRun(handler, options, {
      ...{ cluster, consumerGroup: this.options.group },
      next: (signal) => this.next(take, true, signal),
    });
    const running = this.#run.start().finally(() => (this.#run = undefined));
    this.#running = running.catch(() => {});
    // Whoever ends the program behind this has left the group.
    await running.catch(this.loop.end).finally(() => this.life.ended);
  }

  /** Throws TypeError for a message that is not this consumer's, and one of which something final was said. */
  acknowledge(message: ShareMessage<Value, Key>, type: AcknowledgeType): void {
    this.life.throwIfNotRunning();
    this.#acknowledging.acknowledge(message, type);
  }

  /** Sends what was said, and resolves with what became of it, and of all since the last commit. */
  async commit(signal: AbortSignal | undefined): Promise<ShareCommitResult[]> {
    this.life.throwIfNotRunning();
    this.#acknowledging.acceptGiven();
    this.fetcher.flush();
    const locked = [...this.fetcher.leaders].flatMap(({ records }) => [...records.deliveries]);
    const awaited = locked.filter(({ isAwaited }) => isAwaited);
    const { results } = this.#acknowledging;
    await underSignals([signal, this.life.signal], (ending) => results.answered(awaited, ending));
    return results.take();
  }

  async #begin(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#topics.map((name) => this.cluster.topic(name, { signal })));
    signal.throwIfAborted();
    const joined = new Promise<void>((resolve, reject) => (this.#joined = { resolve, reject }));
    this.#failure = undefined;
    this.member.start();
    try {
      await raceWithSignal(joined, signal);
    } catch (error) {
      // It would go on trying, and be a member of which nobody knows.
      this.fetcher.assign([]);
      await this.member.leave(this.options.reading.closeTimeoutMs);
      throw error;
    } finally {
      this.#joined = undefined;
    }
    this.#watch.start();
  }

  /** The others are to have what waits here, and the partitions that may be this one's alone. */
  #leaveIdle(idleMs: number): void {
    if (this.#left !== undefined) return;
    const { group, maxPollIntervalMs, reading } = this.options;
    this.cluster.options.logger.warn(
      { group, idleMs },
      `the consumer has left the share group '${group}' because nobody asked it for messages for ${Math.round(idleMs)} ms (maxPollIntervalMs is ${maxPollIntervalMs})`,
    );
    publish(channels.consumerLeft, () => ({ group, idleMs }));
    this.#isAway = true;
    this.#isOwed = false;
    this.#queue.release();
    this.fetcher.assign([]);
    this.fetcher.flush();
    this.#left = this.member.leave(reading.closeTimeoutMs);
  }

  async #joinAgain(): Promise<void> {
    this.#isAway = false;
    await this.#left;
    this.#left = undefined;
    if (this.life.isRunning) this.member.start();
  }

  async #finish(): Promise<void> {
    this.#watch.stop();
    this.#readers.fail(this.life.closedError());
    const deadline = new CloseDeadline(this.cluster.options.clock, this.options.reading.closeTimeoutMs);
    if (this.#run !== undefined) await this.#waitForHandlers(this.#run, deadline.handlersMs);
    await this.#patiently(deadline.commitMs, (signal) => this.fetcher.close(signal));
    this.#queue.clear();
    await this.#left;
    await this.member.leave(deadline.leaveMs);
  }

  /** Handlers may finish, within the time; then nobody waits for them, and their messages go back to the group. */
  #waitForHandlers(run: ShareRun<Value, Key>, timeoutMs: number): Promise<void> {
    return this.#patiently(timeoutMs, async (signal) => {
      const abandon = (): void => run.abandon();
      signal.addEventListener('abort', abandon, { once: true });
      run.end();
      await this.#running;
    });
  }

  /** Does what may take so long; the signal says when it is over. */
  async #patiently(timeoutMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const patience = new AbortController();
    const late = (): void => patience.abort(new TimeoutError(`the consumer was not closed within ${timeoutMs} ms`));
    const timer = this.cluster.options.clock.setTimeout(late, timeoutMs);
    await work(patience.signal);
    timer.cancel();
  }

  async #wait<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): Promise<T | undefined> {
    this.#readers.throwUntold({ isPatient });
    const { consumerTimeoutMs } = this.options.reading;
    const waits = consumerTimeoutMs > 0;
    if (waits) this.#waiting++;
    else this.#isOwed = true;
    this.fetcher.wake();
    if (!waits) return undefined;
    try {
      return await this.#readers.wait(take, { timeoutMs: consumerTimeoutMs, signal, isPatient });
    } finally {
      this.#waiting--;
    }
  }

  #deliver(deliveries: readonly Delivery<Value, Key>[]): void {
    if (deliveries.length > 0) this.#isOwed = false;
    this.#queue.add(deliveries);
    this.#readers.serve();
  }

  readonly #handOut = (delivery: Delivery<Value, Key>): ShareMessage<Value, Key> => {
    this.#handedOut++;
    return this.#acknowledging.handOut(delivery);
  };

  #partitionFailed({ topic, partition }: TopicPartition, error: KafkaError): void {
    publish(channels.consumerError, () => ({ topic, partition, error }));
    if (!error.retriable) this.#readers.tell(error);
  }

  #unavailable(error: Error): void {
    if (this.#joined !== undefined) this.#joined.reject(error);
    else this.#readers.tell(error, { isPassing: true });
  }

  #failed(error: Error): void {
    this.#failure = error;
    this.#joined?.reject(error);
    this.#readers.fail(error);
  }
}
