import type { GroupMetadata, OffsetSource, OffsetSpec, OffsetToCommit, TopicPartition } from '@tskafka/core';
import {
  type Cluster,
  type CommitIdentity,
  type CommittedOffset,
  fetchCommitted,
  Position,
  raceWithSignal,
  resolveOffsets,
} from '@tskafka/core/internal';
import { ClosedError, NoBrokersAvailableError } from '@tskafka/core/protocol';
import { Committer } from './committer.ts';
import { type ConsumerPartition, ConsumerPartitions, type PartitionKey } from './consumer-partitions.ts';
import { Fetcher } from './fetcher.ts';
import { endsOf, lagOf, type PartitionLag, type ResolvedOffset } from './lag.ts';
import { batchLoop, messageLoop } from './loops.ts';
import { type Message, messageMaker } from './message.ts';
import type { MessageBatch } from './message-batch.ts';
import { MessageQueue, type ToHandle } from './message-queue.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import { type CommitSpec, offsetsToCommit } from './offsets-to-commit.ts';
import { type ConsumerHealth, explanationOf, healthOf } from './partition-health.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { StartOffset } from './start-offsets.ts';
import { Run } from './run/run.ts';
import { type Handler, resolveRunOptions, type RunOptions } from './run/run-options.ts';
import { unparsableHandler } from './unparsable.ts';
import { type Take, WaitingReaders } from './waiting-readers.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Counters of a consumer. */
export interface ConsumerStats {
  /** Answers of brokers. */
  readonly fetches: number;
  /** Requests that failed as a whole, and were made again. */
  readonly failedFetches: number;
  /** Bytes of record batches, as they came. */
  readonly fetchedBytes: number;
  /** Bytes that wait for the reader, as they came. */
  readonly queuedBytes: number;
}

/** A partition to read, from where to where. */
export interface ReadRange extends StartOffset {
  /** Reading ends before this offset. */
  readonly until: number;
}

/** What all consumers are: they differ in how they come to their partitions. */
export abstract class Consumer<Value = Buffer | null, Key = Buffer | null>
  implements AsyncIterable<Message<Value, Key>>, OffsetSource, AsyncDisposable
{
  readonly #cluster: Cluster;
  readonly #options: ResolvedConsumerOptions<Value, Key>;
  readonly #partitions = new ConsumerPartitions();
  readonly #readers: WaitingReaders;
  readonly #queue: MessageQueue<Value, Key>;
  readonly #fetcher: Fetcher;
  readonly #committer: Committer | undefined;
  readonly #take: Take<Message<Value, Key>> = () => this.#queue.take();
  /** A loop ends without an error when the consumer does. */
  readonly #endOfLoop = (error: unknown): void => {
    if (this.#state === 'running' || !(error instanceof ClosedError)) throw error;
  };
  #state: 'new' | 'running' | 'stopped' | 'closed' = 'new';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #leaving = new AbortController();
  #run: Run<Value, Key> | undefined;
  /** Resolves when the run has ended. */
  #running: Promise<void> | undefined;
  /** What went wrong while nobody waited. */
  #error: Error | undefined;

  constructor(cluster: Cluster, options: ResolvedConsumerOptions<Value, Key>) {
    const { clock } = cluster.options;
    this.#cluster = cluster;
    this.#options = options;
    this.#readers = new WaitingReaders(clock);
    this.#queue = new MessageQueue<Value, Key>({
      ...options,
      clock,
      toMessage: messageMaker(options.deserializer, options.copyValues),
      onUnparsable: unparsableHandler(options.unparsable, { ...options, cluster }),
      onReady: () => this.#serve(),
      onRoom: () => this.#fetcher.wake(),
      onUnreadable: (partition) => this.#fetcher.later(partition),
    });
    this.#fetcher = new Fetcher({
      ...options,
      cluster,
      queue: this.#queue as MessageQueue<unknown, unknown>,
      onUnavailable: (error) => this.#readers.fail(error, { impatientOnly: true }),
      onError: (error) => {
        if (!this.#readers.fail(error)) this.#error = error;
      },
    });
    this.#committer =
      options.consumerGroup === undefined
        ? undefined
        : new Committer({
            cluster,
            group: options.consumerGroup,
            intervalMs: options.autoCommitEnable ? options.autoCommitIntervalMs : undefined,
            identity: () => this.commitIdentity(),
            positions: () => this.#partitions.toCommit({ readOnly: true }),
          });
  }

  /** What this consumer reads, found when it starts. A partition that it knows already goes on where it is. */
  protected abstract rangesToRead(isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<readonly ReadRange[]>;

  /** As whom it commits. A consumer that shares its partitions is a member of its group. */
  protected commitIdentity(): CommitIdentity | undefined {
    return undefined;
  }

  /** Whether messages may be handed out now. Throws where that will never be again. */
  protected mayRead(): boolean {
    return true;
  }

  /** The end of reading, when nothing is handed out any more. */
  protected finish(lastCommit: () => Promise<void>): Promise<void> {
    return lastCommit();
  }

  /** Partitions that are this consumer's from now on; read() begins with them. */
  protected take(ranges: readonly ReadRange[]): void {
    for (const range of ranges) {
      this.#partitions.add(new PartitionQueue(new Position(range, range.offset, range.isGiven, range.leaderEpoch), range.until));
    }
  }

  protected read(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#fetcher.add(this.#partitions.get(partition));
  }

  /** Hands out no more of these partitions, and waits for handlers that have begun. They stay this consumer's, for a last commit. */
  protected async halt(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const halted = partitions.map((partition) => this.#partitions.get(partition));
    for (const partition of halted) {
      partition.isLeaving = true;
      this.#fetcher.delete(partition);
      this.#queue.rest(partition);
    }
    this.#fetcher.moved(halted);
    if (this.#run !== undefined) await raceWithSignal(this.#run.whenHandled(halted), signal);
  }

  /** They are this consumer's no longer: handlers are told, and what was fetched is thrown away. */
  protected drop(partitions: readonly TopicPartition[], reason: Error): void {
    const dropped = partitions.map((partition) => this.#partitions.get(partition));
    for (const partition of dropped) {
      partition.leave(reason);
      this.#fetcher.delete(partition);
      this.#queue.flush(partition);
      this.#partitions.delete(partition);
    }
    this.#fetcher.moved(dropped);
  }

  /** Commits what was read, where this consumer commits by itself. It never rejects. */
  protected async commitRead(signal: AbortSignal): Promise<void> {
    if (this.#options.autoCommitEnable || this.#run !== undefined) await this.#committer?.commitRead(signal);
  }

  /** There may be something to hand out. */
  protected serve(): void {
    this.#serve();
  }

  /** Tells whoever waits, or else who comes next; with `isPassing` only those who do not wait through it. */
  protected tell(error: Error, { isPassing = false }: { readonly isPassing?: boolean } = {}): void {
    if (!this.#readers.fail(error, { impatientOnly: isPassing }) && !isPassing) this.#error = error;
  }

  /**
   * Begins, or goes on after stop() behind the last message that was handed out. Nothing is committed by it.
   *
   * Rejects with BrokerError when a topic does not exist, RangeError when a partition or an offset does not, KafkaError when
   * there is nothing to start from and autoOffsetReset is 'none', NoBrokersAvailableError when no broker can be reached,
   * and ClosedError after close().
   */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /**
   * The next message; undefined after consumerTimeoutMs without one, and behind `until`. PyKafka: consume.
   *
   * Rejects with NoBrokersAvailableError when no broker could be reached for the client's unavailableTimeoutMs, CorruptRecordError
   * when the next batch cannot be read (its `at` says where), BrokerError when the broker refuses a partition, ClosedError when the
   * consumer does not run, with what the deserializer throws, and with the signal's reason. After each but ClosedError it may
   * be called again: the consumer goes on trying, and no message is skipped.
   */
  consume({ signal }: CallOptions = {}): Promise<Message<Value, Key> | undefined> {
    return Promise.resolve(this.#next(this.#take, false, signal));
  }

  /**
   * Messages as they come. It ends after consumerTimeoutMs without one, behind `until`, and by stop() and close(). It waits
   * while no broker can be reached, and throws what else consume() rejects with; a new loop then goes on at the same place.
   */
  [Symbol.asyncIterator](): AsyncIterator<Message<Value, Key>, undefined> {
    return messageLoop((take) => this.#next(take, true, undefined), this.#take, this.#endOfLoop);
  }

  /**
   * Messages as they come, a record batch at a time: the fast way to read, without a promise for each message. It ends and
   * throws as iterating the consumer does, and like there a loop that is left goes on, when there is a new one, at the next message.
   */
  batches(): AsyncIterable<MessageBatch<Value, Key>> {
    return { [Symbol.asyncIterator]: () => batchLoop((take) => this.#next(take, true, undefined), this.#queue, this.#endOfLoop) };
  }

  /**
   * Hands every message to `handler`, in the order that `ordered` asks for, and waits for what it returns. With a consumerGroup it
   * commits what is done, without gaps, every commitIntervalMs and at the end. A handler that never ends holds up its partition only.
   *
   * Resolves behind `until`, after consumerTimeoutMs without a message, and after stop() or close(), which wait for handlers up to
   * closeTimeoutMs; what is not done then is read again by the next reader, as are the messages behind it. Rejects with what the
   * handler threw in the last attempt where there is no deadLetter, with what the sink of dead letters rejected with, with what
   * iterating throws, and with TypeError for a bad option or while another run() goes on. Waits while no broker can be reached.
   */
  async run(handler: Handler<Value, Key>, options: RunOptions = {}): Promise<void> {
    const resolved = resolveRunOptions(options);
    if (typeof handler !== 'function') throw new TypeError(`run needs a function to handle messages, not ${typeof handler}`);
    this.#throwIfNotRunning();
    if (this.#run !== undefined) throw new TypeError('the consumer hands its messages to a handler already');
    const take = (): ToHandle<Value, Key> | undefined => this.#queue.takeToHandle();
    this.#run = new Run(handler, resolved, {
      cluster: this.#cluster,
      consumerGroup: this.#options.consumerGroup,
      next: (signal) => this.#next(take, true, signal),
      setFull: (partition, isFull) => {
        partition.isFull = isFull;
        if (isFull) this.#queue.rest(partition);
        else this.#queue.goOn(partition);
      },
    });
    this.#committer?.start(resolved.commitIntervalMs);
    const running = this.#run.start().finally(() => this.#endRun());
    this.#running = running.catch(() => {});
    await running.catch(this.#endOfLoop);
  }

  /**
   * Stores for the group where this consumer stands, or the offsets given: `[[partition, offset]]`, the next to read, as
   * resetOffsets takes them, or `{ offset, metadata }` in place of the offset. After message 4 it is 5. PyKafka: commit_offsets.
   *
   * Commits are stored in the order of the calls. With `background` it resolves without waiting for the broker: only the newest of
   * those that wait is sent then, and a failure is logged and published on `tskafka:consumer:error`.
   *
   * Rejects with TypeError without a consumerGroup, and with RangeError for a partition that is not this consumer's, an offset below
   * 0 and one beyond the end of the log; nothing is stored then.
   */
  async commitOffsets(
    offsets?: Iterable<readonly [PartitionKey, CommitSpec]>,
    { background = false, signal }: CallOptions & { readonly background?: boolean } = {},
  ): Promise<void> {
    const committer = this.#committer;
    if (committer === undefined) throw new TypeError('a consumer without a consumerGroup has nothing to commit for');
    this.#throwIfClosed();
    if (offsets === undefined && background) return committer.commitLater(this.#partitions.toCommit());
    const wanted = offsets === undefined ? this.#partitions.toCommit() : offsetsToCommit(this.#cluster, this.#partitions, offsets, signal);
    const commit = committer.commit(wanted, { signal });
    if (!background) return commit;
    commit.catch(() => {});
    await wanted;
    commit.catch((error: unknown) => committer.report(error, 'a commit in the background failed'));
  }

  /**
   * Jumps: the next message of each partition is the one at the place given, `[[partition, place]]`, or at autoOffsetReset for
   * all. What was fetched ahead is thrown away. An offset below the log's start means the start. PyKafka: reset_offsets.
   *
   * Rejects with RangeError for a partition that is not this consumer's, an offset below 0 that is neither OffsetType.EARLIEST nor
   * OffsetType.LATEST, and one beyond the end of the log; nothing moves then. Nothing is ever committed by it.
   */
  async resetOffsets(places?: Iterable<readonly [PartitionKey, OffsetSpec]>, { signal }: CallOptions = {}): Promise<void> {
    this.#throwIfClosed();
    const { isolation, autoOffsetReset } = this.#options;
    const wanted = this.#partitions.places(places, autoOffsetReset);
    const asked = wanted.map(([{ topic, partition }, place]) => ({ topic, partition, place }));
    const resolved = await resolveOffsets(this.#cluster, asked, { isolation, signal });
    this.#throwIfClosed();
    wanted.forEach(([partition], i) => {
      this.#queue.flush(partition);
      partition.position.moveTo(resolved[i]!.offset);
      partition.failures = 0;
      partition.retryAt = -Infinity;
    });
    this.#fetcher.moved(wanted.map(([partition]) => partition));
  }

  /** Jumps in all partitions to one place, such as `{ timestamp }`; rejects as resetOffsets, which takes a place for each. */
  seek(place: OffsetSpec, options: CallOptions = {}): Promise<void> {
    return this.resetOffsets(
      this.assignment.map((partition) => [partition, place] as const),
      options,
    );
  }

  /**
   * Hands out nothing of these partitions, or of any, until resume(). What was fetched of them is kept, and a batch that is being
   * iterated ends early; other partitions flow. Throws RangeError for a partition that is not this consumer's.
   */
  pause(partitions?: Iterable<PartitionKey>): void {
    for (const partition of this.#partitions.chosen(partitions)) {
      partition.isPaused = true;
      this.#queue.rest(partition);
    }
  }

  /** Goes on with these partitions, or with all, at the next message. Throws as pause(). */
  resume(partitions?: Iterable<PartitionKey>): void {
    for (const partition of this.#partitions.chosen(partitions)) {
      partition.isPaused = false;
      this.#queue.goOn(partition);
    }
    this.#fetcher.wake();
  }

  /** The partitions that are paused. */
  get paused(): readonly TopicPartition[] {
    return [...this.#partitions].filter(({ isPaused }) => isPaused).map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Where each partition ends now: behind the last record that `isolation` lets this consumer read. Rejects as start(). */
  endOffsets({ signal }: CallOptions = {}): Promise<ResolvedOffset[]> {
    return endsOf(this.#cluster, this.assignment, { isolation: this.#options.isolation, signal });
  }

  /** How many offsets each partition has between where this consumer stands and its end. Rejects as start(). */
  lag({ signal }: CallOptions = {}): Promise<PartitionLag[]> {
    return lagOf(this.#cluster, this.assignment, { isolation: this.#options.isolation, signal });
  }

  /** What each partition does or waits for, without asking a broker. */
  health(): ConsumerHealth {
    return healthOf(this.#partitions, this.#cluster.options.clock.now());
  }

  /** The same for people to read: a line for each partition, which says why it does not go on if it does not. */
  explain(): string {
    return `the consumer ${states[this.#state]}\n${explanationOf(this.health())}`;
  }

  /** What this consumer has fetched since it was made, and what waits in its queue. */
  stats(): ConsumerStats {
    return { ...this.#fetcher.counts, queuedBytes: this.#queue.bytes };
  }

  /** The partitions that are read and where each stands. */
  get assignment(): readonly ConsumerPartition[] {
    return this.#partitions.list();
  }

  /** The same by number, for a consumer of one topic; throws TypeError where numbers would not tell topics apart. PyKafka: partitions. */
  get partitions(): ReadonlyMap<number, ConsumerPartition> {
    return this.#partitions.byNumber();
  }

  /** The next offset of each partition, which is what commitOffsets() stores. PyKafka: held_offsets, where each is one less. */
  get heldOffsets(): ReadonlyMap<number, number> {
    return new Map([...this.partitions].map(([id, { position }]) => [id, position]));
  }

  /** The next offset of a partition. Throws RangeError when it is not this consumer's. */
  position(partition: PartitionKey): number {
    return this.#partitions.get(partition).position.next;
  }

  /** For a producer's transaction, `transaction.sendOffsets(consumer)`: where this consumer stands in what it has read, as commitOffsets() would store it. */
  positions(): OffsetToCommit[] {
    return this.#partitions.toCommit({ readOnly: true });
  }

  /** For a producer's transaction: as which member of its group this consumer reads. Throws TypeError without a consumerGroup, and KafkaError while it is no member. */
  groupMetadata(): GroupMetadata {
    const groupId = this.#options.consumerGroup;
    if (groupId === undefined) throw new TypeError('a consumer without a consumerGroup has no group to commit for');
    const { generationId = -1, memberId = '', groupInstanceId = null } = this.commitIdentity() ?? {};
    return { groupId, generationId, memberId, groupInstanceId };
  }

  /** What the group has committed for the partitions that are read; a partition without a commit is left out. PyKafka: fetch_offsets. */
  async committed({ signal }: CallOptions = {}): Promise<CommittedOffset[]> {
    const { consumerGroup } = this.#options;
    if (consumerGroup === undefined) throw new TypeError('a consumer without a consumerGroup has committed nothing');
    return fetchCommitted(this.#cluster, consumerGroup, this.assignment, { signal });
  }

  /** Ends reading; start() goes on behind the last message. With autoCommitEnable it commits first. Idempotent. PyKafka: stop. */
  stop(): Promise<void> {
    return this.#end(this.#state === 'closed' ? 'closed' : 'stopped');
  }

  /** Ends for good, at once also during a long poll; with autoCommitEnable after a last commit, or closeTimeoutMs. Idempotent. */
  close(): Promise<void> {
    return this.#end('closed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    if (this.#state === 'running') return;
    this.#throwIfClosed();
    const leaving = new AbortController();
    this.#leaving = leaving;
    await this.#stopping;
    leaving.signal.throwIfAborted();
    const ranges = await this.rangesToRead((partition) => this.#partitions.has(partition), leaving.signal);
    leaving.signal.throwIfAborted();
    this.take(ranges);
    this.read(ranges);
    this.#error = undefined;
    this.#state = 'running';
    this.#committer?.start();
  }

  #end(state: 'stopped' | 'closed'): Promise<void> {
    const wasRunning = this.#state === 'running';
    this.#state = state;
    this.#leaving.abort(this.#closedError());
    if (wasRunning) this.#stopping = this.#stop().finally(() => (this.#stopping = undefined));
    return this.#stopping ?? Promise.resolve();
  }

  /** What was handed to handlers and is not done is handed out again, and what is done is committed. */
  async #endRun(): Promise<void> {
    this.#run = undefined;
    for (const partition of this.#partitions) {
      partition.isFull = false;
      this.#queue.goOn(partition);
      if (partition.handling.size === 0) continue;
      const { offset, leaderEpoch } = partition.done;
      this.#queue.flush(partition);
      partition.position.returnTo(offset, leaderEpoch);
      this.#fetcher.moved([partition]);
    }
    this.#committer?.stop();
    if (this.#state === 'running' && this.#options.autoCommitEnable) this.#committer?.start();
    await this.#committer?.commitLast(this.#options.closeTimeoutMs);
  }

  /** Handlers that have begun may end, within closeTimeoutMs; then they are told, and nobody waits for them. */
  async #waitForHandlers(run: Run<Value, Key>): Promise<void> {
    const { closeTimeoutMs } = this.#options;
    run.end();
    const abandon = (): void => {
      for (const partition of this.#partitions) partition.leave(this.#closedError());
      run.abandon();
    };
    const timer = this.#cluster.options.clock.setTimeout(abandon, closeTimeoutMs);
    await this.#running;
    timer.cancel();
  }

  async #stop(): Promise<void> {
    this.#fetcher.stop();
    this.#readers.fail(this.#closedError());
    if (this.#run !== undefined) await this.#waitForHandlers(this.#run);
    for (const partition of this.#partitions) this.#queue.flush(partition);
    this.#committer?.stop();
    await this.finish(async () => {
      if (this.#options.autoCommitEnable) await this.#committer?.commitLast(this.#options.closeTimeoutMs);
    });
  }

  /** What `take` gives, if it is there already, or a promise of it. */
  #next<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): T | Promise<T | undefined> {
    try {
      signal?.throwIfAborted();
      this.#throwIfNotRunning();
      return (this.mayRead() ? take() : undefined) ?? this.#wait(take, isPatient, signal);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async #wait<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): Promise<T | undefined> {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined && !(isPatient && error instanceof NoBrokersAvailableError)) throw error;
    if (this.#isAtEnd()) return undefined;
    // Fetching begins with reading: whoever starts a consumer and jumps does not wait for the long poll of the first place.
    this.#fetcher.start();
    const { consumerTimeoutMs } = this.#options;
    if (consumerTimeoutMs === 0) return undefined;
    return this.#readers.wait(take, { timeoutMs: consumerTimeoutMs, signal, isPatient });
  }

  #serve(): void {
    if (this.#state !== 'running' || !this.mayRead()) return;
    this.#readers.serve();
    if (this.#isAtEnd()) this.#readers.end();
  }

  #isAtEnd(): boolean {
    return this.#options.until !== undefined && this.#partitions.areDone;
  }

  #closedError(): ClosedError {
    return new ClosedError(`the consumer ${states[this.#state]}`);
  }

  #throwIfClosed(): void {
    if (this.#state === 'closed') throw this.#closedError();
  }

  #throwIfNotRunning(): void {
    if (this.#state !== 'running') throw this.#closedError();
  }
}

const states = { new: 'has not been started', running: 'is running', stopped: 'is stopped', closed: 'is closed' };
