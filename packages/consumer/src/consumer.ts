import type { GroupMetadata, OffsetSource, OffsetSpec, OffsetToCommit, TopicPartition } from '@tskafka/core';
import { type CommittedOffset, fetchCommitted } from '@tskafka/core/internal';
import { type CallOptions, checkCall } from './call-options.ts';
import type { ConsumerPartition, PartitionKey } from './consumer-partitions.ts';
import type { Engine } from './engine.ts';
import { endsOf, lagOf, type PartitionLag, type ResolvedOffset } from './lag.ts';
import { states } from './life-cycle.ts';
import { batchLoop, messageLoop } from './loops.ts';
import type { Message } from './message.ts';
import type { MessageBatch } from './message-batch.ts';
import { type CommitSpec, offsetsToCommit } from './offsets-to-commit.ts';
import { type ConsumerHealth, explanationOf, healthOf } from './partition-health.ts';
import type { PartitionSource } from './partition-source.ts';
import { type ProcessHandler, type ProcessOptions, resolveProcessOptions } from './processor/process-options.ts';
import { type Handler, resolveRunOptions, type RunOptions } from './run/run-options.ts';
import type { Take } from './waiting-readers.ts';

/** Counters of a consumer. */
export interface ConsumerStats {
  /** Answers of brokers. */
  readonly fetches: number;
  /** Requests that failed as a whole, and were made again. */
  readonly failedFetches: number;
  /** Bytes of record batches, as they came. */
  readonly fetchedBytes: number;
  /** Bytes that wait for the reader: as they came, or as what they became where they are decompressed. */
  readonly queuedBytes: number;
}

/** What all consumers are: they differ in how they come to their partitions. */
export abstract class Consumer<Value = Buffer | null, Key = Buffer | null>
  implements AsyncIterable<Message<Value, Key>>, OffsetSource, AsyncDisposable
{
  readonly #engine: Engine<Value, Key>;
  readonly #source: PartitionSource;
  readonly #take: Take<Message<Value, Key>>;

  protected constructor(engine: Engine<Value, Key>, source: PartitionSource) {
    this.#engine = engine;
    this.#source = source;
    this.#take = () => engine.reading.queue.take();
  }

  /**
   * Starts reading, or continues after stop() with the message after the last one handed out. It commits nothing.
   *
   * Rejects with BrokerError if a topic does not exist, with RangeError if a partition or an offset does not, with KafkaError if there is no
   * offset to start from and autoOffsetReset is 'none', with NoBrokersAvailableError if no broker can be reached, with TimeoutError if brokers
   * do not answer within the client's apiTimeoutMs, and with ClosedError after close() or if the consumer ends meanwhile. Except after
   * close(), it may be called again.
   */
  start(): Promise<void> {
    return this.#engine.life.start();
  }

  /**
   * Returns the next message; undefined after consumerTimeoutMs without one, and once `until` is reached. PyKafka: consume.
   *
   * Rejects with NoBrokersAvailableError if no broker was reachable for the client's unavailableTimeoutMs, with CorruptRecordError if the next
   * batch cannot be read (its `at` says where), with BrokerError if a broker refuses a partition, with ClosedError if the consumer is not
   * running, with the deserializer's error, and with the signal's reason. With autoOffsetReset 'none' it also rejects with KafkaError if the
   * offset is out of range, and with LogTruncationError if the log lost records that were read. Except after ClosedError, it may be called
   * again: the consumer keeps trying, and skips no message.
   */
  consume(options?: CallOptions): Promise<Message<Value, Key> | undefined> {
    if (options !== undefined) return this.#consumeUnder(options);
    return Promise.resolve(this.#engine.next(this.#take, false, undefined));
  }

  /**
   * Yields messages as they arrive. It ends after consumerTimeoutMs without one, at `until`, and by stop() and close(). It waits while no
   * broker can be reached, and throws the other errors of consume(), and ClosedError before start(). A new loop then continues at the same
   * position.
   */
  [Symbol.asyncIterator](): AsyncIterator<Message<Value, Key>, undefined> {
    return messageLoop(this.#engine.loop, () => this.#engine.reading.queue.take());
  }

  /**
   * Yields record batches as they arrive: the fast way to read, without a promise for each message. It ends and throws like iterating the
   * consumer, and a new loop continues after the last message of the old one.
   *
   * Several loops at once share the partitions: while a loop has a batch, other readers get nothing of its partition, until the loop asks for
   * the next batch or ends, by break, or by return() of its iterator.
   */
  batches(): AsyncIterable<MessageBatch<Value, Key>> {
    return { [Symbol.asyncIterator]: () => batchLoop(this.#engine.loop, this.#engine.reading.queue) };
  }

  /**
   * Hands every message to `handler`, in the order that `ordered` sets, and awaits its result. With a consumerGroup it commits what is done,
   * without gaps, every commitIntervalMs and at the end. A handler that never ends blocks only its own partition.
   *
   * Resolves at `until`, after consumerTimeoutMs without a message, and with stop() or close(), which wait for handlers up to closeTimeoutMs.
   * Messages that are not done by then, and those after them, are read again by the next reader. Rejects with the error of the handler's last
   * attempt if there is no deadLetter, with the error of the dead-letter sink, with the errors of iterating, with ClosedError if the consumer is
   * not running, and with TypeError for a bad option or during another run() or process(). Waits while no broker can be reached.
   */
  async run(handler: Handler<Value, Key>, options: RunOptions = {}): Promise<void> {
    const resolved = resolveRunOptions(options);
    if (typeof handler !== 'function') throw new TypeError(`run needs a function to handle messages, not ${typeof handler}`);
    await this.#engine.run(handler, resolved);
  }

  /**
   * Reads, transforms and produces exactly once: hands every message to `handler` with a transaction to send in. What the handler sends,
   * and the fact that the message was read, take effect together for anyone who reads with `isolation: 'read_committed'`, through
   * rebalances, crashes and failing brokers.
   *
   * A transaction holds up to maxMessages. It is committed commitIntervalMs after its first message, and before its partitions move to
   * another member. A failure aborts it, and its messages are handled again, for as long as it takes: a handler may run several times for a
   * message, but takes effect once. A handler must be done within the producer's transactionTimeoutMs.
   *
   * Resolves at `until`, after consumerTimeoutMs without a message, and after stop() or close(), which commit the open transaction, or
   * abort it after closeTimeoutMs. Rejects with the error of the handler's last attempt if there is no deadLetter, with the errors of
   * iterating, with ProducerFencedError if another producer uses the transactionalId and `producer` is not a function, and with BrokerError
   * if the cluster refuses transactions or the group. Rejects with TypeError for a bad option, without a consumerGroup, with
   * autoCommitEnable or 'read_uncommitted', and during another process() or run(). KIP-98, KIP-447.
   */
  async process(handler: ProcessHandler<Value, Key>, options: ProcessOptions): Promise<void> {
    const resolved = resolveProcessOptions(options);
    if (typeof handler !== 'function') throw new TypeError(`process needs a function to handle messages, not ${typeof handler}`);
    const { consumerGroup, isolation, autoCommitEnable } = this.#engine.options;
    if (consumerGroup === undefined) throw new TypeError('process needs a consumer with a consumerGroup, to know what was handled');
    if (autoCommitEnable) throw new TypeError('process commits in its transactions: leave autoCommitEnable out');
    if (isolation !== 'read_committed') throw new TypeError("process needs a consumer with isolation 'read_committed'");
    await this.#engine.process(handler, resolved, { consumerGroup, groupMetadata: () => this.groupMetadata() });
  }

  /**
   * Commits the positions of this consumer for its group, or the given offsets: `[[partition, offset]]`, the next to read, or `{ offset,
   * metadata }` instead of the offset. After the message at offset 4, it is 5. PyKafka: commit_offsets.
   *
   * Commits are stored in the order of the calls. With `background` it resolves without waiting for the broker: of waiting commits, only
   * the newest is sent, and a failure is logged and published on `tskafka:consumer:error`.
   *
   * Stores nothing and rejects with TypeError without a consumerGroup, with RangeError for a partition that this consumer does not read, an
   * offset below 0 or one beyond the end of the log, with KafkaError while the consumer is not a member of its group, and with ClosedError
   * before start() and after close(). Also rejects with BrokerError, NoBrokersAvailableError, or TimeoutError after the client's
   * apiTimeoutMs, when it may have been stored.
   */
  async commitOffsets(
    offsets?: Iterable<readonly [PartitionKey, CommitSpec]>,
    options: CallOptions & { readonly background?: boolean } = {},
  ): Promise<void> {
    const { background = false, signal } = checkCall('commitOffsets', options, ['background']);
    const committer = this.#engine.committer;
    if (committer === undefined) throw new TypeError('a consumer without a consumerGroup has nothing to commit for');
    this.#engine.life.throwIfOver();
    try {
      // Without partitions there would be nothing to refuse, and the program would believe that what it has read is stored.
      this.#source.commitIdentity();
    } catch (error) {
      if (background) return committer.report(error, 'a commit in the background failed');
      throw error;
    }
    if (offsets === undefined && background) return committer.commitLater(this.#engine.partitions.toCommit());
    const wanted =
      offsets === undefined
        ? this.#engine.partitions.toCommit()
        : offsetsToCommit(this.#engine.cluster, this.#engine.partitions, offsets, signal);
    const commit = committer.commit(wanted, { signal });
    if (!background) return commit;
    commit.catch(() => {});
    await wanted;
    commit.catch((error: unknown) => committer.report(error, 'a commit in the background failed'));
  }

  /**
   * Continues at other positions: those given for each partition, `[[partition, offset]]`, or autoOffsetReset for all. What was fetched
   * ahead is dropped. An offset before the start of the log means its start. It never commits. PyKafka: reset_offsets.
   *
   * Moves nothing and rejects with RangeError for a partition that this consumer does not read or that is revoked meanwhile, for an offset
   * below 0 other than OffsetType.EARLIEST and OffsetType.LATEST, and for one beyond the end of the log; with TypeError for an invalid
   * position, and without positions if autoOffsetReset is 'none'; with BrokerError, NoBrokersAvailableError or the signal's reason; and
   * with ClosedError before start() and after close().
   */
  async resetOffsets(places?: Iterable<readonly [PartitionKey, OffsetSpec]>, options: CallOptions = {}): Promise<void> {
    const { signal } = checkCall('resetOffsets', options);
    this.#engine.life.throwIfOver();
    const wanted = this.#engine.partitions.places(places, this.#engine.options.autoOffsetReset);
    await this.#engine.reading.jump(wanted, signal);
  }

  /** Continues at one position in all partitions, such as `{ timestamp }`. Rejects like resetOffsets, which takes a position for each. */
  async seek(place: OffsetSpec, options: CallOptions = {}): Promise<void> {
    checkCall('seek', options);
    await this.resetOffsets(
      this.assignment.map((partition) => [partition, place] as const),
      options,
    );
  }

  /**
   * Pauses these partitions, or all, until resume(). What was fetched is kept, and a batch that is being iterated ends early. Throws
   * RangeError for a partition that this consumer does not read, and ClosedError before start().
   */
  pause(partitions?: Iterable<PartitionKey>): void {
    this.#engine.life.throwIfNew();
    this.#engine.reading.pause(this.#engine.partitions.chosen(partitions));
  }

  /** Continues with these partitions, or with all. Throws RangeError for a partition that this consumer does not read. */
  resume(partitions?: Iterable<PartitionKey>): void {
    this.#engine.reading.resume(this.#engine.partitions.chosen(partitions));
  }

  /** The paused partitions. */
  get paused(): readonly TopicPartition[] {
    return [...this.#engine.partitions].filter(({ isPaused }) => isPaused).map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Returns the current end of each partition: the offset after the last record that `isolation` lets this consumer read. Rejects like start(). */
  async endOffsets(options: CallOptions = {}): Promise<ResolvedOffset[]> {
    const { signal } = checkCall('endOffsets', options);
    return endsOf(this.#engine.cluster, this.assignment, { isolation: this.#engine.options.isolation, signal });
  }

  /** Returns the number of offsets between the position and the end of each partition. Rejects like start(). */
  async lag(options: CallOptions = {}): Promise<PartitionLag[]> {
    const { signal } = checkCall('lag', options);
    return lagOf(this.#engine.cluster, this.assignment, { isolation: this.#engine.options.isolation, signal });
  }

  /** Tells what each partition does or waits for, without asking a broker. */
  health(): ConsumerHealth {
    return healthOf(this.#engine.partitions, this.#engine.cluster.options.clock.now(), this.#source.problem);
  }

  /** The same as text, with a line for each partition that says why it does not advance. */
  explain(): string {
    const { problem } = this.#source;
    return [
      `the consumer ${states[this.#engine.life.state]}`,
      ...(problem === undefined ? [] : [problem]),
      explanationOf(this.health()),
    ].join('\n');
  }

  /** Counts what this consumer has fetched since it was created, and what waits in its queue. */
  stats(): ConsumerStats {
    return { ...this.#engine.reading.fetcher.counts, queuedBytes: this.#engine.reading.queue.bytes };
  }

  /** The partitions that are read, and their positions. */
  get assignment(): readonly ConsumerPartition[] {
    return this.#engine.partitions.list();
  }

  /** The same by number, for a consumer of one topic. Throws TypeError if there are several. PyKafka: partitions. */
  get partitions(): ReadonlyMap<number, ConsumerPartition> {
    return this.#engine.partitions.byNumber();
  }

  /** The next offset of each partition, which commitOffsets() stores. PyKafka: held_offsets, where each is one less. */
  get heldOffsets(): ReadonlyMap<number, number> {
    return new Map([...this.partitions].map(([id, { position }]) => [id, position]));
  }

  /** Returns the next offset of a partition. Throws RangeError if this consumer does not read it. */
  position(partition: PartitionKey): number {
    return this.#engine.partitions.get(partition).position.next;
  }

  /** For `transaction.sendOffsets(consumer)`: the positions in partitions that have been read, as commitOffsets() would store them. */
  positions(): OffsetToCommit[] {
    return this.#engine.partitions.toCommit({ readOnly: true });
  }

  /** For `transaction.sendOffsets(consumer)`: its membership in its group. Throws TypeError without a consumerGroup, and KafkaError while it is not a member. */
  groupMetadata(): GroupMetadata {
    const groupId = this.#engine.options.consumerGroup;
    if (groupId === undefined) throw new TypeError('a consumer without a consumerGroup has no group to commit for');
    const { generationId = -1, memberId = '', groupInstanceId = null } = this.#source.commitIdentity() ?? {};
    return { groupId, generationId, memberId, groupInstanceId };
  }

  /**
   * Returns what the group has committed for the partitions that are read, without those that have no commit. PyKafka: fetch_offsets.
   *
   * Rejects with TypeError without a consumerGroup, with BrokerError, NoBrokersAvailableError or TimeoutError, and with the signal's reason.
   */
  async committed(options: CallOptions = {}): Promise<CommittedOffset[]> {
    const { signal } = checkCall('committed', options);
    const { consumerGroup } = this.#engine.options;
    if (consumerGroup === undefined) throw new TypeError('a consumer without a consumerGroup has committed nothing');
    return fetchCommitted(this.#engine.cluster, consumerGroup, this.assignment, { member: () => this.#source.reader(), signal });
  }

  /**
   * Stops reading; start() continues after the last message. With autoCommitEnable it commits first, and so does run(). It waits for handlers
   * and for onRevoked, but leaves them after four fifths of closeTimeoutMs, for they may be waiting for stop() themselves. Idempotent. PyKafka:
   * stop.
   */
  stop(): Promise<void> {
    return this.#engine.life.end('stopped');
  }

  /** Like stop(), but final: at once, even during a long poll, and within closeTimeoutMs whatever brokers do. Idempotent. It never rejects. */
  close(): Promise<void> {
    return this.#engine.life.end('closed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #consumeUnder(options: CallOptions): Promise<Message<Value, Key> | undefined> {
    const { signal } = checkCall('consume', options);
    return this.#engine.next(this.#take, false, signal);
  }
}
