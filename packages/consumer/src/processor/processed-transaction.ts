import { KafkaError, type GroupMetadata, type OffsetSource, type OffsetToCommit, type OpenTransaction } from '@tskafka/core';
import { type Cluster, partitionName, raceWithSignal } from '@tskafka/core/internal';
import { isPromise } from '../is-promise.ts';
import type { Message } from '../message.ts';
import type { ToHandle } from '../message-queue.ts';
import type { MessagesInHand } from '../messages-in-hand.ts';
import type { PartitionQueue } from '../partition-queue.ts';
import { deadLetterOf } from '../run/dead-letter.ts';
import { Run } from '../run/run.ts';
import type { HandlerContext } from '../run/run-options.ts';
import type { HandlerFailures } from './handler-failures.ts';
import { HandlerOutput } from './handler-output.ts';
import type { ProcessHandler, ResolvedProcessOptions } from './process-options.ts';
import { remedyFor } from './setback.ts';

export interface TransactionDependencies<Value, Key> {
  readonly cluster: Cluster;
  readonly consumerGroup: string;
  readonly handler: ProcessHandler<Value, Key>;
  readonly options: ResolvedProcessOptions;
  readonly failures: HandlerFailures;
  readonly next: (signal: AbortSignal) => ToHandle<Value, Key> | Promise<ToHandle<Value, Key> | undefined>;
  readonly setFull: (partition: PartitionQueue, isFull: boolean) => void;
  /** As which member the group takes the offsets. Throws KafkaError while it is none. */
  readonly groupMetadata: () => GroupMetadata;
}

/** Where a transaction has begun in a partition. */
export interface Beginning {
  readonly offset: number;
  readonly leaderEpoch: number;
  /** Another one when the partition has jumped, or has gone, meanwhile. */
  readonly handling: MessagesInHand;
}

/** Why a transaction cannot be committed. With a message it is that one's fault: its handler threw, or wanted to send what cannot be sent. */
export interface TransactionFailure {
  readonly error: unknown;
  readonly message?: Message<unknown, unknown>;
}

/** One transaction: the messages that are handled in it, what is made of them, and how far it has come in each partition. */
export class ProcessedTransaction<Value, Key> implements OffsetSource {
  readonly #transaction: OpenTransaction;
  readonly #dependencies: TransactionDependencies<Value, Key>;
  readonly #run: Run<Value, Key>;
  readonly #begun = new Map<PartitionQueue, Beginning>();
  /** Aborted when it takes no more messages. */
  readonly #full = new AbortController();
  #settle!: () => void;
  /** Resolves when it has ended, in whatever way. */
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve));
  #count = 0;
  #failure: TransactionFailure | undefined;
  #isMore = true;

  constructor(transaction: OpenTransaction, dependencies: TransactionDependencies<Value, Key>) {
    const { cluster, options, consumerGroup, setFull } = dependencies;
    this.#transaction = transaction;
    this.#dependencies = dependencies;
    this.#run = new Run<Value, Key>(this.#handle, options.run, { cluster, consumerGroup, next: () => this.#next(), setFull });
  }

  /** What has made it fail, first. */
  get failure(): TransactionFailure | undefined {
    return this.#failure;
  }

  /** The partitions that it has read from, and where it began in each. */
  get begun(): ReadonlyMap<PartitionQueue, Beginning> {
    return this.#begun;
  }

  /**
   * Hands out messages until it is full or its time is over, and waits for their handlers. Rejects when one of them has failed. Says
   * whether more will come, and what reading threw: that does not undo what was handled before.
   */
  async handle(): Promise<{ readonly isMore: boolean; readonly readError?: unknown }> {
    let readError: unknown;
    try {
      await this.#run.start();
    } catch (error) {
      readError = error;
    }
    this.end();
    if (this.#failure !== undefined) throw this.#failure.error;
    return { isMore: this.#isMore, readError };
  }

  /** Takes no more messages. */
  end(): void {
    this.#full.abort(new KafkaError('the transaction takes no more messages'));
  }

  /** It cannot be committed, and waits for no handler. */
  abandon(error: unknown): void {
    this.#fail({ error });
    this.#run.abandon();
  }

  /** Says how far the messages have been read: that counts with what was made of them. */
  async sendOffsets(signal: AbortSignal): Promise<void> {
    if (this.#count > 0) await raceWithSignal(this.#transaction.sendOffsets(this), signal);
  }

  commit(signal: AbortSignal): Promise<void> {
    return raceWithSignal(this.#transaction.commit(), signal);
  }

  abort(): Promise<void> {
    return this.#transaction.abort();
  }

  /** Nobody need wait for it any more. */
  ended(): void {
    this.#settle();
  }

  /** Whether the partition is still read, and stands where the transaction has left it. */
  isCurrent(partition: PartitionQueue): boolean {
    return partition.handling === this.#begun.get(partition)?.handling;
  }

  hasReadFrom(partitions: readonly PartitionQueue[]): boolean {
    return partitions.some((partition) => this.#begun.has(partition));
  }

  /** For the transaction: as the member that has the partitions now. Another member may have read on in one that has gone meanwhile. */
  groupMetadata(): GroupMetadata {
    for (const partition of this.#begun.keys()) {
      if (!this.isCurrent(partition)) throw movedAway(partition);
    }
    try {
      return this.#dependencies.groupMetadata();
    } catch (error) {
      throw new KafkaError((error as Error).message, { cause: error, retriable: true });
    }
  }

  positions(): OffsetToCommit[] {
    return [...this.#begun.keys()].map(({ topic, partition, done }) => ({ topic, partition, ...done }));
  }

  #next(): ToHandle<Value, Key> | Promise<ToHandle<Value, Key> | undefined> {
    if (this.#full.signal.aborted || this.#count >= this.#dependencies.options.maxMessages) return Promise.resolve(undefined);
    const next = this.#dependencies.next(this.#full.signal);
    return next instanceof Promise ? this.#waitFor(next) : this.#took(next);
  }

  async #waitFor(next: Promise<ToHandle<Value, Key> | undefined>): Promise<ToHandle<Value, Key> | undefined> {
    try {
      const entry = await next;
      if (entry !== undefined) return this.#took(entry);
      this.#isMore = false;
      return undefined;
    } catch (error) {
      if (this.#full.signal.aborted) return undefined;
      throw error;
    }
  }

  #took(entry: ToHandle<Value, Key>): ToHandle<Value, Key> {
    const { partition, message, handling } = entry;
    if (this.#count++ === 0) this.#startTimer();
    const begun = this.#begun.get(partition);
    if (begun?.handling === handling) return entry;
    // What was handled before a jump does not count with what came behind it.
    if (begun !== undefined) this.#fail({ error: movedAway(partition) });
    this.#begun.set(partition, { offset: message.offset, leaderEpoch: handling.leaderEpochBefore(message.offset), handling });
    const { signal } = partition;
    const gone = (): void => this.#lost(partition, signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    void this.settled.then(() => signal.removeEventListener('abort', gone));
    return entry;
  }

  #startTimer(): void {
    const { cluster, options } = this.#dependencies;
    const timer = cluster.options.clock.setTimeout(() => this.end(), options.commitIntervalMs);
    this.#full.signal.addEventListener('abort', () => timer.cancel(), { once: true });
  }

  /** Calls the handler; one that does not wait costs no promise. */
  readonly #handle = (message: Message<Value, Key>, { signal }: HandlerContext): unknown => {
    const output = new HandlerOutput(this.#transaction, (error) => this.#sendFailed(error, message));
    const earlier = this.#dependencies.failures.of(message);
    if (earlier?.isGivenUp === true) return output.send(this.#deadLetterOf(message, earlier));
    try {
      const result = this.#dependencies.handler(message, output, { signal, attempt: (earlier?.attempts ?? 0) + 1 });
      if (isPromise(result)) return this.#finish(message, output, result);
      output.end();
      return undefined;
    } catch (error) {
      this.#fail({ error, message });
      throw error;
    }
  };

  async #finish(message: Message<Value, Key>, output: HandlerOutput, result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.#fail({ error, message });
      throw error;
    } finally {
      output.end();
    }
  }

  #deadLetterOf(message: Message<Value, Key>, { error, attempts }: { readonly error: unknown; readonly attempts: number }) {
    const { options, consumerGroup, cluster } = this.#dependencies;
    const failedAt = cluster.options.clock.wallTime();
    return deadLetterOf(message, options.deadLetterTopic!, { error, attempts, consumerGroup, failedAt });
  }

  /** What may be sent another time is nobody's fault. */
  #sendFailed(error: unknown, message: Message<unknown, unknown>): void {
    this.#fail(remedyFor(error) === 'give up' ? { error, message } : { error });
  }

  /** A partition is somebody else's now. Handlers of the others are waited for: no message is handled twice at a time. */
  #lost(partition: PartitionQueue, cause: unknown): void {
    this.#fail({ error: movedAway(partition, cause) });
    this.#run.end();
    const kept = [...this.#begun.keys()].filter((each) => each !== partition && this.isCurrent(each));
    void this.#run.whenHandled(kept).then(() => this.#run.abandon());
  }

  #fail(failure: TransactionFailure): void {
    this.#failure ??= failure;
    this.end();
  }
}

function movedAway(partition: PartitionQueue, cause?: unknown): KafkaError {
  return new KafkaError(`${partitionName(partition)} was revoked or repositioned during the transaction`, { cause, retriable: true });
}
