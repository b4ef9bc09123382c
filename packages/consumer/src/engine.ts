import type { GroupMetadata, TopicPartition } from '@tskafka/core';
import { type Cluster, raceWithSignal } from '@tskafka/core/internal';
import { ClosedError } from '@tskafka/core/protocol';
import { CloseDeadline } from './close-deadline.ts';
import { Committer } from './committer.ts';
import { ConsumerPartitions } from './consumer-partitions.ts';
import { LifeCycle } from './life-cycle.ts';
import { type LoopSource, loopsOf } from './loops.ts';
import type { ToHandle } from './message-queue.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import type { PartitionSource } from './partition-source.ts';
import type { ProcessHandler, ResolvedProcessOptions } from './processor/process-options.ts';
import { Processor } from './processor/processor.ts';
import { Reading } from './reading.ts';
import { Run } from './run/run.ts';
import type { Handler, ResolvedRunOptions } from './run/run-options.ts';
import { type Take, WaitingReaders } from './waiting-readers.ts';
import type { Work } from './work.ts';
import { Working } from './working.ts';

/** What moves behind a consumer: reading, handing out, committing, from start to stop. Its source says which partitions. */
export class Engine<Value, Key> {
  readonly cluster: Cluster;
  readonly options: ResolvedConsumerOptions<Value, Key>;
  readonly partitions = new ConsumerPartitions();
  readonly reading: Reading<Value, Key>;
  readonly committer: Committer | undefined;
  readonly life: LifeCycle;
  /** For loops, which wait while no broker can be reached. */
  readonly loop: LoopSource;
  readonly #source: PartitionSource;
  readonly #readers: WaitingReaders;
  readonly #working: Working;

  constructor(cluster: Cluster, options: ResolvedConsumerOptions<Value, Key>, source: PartitionSource) {
    const { clock } = cluster.options;
    this.cluster = cluster;
    this.options = options;
    this.#source = source;
    this.#readers = new WaitingReaders(clock);
    this.life = new LifeCycle({ begin: (signal) => this.#begin(signal), finish: () => this.#finish() });
    this.loop = loopsOf({
      next: (take) => this.next(take, true, undefined),
      readers: this.#readers,
      hasEnded: () => this.life.hasEnded,
    });
    this.reading = new Reading({
      ...options,
      cluster,
      partitions: this.partitions,
      throwIfOver: () => this.life.throwIfOver(),
      onReady: () => this.serve(),
      onUnavailable: (error) => this.tell(error, { isPassing: true }),
      onError: (error) => this.tell(error),
    });
    this.committer =
      options.consumerGroup === undefined
        ? undefined
        : new Committer({
            cluster,
            group: options.consumerGroup,
            intervalMs: options.autoCommitEnable ? options.autoCommitIntervalMs : undefined,
            identity: () => source.commitIdentity(),
            positions: () => this.partitions.toCommit({ readOnly: true }),
          });
    this.#working = new Working({
      clock,
      closeTimeoutMs: options.closeTimeoutMs,
      giveBack: () => this.#giveBack(),
      commit: (timeoutMs) => this.#commitWork(timeoutMs),
      abandon: () => {
        for (const partition of this.partitions) partition.leave(this.life.closedError());
      },
    });
  }

  /** Whether somebody waits for messages, or has them handed to a handler. */
  get isReadFrom(): boolean {
    return this.#working.isUnderWay || !this.#readers.isEmpty;
  }

  /** What `take` gives, if it is there already, or a promise of it. */
  next<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): T | Promise<T | undefined> {
    try {
      signal?.throwIfAborted();
      this.life.throwIfNotRunning();
      return (this.#source.mayRead() ? take() : undefined) ?? this.#wait(take, isPatient, signal);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** Hands messages to a handler until nothing more comes. */
  run(handler: Handler<Value, Key>, options: ResolvedRunOptions): Promise<void> {
    this.#throwIfNotIdle();
    this.committer?.start(options.commitIntervalMs);
    const run = new Run(handler, options, { ...this.#handing, consumerGroup: this.options.consumerGroup });
    return this.#until(run, { commits: true });
  }

  /** Hands messages to a handler in transactions until nothing more comes. */
  process(
    handler: ProcessHandler<Value, Key>,
    options: ResolvedProcessOptions,
    { consumerGroup, groupMetadata }: { readonly consumerGroup: string; readonly groupMetadata: () => GroupMetadata },
  ): Promise<void> {
    this.#throwIfNotIdle();
    const processor = new Processor(handler, options, {
      ...this.#handing,
      ...{ consumerGroup, groupMetadata },
      rewind: (partition, to) => this.reading.rewind(partition, to),
      forget: (partitions) => this.drop(partitions, new ClosedError('nobody knows how far the partition has been handled')),
    });
    return this.#until(processor, { commits: false });
  }

  /** Hands out no more of these partitions, and waits for handlers that have begun. They stay this consumer's, for a last commit. */
  async halt(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    await raceWithSignal(this.#working.whenHandled(this.reading.halt(partitions)), signal);
  }

  /** They are this consumer's no longer: handlers are told, and what was fetched is thrown away. */
  drop(partitions: readonly TopicPartition[], reason: Error): void {
    this.committer?.forget(this.reading.drop(partitions, reason));
  }

  /** Commits what was read, where this consumer commits by itself. It never rejects. */
  async commitRead(signal: AbortSignal): Promise<void> {
    if (this.options.autoCommitEnable || this.#working.commits) await this.committer?.commitRead(signal);
  }

  /** Tells whoever waits, or else who comes next; with `isPassing` only those who do not wait through it. */
  tell(error: Error, { isPassing = false }: { readonly isPassing?: boolean } = {}): void {
    this.#readers.tell(error, { isPassing });
  }

  /** There may be something to hand out. */
  serve(): void {
    if (!this.life.isRunning || this.#readers.isEmpty || !this.#source.mayRead()) return;
    this.#readers.serve();
    if (this.#isAtEnd()) this.#readers.end();
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const ranges = await this.#source.rangesToRead((partition) => this.partitions.has(partition), signal);
    if (signal.aborted) return;
    this.reading.take(ranges);
    this.reading.begin(ranges);
    this.committer?.start();
  }

  async #finish(): Promise<void> {
    this.reading.fetcher.stop();
    this.#readers.fail(this.life.closedError());
    const deadline = new CloseDeadline(this.cluster.options.clock, this.options.closeTimeoutMs);
    await this.#working.stop(deadline);
    for (const partition of this.partitions) this.reading.queue.disown(partition);
    this.reading.unread.clear();
    this.committer?.stop();
    await this.#source.finish(deadline, async () => {
      if (this.options.autoCommitEnable) await this.committer?.commitLast(deadline.commitMs);
    });
  }

  /** What work needs to hand messages out. */
  get #handing() {
    const take = (): ToHandle<Value, Key> | undefined => this.reading.queue.takeToHandle();
    return {
      cluster: this.cluster,
      next: (signal: AbortSignal) => this.next(take, true, signal),
      setFull: this.reading.setFull.bind(this.reading),
    };
  }

  async #until(work: Work, commits: { readonly commits: boolean }): Promise<void> {
    try {
      await this.#working.begin(work, commits);
    } catch (error) {
      this.loop.end(error);
    } finally {
      // Whoever ends the program behind this has left the group.
      await this.life.ended;
    }
  }

  /** What was handed to handlers and is not done is handed out again. */
  #giveBack(): void {
    for (const partition of this.partitions) {
      if (partition.handling.size > 0) this.reading.rewind(partition, partition.done);
      else if (partition.isFull) this.reading.setFull(partition, false);
    }
  }

  async #commitWork(timeoutMs: number): Promise<void> {
    this.committer?.stop();
    if (this.life.isRunning && this.options.autoCommitEnable) this.committer?.start();
    await this.committer?.commitLast(timeoutMs);
  }

  async #wait<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): Promise<T | undefined> {
    this.#source.wanted();
    this.#readers.throwUntold({ isPatient });
    if (this.#isAtEnd()) {
      this.#readers.end();
      return undefined;
    }
    // Fetching begins with reading: whoever starts a consumer and jumps does not wait for the long poll of the first place.
    this.reading.fetcher.start();
    const { consumerTimeoutMs } = this.options;
    if (consumerTimeoutMs === 0) return undefined;
    return this.#readers.wait(take, { timeoutMs: consumerTimeoutMs, signal, isPatient });
  }

  #isAtEnd(): boolean {
    return this.options.until !== undefined && this.partitions.areDone;
  }

  #throwIfNotIdle(): void {
    this.life.throwIfNotRunning();
    if (this.#working.isUnderWay) throw new TypeError('the consumer already hands its messages to a handler');
  }
}
