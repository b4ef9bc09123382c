import type { GroupMetadata, TopicPartition } from '@tskafka/core';
import { type Cluster, partitionName, type Place, Position, raceWithSignal, resolveOffsets } from '@tskafka/core/internal';
import { ClosedError, NoBrokersAvailableError } from '@tskafka/core/protocol';
import { CloseDeadline } from './close-deadline.ts';
import { Committer } from './committer.ts';
import { ConsumerPartitions } from './consumer-partitions.ts';
import { Fetcher } from './fetcher.ts';
import type { LoopSource } from './loops.ts';
import { messageMaker } from './message.ts';
import { MessageQueue, type ToHandle } from './message-queue.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { PartitionSource, ReadRange } from './partition-source.ts';
import type { ProcessHandler, ResolvedProcessOptions } from './processor/process-options.ts';
import { Processor } from './processor/processor.ts';
import { Run } from './run/run.ts';
import type { Handler, ResolvedRunOptions } from './run/run-options.ts';
import { unparsableHandler } from './unparsable.ts';
import { type Take, WaitingReaders } from './waiting-readers.ts';
import type { Work } from './work.ts';
import { Working } from './working.ts';

/** What moves behind a consumer: fetching ahead, handing out, committing, from start to stop. Its source says which partitions. */
export class Engine<Value, Key> {
  readonly cluster: Cluster;
  readonly options: ResolvedConsumerOptions<Value, Key>;
  readonly partitions = new ConsumerPartitions();
  readonly queue: MessageQueue<Value, Key>;
  readonly fetcher: Fetcher;
  readonly committer: Committer | undefined;
  readonly #source: PartitionSource;
  readonly #readers: WaitingReaders;
  #state: 'new' | 'running' | 'stopped' | 'closed' = 'new';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #leaving = new AbortController();
  /** Closed, and done with it: until then hooks may commit. */
  #isOver = false;
  readonly #working: Working;
  /** What went wrong while nobody waited. */
  #error: Error | undefined;

  constructor(cluster: Cluster, options: ResolvedConsumerOptions<Value, Key>, source: PartitionSource) {
    const { clock } = cluster.options;
    this.cluster = cluster;
    this.options = options;
    this.#source = source;
    this.#readers = new WaitingReaders(clock);
    this.queue = new MessageQueue<Value, Key>({
      ...options,
      clock,
      toMessage: messageMaker(options.deserializer, options.copyValues),
      onUnparsable: unparsableHandler(options.unparsable, { ...options, cluster }),
      onReady: () => this.serve(),
      onAnswerRead: (answer) => this.fetcher.answerRead(answer),
      onRoom: () => this.fetcher.moreRoom(),
      onUnreadable: (partition) => this.fetcher.later(partition),
    });
    this.fetcher = new Fetcher({
      ...options,
      cluster,
      queue: this.queue as MessageQueue<unknown, unknown>,
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
        for (const partition of this.partitions) partition.leave(this.#closedError());
      },
    });
  }

  get state(): 'new' | 'running' | 'stopped' | 'closed' {
    return this.#state;
  }

  /** Whether somebody waits for messages, or has them handed to a handler. */
  get isReadFrom(): boolean {
    return this.#working.isUnderWay || !this.#readers.isEmpty;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Ends reading, for now or for good. */
  end(state: 'stopped' | 'closed'): Promise<void> {
    const wasRunning = this.#state === 'running';
    this.#state = this.#state === 'closed' ? 'closed' : state;
    this.#leaving.abort(this.#closedError());
    if (wasRunning) this.#stopping = this.#stop().finally(() => (this.#stopping = undefined));
    const ended = this.#stopping ?? this.#starting?.catch(() => {}) ?? Promise.resolve();
    return ended.finally(() => (this.#isOver ||= this.#state === 'closed'));
  }

  /** What `take` gives, if it is there already, or a promise of it. */
  next<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): T | Promise<T | undefined> {
    try {
      signal?.throwIfAborted();
      this.#throwIfNotRunning();
      return (this.#source.mayRead() ? take() : undefined) ?? this.#wait(take, isPatient, signal);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** For loops, which wait while no broker can be reached, and end without an error when the consumer does. */
  readonly loop: LoopSource = {
    next: (take) => this.next(take, true, undefined),
    leave: (take) => this.#readers.leave(take),
    end: (error) => {
      if (this.#state === 'running' || !(error instanceof ClosedError)) throw error;
    },
  };

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
      rewind: (partition, to) => this.#rewind(partition, to),
      forget: (partitions) => this.drop(partitions, new ClosedError('nobody knows how far the partition has been handled')),
    });
    return this.#until(processor, { commits: false });
  }

  /** Jumps to these places; what was fetched ahead is thrown away. Nothing moves where one of them does not exist. */
  async jump(wanted: readonly (readonly [PartitionQueue, Place])[], signal: AbortSignal | undefined): Promise<void> {
    const { isolation } = this.options;
    const asked = wanted.map(([{ topic, partition }, place]) => ({ topic, partition, place }));
    const resolved = await resolveOffsets(this.cluster, asked, { isolation, signal });
    this.throwIfClosed();
    const gone = wanted.find(([partition]) => !this.partitions.holds(partition));
    if (gone !== undefined) throw new RangeError(`${partitionName(gone[0])} was taken from this consumer before it could jump there`);
    wanted.forEach(([partition], i) => {
      this.queue.disown(partition);
      partition.position.moveTo(resolved[i]!.offset);
      partition.failures = 0;
      partition.retryAt = -Infinity;
    });
    this.fetcher.moved(wanted.map(([partition]) => partition));
  }

  /** Partitions that are this consumer's from now on; read() begins with them. */
  take(ranges: readonly ReadRange[]): void {
    for (const range of ranges) {
      this.partitions.add(new PartitionQueue(new Position(range, range.offset, range.isGiven, range.leaderEpoch), range.until));
    }
  }

  read(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.fetcher.add(this.partitions.get(partition));
  }

  /** Hands out no more of these partitions, and waits for handlers that have begun. They stay this consumer's, for a last commit. */
  async halt(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const halted = this.#those(partitions);
    for (const partition of halted) {
      partition.isLeaving = true;
      this.fetcher.delete(partition);
      this.queue.rest(partition);
    }
    this.fetcher.moved(halted);
    await raceWithSignal(this.#working.whenHandled(halted), signal);
  }

  /** They are this consumer's no longer: handlers are told, and what was fetched is thrown away. */
  drop(partitions: readonly TopicPartition[], reason: Error): void {
    const dropped = this.#those(partitions);
    for (const partition of dropped) {
      partition.leave(reason);
      this.fetcher.delete(partition);
      this.queue.disown(partition);
      this.partitions.delete(partition);
    }
    this.committer?.forget(dropped);
    this.fetcher.moved(dropped);
  }

  /** Commits what was read, where this consumer commits by itself. It never rejects. */
  async commitRead(signal: AbortSignal): Promise<void> {
    if (this.options.autoCommitEnable || this.#working.commits) await this.committer?.commitRead(signal);
  }

  /** Tells whoever waits, or else who comes next; with `isPassing` only those who do not wait through it. */
  tell(error: Error, { isPassing = false }: { readonly isPassing?: boolean } = {}): void {
    if (!this.#readers.fail(error, { impatientOnly: isPassing }) && !isPassing) this.#error = error;
  }

  /** There may be something to hand out. */
  serve(): void {
    if (this.#state !== 'running' || !this.#source.mayRead()) return;
    this.#readers.serve();
    if (this.#isAtEnd()) this.#readers.end();
  }

  throwIfClosed(): void {
    if (this.#isOver) throw this.#closedError();
  }

  async #start(): Promise<void> {
    if (this.#state === 'running') return;
    if (this.#state === 'closed') throw this.#closedError();
    const leaving = new AbortController();
    this.#leaving = leaving;
    await this.#stopping;
    leaving.signal.throwIfAborted();
    const ranges = await this.#source.rangesToRead((partition) => this.partitions.has(partition), leaving.signal);
    leaving.signal.throwIfAborted();
    this.take(ranges);
    this.read(ranges);
    this.#error = undefined;
    this.#state = 'running';
    this.committer?.start();
  }

  /** What work needs to hand messages out. */
  get #handing() {
    const take = (): ToHandle<Value, Key> | undefined => this.queue.takeToHandle();
    return {
      cluster: this.cluster,
      next: (signal: AbortSignal) => this.next(take, true, signal),
      setFull: (partition: PartitionQueue, isFull: boolean): void => {
        partition.isFull = isFull;
        if (isFull) this.queue.rest(partition);
        else this.queue.goOn(partition);
      },
    };
  }

  async #until(work: Work, commits: { readonly commits: boolean }): Promise<void> {
    try {
      await this.#working.begin(work, commits);
    } catch (error) {
      this.loop.end(error);
    } finally {
      // Whoever ends the program behind this has left the group.
      await this.#stopping;
    }
  }

  /** What was handed to handlers and is not done is handed out again. */
  #giveBack(): void {
    for (const partition of this.partitions) {
      if (partition.handling.size > 0) this.#rewind(partition, partition.done);
      else if (partition.isFull) {
        partition.isFull = false;
        this.queue.goOn(partition);
      }
    }
  }

  async #commitWork(timeoutMs: number): Promise<void> {
    this.committer?.stop();
    if (this.#state === 'running' && this.options.autoCommitEnable) this.committer?.start();
    await this.committer?.commitLast(timeoutMs);
  }

  /** Hands out again what was handed out from this place on. */
  #rewind(partition: PartitionQueue, { offset, leaderEpoch }: { readonly offset: number; readonly leaderEpoch: number }): void {
    this.queue.disown(partition);
    partition.position.returnTo(offset, leaderEpoch);
    partition.isFull = false;
    this.queue.goOn(partition);
    this.fetcher.moved([partition]);
  }

  async #stop(): Promise<void> {
    this.fetcher.stop();
    this.#readers.fail(this.#closedError());
    const deadline = new CloseDeadline(this.cluster.options.clock, this.options.closeTimeoutMs);
    await this.#working.stop(deadline);
    for (const partition of this.partitions) this.queue.disown(partition);
    this.committer?.stop();
    await this.#source.finish(deadline, async () => {
      if (this.options.autoCommitEnable) await this.committer?.commitLast(deadline.commitMs);
    });
  }

  async #wait<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): Promise<T | undefined> {
    this.#source.wanted();
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined && !(isPatient && error instanceof NoBrokersAvailableError)) throw error;
    if (this.#isAtEnd()) return undefined;
    // Fetching begins with reading: whoever starts a consumer and jumps does not wait for the long poll of the first place.
    this.fetcher.start();
    const { consumerTimeoutMs } = this.options;
    if (consumerTimeoutMs === 0) return undefined;
    return this.#readers.wait(take, { timeoutMs: consumerTimeoutMs, signal, isPatient });
  }

  #isAtEnd(): boolean {
    return this.options.until !== undefined && this.partitions.areDone;
  }

  #closedError(): ClosedError {
    return new ClosedError(`the consumer ${states[this.#state]}`);
  }

  /** Those of these partitions that are this consumer's. */
  #those(partitions: readonly TopicPartition[]): PartitionQueue[] {
    return partitions.filter((partition) => this.partitions.has(partition)).map((partition) => this.partitions.get(partition));
  }

  #throwIfNotIdle(): void {
    this.#throwIfNotRunning();
    if (this.#working.isUnderWay) throw new TypeError('the consumer hands its messages to a handler already');
  }

  #throwIfNotRunning(): void {
    if (this.#state !== 'running') throw this.#closedError();
  }
}

/** How a consumer stands, for people to read. */
export const states = { new: 'has not been started', running: 'is running', stopped: 'is stopped', closed: 'is closed' };
