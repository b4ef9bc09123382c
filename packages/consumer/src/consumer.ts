import type { OffsetSpec, TopicPartition } from '@tskafka/core';
import {
  checkOffset,
  type Cluster,
  type CommittedOffset,
  fetchCommitted,
  type OffsetToCommit,
  type Place,
  placeOf,
  Position,
  raceWithSignal,
  resolveOffsets,
} from '@tskafka/core/internal';
import { ClosedError, NoBrokersAvailableError, TimeoutError } from '@tskafka/core/protocol';
import { Committer } from './committer.ts';
import { Fetcher } from './fetcher.ts';
import { type Message, messageMaker } from './message.ts';
import type { MessageBatch } from './message-batch.ts';
import { MessageQueue } from './message-queue.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import { partitionName, PartitionQueue } from './partition-queue.ts';
import type { StartOffset } from './start-offsets.ts';
import { type Take, WaitingReaders } from './waiting-readers.ts';

/** Where a consumer stands in one of its partitions. PyKafka: OwnedPartition. */
export interface ConsumerPartition extends TopicPartition {
  /** The offset of the next message. PyKafka's last_offset_consumed is the one before it. */
  readonly position: number;
}

/** A partition of the consumer's only topic by its number, or one of several topics. */
export type PartitionKey = number | TopicPartition;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A partition to read, from where to where. */
export interface ReadRange extends StartOffset {
  /** Reading ends before this offset. */
  readonly until: number;
}

/** What all consumers are: they differ in how they come to their partitions. */
export abstract class Consumer<Value = Buffer | null, Key = Buffer | null> implements AsyncIterable<Message<Value, Key>>, AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #options: ResolvedConsumerOptions<Value, Key>;
  readonly #partitions = new Map<string, PartitionQueue>();
  readonly #readers: WaitingReaders;
  readonly #queue: MessageQueue<Value, Key>;
  readonly #fetcher: Fetcher;
  readonly #committer: Committer | undefined;
  readonly #take: Take<Message<Value, Key>> = () => this.#queue.take();
  /** A loop ends without an error when the consumer does. */
  readonly #endOfLoop = (error: unknown): typeof done => {
    if (this.#state !== 'running' && error instanceof ClosedError) return done;
    throw error;
  };
  #state: 'new' | 'running' | 'stopped' | 'closed' = 'new';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #leaving = new AbortController();
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
            positions: () => this.#positionsToCommit(({ isRead }) => isRead),
          });
  }

  /** What this consumer reads, found when it starts. A partition that it knows already goes on where it is. */
  protected abstract rangesToRead(isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<readonly ReadRange[]>;

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
    const end = this.#endOfLoop;
    return {
      next: () => {
        const message = this.#next(this.#take, true, undefined);
        // What is there already needs no second promise.
        if (!(message instanceof Promise)) return Promise.resolve({ done: false, value: message });
        return message.then(asResult, end);
      },
      return: () => Promise.resolve(done),
    };
  }

  /**
   * Messages as they come, a record batch at a time: the fast way to read, without a promise for each message. It ends and
   * throws as iterating the consumer does, and like there a loop that is left goes on, when there is a new one, at the next message.
   */
  batches(): AsyncIterable<MessageBatch<Value, Key>> {
    return { [Symbol.asyncIterator]: () => this.#batchIterator() };
  }

  /**
   * Stores for the group where this consumer stands, or the offsets given: `[[partition, offset]]`, the next to read, as
   * resetOffsets takes them. After message 4 it is 5. PyKafka: commit_offsets.
   *
   * Rejects with TypeError without a consumerGroup, and with RangeError for a partition that is not this consumer's, an offset below
   * 0 and one beyond the end of the log; nothing is stored then.
   */
  async commitOffsets(offsets?: Iterable<readonly [PartitionKey, number]>, { signal }: CallOptions = {}): Promise<void> {
    if (this.#committer === undefined) throw new TypeError('a consumer without a consumerGroup has nothing to commit for');
    this.#throwIfClosed();
    if (offsets === undefined) return this.#committer.commit(this.#positionsToCommit(), { signal });
    const given = new Map([...offsets].map(([key, offset]) => [this.#partition(key), checkOffset(offset, 'an offset to commit')]));
    const ahead = [...given].filter(([{ position }, offset]) => offset > position.next);
    const places = ahead.map(([{ topic, partition }, offset]) => ({ topic, partition, place: { kind: 'offset', offset } as const }));
    await resolveOffsets(this.#cluster, places, { signal });
    await this.#committer.commit(
      [...given].map(([{ topic, partition }, offset]) => ({ topic, partition, offset })),
      { signal },
    );
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
    const { isolation } = this.#options;
    const wanted =
      places === undefined
        ? [...this.#partitions.values()].map((partition) => [partition, this.#autoOffsetReset()] as const)
        : [...new Map([...places].map(([key, place]) => [this.#partition(key), placeOf(place)]))];
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

  /** The partitions that are read and where each stands. */
  get assignment(): readonly ConsumerPartition[] {
    return [...this.#partitions.values()].map(({ topic, partition, position }) => ({ topic, partition, position: position.next }));
  }

  /** The same by number, for a consumer of one topic; throws TypeError where numbers would not tell topics apart. PyKafka: partitions. */
  get partitions(): ReadonlyMap<number, ConsumerPartition> {
    const assignment = this.assignment;
    const other = assignment.find(({ topic }) => topic !== assignment[0]!.topic);
    if (other !== undefined) throw new TypeError(`'${assignment[0]!.topic}' and '${other.topic}' are read: use assignment`);
    return new Map(assignment.map((entry) => [entry.partition, entry]));
  }

  /** The next offset of each partition, which is what commitOffsets() stores. PyKafka: held_offsets, where each is one less. */
  get heldOffsets(): ReadonlyMap<number, number> {
    return new Map([...this.partitions].map(([id, { position }]) => [id, position]));
  }

  /** The next offset of a partition. Throws RangeError when it is not this consumer's. */
  position(partition: PartitionKey): number {
    return this.#partition(partition).position.next;
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
    const ranges = await this.rangesToRead((partition) => this.#partitions.has(partitionName(partition)), leaving.signal);
    leaving.signal.throwIfAborted();
    for (const range of ranges) {
      const partition = new PartitionQueue(new Position(range, range.offset, range.isGiven), range.until);
      this.#partitions.set(partitionName(range), partition);
      this.#fetcher.add(partition);
    }
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

  async #stop(): Promise<void> {
    this.#fetcher.stop();
    this.#readers.fail(this.#closedError());
    for (const partition of this.#partitions.values()) this.#queue.flush(partition);
    this.#committer?.stop();
    if (this.#options.autoCommitEnable) await this.#lastCommit();
  }

  async #lastCommit(): Promise<void> {
    const { closeTimeoutMs } = this.#options;
    const late = new AbortController();
    const abort = (): void => late.abort(new TimeoutError(`the last commit was not answered within ${closeTimeoutMs} ms`));
    const timer = this.#cluster.options.clock.setTimeout(abort, closeTimeoutMs);
    const logTimeout = (error: unknown): void => this.#cluster.options.logger.error({ error }, 'the consumer ends without its last commit');
    await raceWithSignal(this.#committer!.commitRead(late.signal), late.signal).catch(logTimeout);
    timer.cancel();
  }

  /** What `take` gives, if it is there already, or a promise of it. */
  #next<T>(take: Take<T>, isPatient: boolean, signal: AbortSignal | undefined): T | Promise<T | undefined> {
    try {
      signal?.throwIfAborted();
      this.#throwIfNotRunning();
      return take() ?? this.#wait(take, isPatient, signal);
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

  #batchIterator(): AsyncIterator<MessageBatch<Value, Key>, undefined> {
    let current: MessageBatch<Value, Key> | undefined;
    const take = (): MessageBatch<Value, Key> | undefined => {
      const last = current;
      current = undefined;
      if (last !== undefined) this.#queue.done(last);
      return (current = this.#queue.takeBatch());
    };
    return {
      next: () => {
        const batch = this.#next(take, true, undefined);
        return batch instanceof Promise ? batch.then(asResult, this.#endOfLoop) : Promise.resolve({ done: false, value: batch });
      },
      return: () => {
        if (current !== undefined) this.#queue.giveBack(current);
        current = undefined;
        return Promise.resolve(done);
      },
    };
  }

  #serve(): void {
    if (this.#state !== 'running') return;
    this.#readers.serve();
    if (this.#isAtEnd()) this.#readers.end();
  }

  #isAtEnd(): boolean {
    if (this.#options.until === undefined) return false;
    for (const partition of this.#partitions.values()) if (!partition.isDone) return false;
    return true;
  }

  #positionsToCommit(isIncluded: (position: Position) => boolean = () => true): OffsetToCommit[] {
    return [...this.#partitions.values()]
      .filter(({ position }) => isIncluded(position))
      .map(({ topic, partition, position }) => ({ topic, partition, offset: position.next, leaderEpoch: position.leaderEpoch }));
  }

  #partition(key: PartitionKey): PartitionQueue {
    const name = typeof key === 'number' ? this.partitions.get(key) : key;
    const found = name && this.#partitions.get(partitionName(name));
    if (found !== undefined) return found;
    throw new RangeError(`partition ${typeof key === 'number' ? key : partitionName(key)} is not one that this consumer reads`);
  }

  #autoOffsetReset(): Place {
    const { autoOffsetReset } = this.#options;
    if (autoOffsetReset === 'none') throw new TypeError("resetOffsets needs places, because autoOffsetReset is 'none'");
    return autoOffsetReset;
  }

  #closedError(): ClosedError {
    const states = { new: 'has not been started', running: 'is running', stopped: 'is stopped', closed: 'is closed' };
    return new ClosedError(`the consumer ${states[this.#state]}`);
  }

  #throwIfClosed(): void {
    if (this.#state === 'closed') throw this.#closedError();
  }

  #throwIfNotRunning(): void {
    if (this.#state !== 'running') throw this.#closedError();
  }
}

const done = { done: true, value: undefined } as const;

function asResult<T>(value: T | undefined): IteratorResult<T, undefined> {
  return value === undefined ? done : { done: false, value };
}
