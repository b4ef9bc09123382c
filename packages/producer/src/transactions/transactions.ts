import { KafkaError, type OffsetSource, ProducerFencedError, type TopicPartition } from '@tskafka/core';
import { type Cluster, partitionName } from '@tskafka/core/internal';
import type { Identities, ProducerIdentity } from '../identities.ts';
import { isFencing, isIndefinite, isOverAlready } from './transaction-errors.ts';
import { TransactionRequests } from './transaction-requests.ts';
import { afterEvent, refusalOf, type TransactionEvent, type TransactionState } from './transaction-state.ts';

export interface TransactionsOptions {
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly maxBlockMs: number;
  readonly pipeline: Pipeline;
}

/** The producer's other half: what takes messages in and sends them. */
export interface Pipeline {
  /** There may be something to send. */
  wake(): void;
  /** Resolves when everything that was taken has been told. */
  flush(): Promise<void>;
  /** Gives up what is not delivered, and resolves when nothing is on its way to a broker. */
  giveUp(cause: Error): Promise<void>;
  /** Every partition begins at sequence 0 under the current identity. */
  beginEpoch(): void;
}

/** The transactions of one producer, one after the other (KIP-98; KIP-890 where the cluster has it). */
export class Transactions implements Identities {
  readonly mayBeginEpoch = false;
  readonly #options: TransactionsOptions;
  readonly #requests: TransactionRequests;
  #state: TransactionState = 'idle';
  #identity: ProducerIdentity | undefined;
  /** Nobody knows how the last transaction ended, or its sequence has a gap: the next one needs a new epoch. */
  #needsInit = true;
  /** The last transaction may still be open: its end was asked for, and no answer came. */
  #isEndUnclear = false;
  /** Why the transaction cannot be committed, or nothing can be done any more. */
  #failure: Error | undefined;
  /** The partitions that the coordinator knows of, and those that it has been told of or will be. */
  readonly #added = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #toAdd = new Map<string, TopicPartition>();
  #adding: Promise<void> | undefined;
  /** Whether the coordinator may know of the transaction: then it has to be told of the end. */
  #hasWritten = false;
  /** Offsets that are on their way. */
  readonly #offsets = new Set<Promise<void>>();
  #initializing: Promise<void> | undefined;
  #aborting: Promise<void> | undefined;
  #begun = 0;

  constructor(cluster: Cluster, options: TransactionsOptions) {
    this.#options = options;
    this.#requests = new TransactionRequests(cluster, options.transactionalId);
  }

  get state(): TransactionState {
    return this.#state;
  }

  /** The number of the transaction that was begun last. */
  get begun(): number {
    return this.#begun;
  }

  /** Whether the transaction that was ended last may have ended so although that was told as an error: an answer was lost. */
  get wasEndLost(): boolean {
    return this.#requests.wasEndLost;
  }

  get current(): ProducerIdentity | undefined {
    return this.#identity;
  }

  /** Below it a coordinator that does not know of the second version would take a write for one of it. */
  get maxProduceVersion(): number | undefined {
    return this.#requests.isV2 ? undefined : 11;
  }

  /** Takes the transactional id over: older producers of it are fenced, and what they left open is aborted. */
  async ask(signal?: AbortSignal): Promise<ProducerIdentity> {
    // `stop` may not have waited for it: with another epoch on the way its end would be taken for that of a fenced producer.
    await this.#aborting?.catch(() => undefined);
    signal?.throwIfAborted();
    if (this.#identity === undefined || this.#needsInit) await this.#initOnce(signal);
    return this.#identity!;
  }

  /** An identity is the coordinator's to take away. */
  discard(): void {}

  admits(partition: TopicPartition): boolean {
    if (!this.#isWriting) return false;
    const name = partitionName(partition);
    if (this.#requests.isV2 || this.#added.has(name)) {
      this.#hasWritten = true;
      return true;
    }
    if (!this.#asked.has(name)) {
      this.#asked.add(name);
      this.#toAdd.set(name, partition);
      this.#adding ??= this.#add();
    }
    return false;
  }

  failed(error: unknown): void {
    if (this.#isWriting) this.#fail(error as Error);
  }

  /** Begins a transaction, and gives its number. Rejects where one is open, and with what hinders it. */
  async begin(): Promise<number> {
    this.#check('begin');
    if (this.#needsInit) await this.#initOnce();
    this.#check('begin');
    this.#become('begin');
    this.#failure = undefined;
    for (const partitions of [this.#added, this.#asked, this.#toAdd]) partitions.clear();
    this.#hasWritten = false;
    this.#requests.wasEndLost = false;
    return ++this.#begun;
  }

  get #isWriting(): boolean {
    return this.#state === 'open' || this.#state === 'committing';
  }

  /** Throws where nothing may be written now. */
  checkWriting(): void {
    this.#check('write');
  }

  async sendOffsets(source: OffsetSource): Promise<void> {
    this.#check('write');
    const offsets = source.positions();
    if (offsets.length === 0) return;
    this.#hasWritten = true;
    const sending = this.#requests.commitOffsets(this.#identity!, source.groupMetadata(), offsets, { timeoutMs: this.#options.maxBlockMs });
    this.#offsets.add(sending);
    try {
      await sending;
    } catch (error) {
      this.#fail(error as Error);
      throw error;
    } finally {
      this.#offsets.delete(sending);
    }
  }

  async commit(): Promise<void> {
    this.#check('commit');
    // From now on nothing comes in any more: what came later would be written beside the end, or behind it.
    this.#become('commit');
    try {
      await Promise.allSettled(this.#offsets);
      await this.#options.pipeline.flush();
      if (this.#isWriting) await this.#adding; // nothing may fail, or arrive, behind the end
      if (!this.#isWriting) this.#check('commit');
      await this.#end(true);
    } catch (error) {
      if (this.#state === 'committing') this.#become(isIndefinite(error) ? 'end' : 'fail');
      throw error;
    }
  }

  async abort(cause: Error): Promise<void> {
    this.#check('abort');
    this.#become('abort');
    this.#aborting = this.#abort(cause).finally(() => (this.#aborting = undefined));
    await this.#aborting;
  }

  async #abort(cause: Error): Promise<void> {
    try {
      await this.#options.pipeline.giveUp(cause);
      // What reached the coordinator behind the end would open another transaction.
      await Promise.allSettled([this.#adding, ...this.#offsets]);
      await this.#end(false);
    } finally {
      if (this.#state === 'aborting') this.#become('end');
    }
  }

  async #end(committed: boolean): Promise<void> {
    const { pipeline, deliveryTimeoutMs: timeoutMs } = this.#options;
    if (this.#hasWritten) {
      try {
        const next = await this.#requests.end(this.#identity!, committed, { timeoutMs });
        const isOther = next !== this.#identity;
        this.#isEndUnclear = false;
        this.#identity = next;
        if (isOther) pipeline.beginEpoch();
        // Sequence numbers that were given out may never arrive, and what was asked for twice may arrive late: another epoch tells them apart,
        // as the second version has begun one.
        else this.#needsInit ||= !committed || this.#requests.mayArriveLate;
      } catch (error) {
        await this.#endIsUnclear(error as Error, committed);
      }
    }
    if (this.#state !== 'fatal') this.#become('end');
  }

  /**
   * A coordinator that does not end the transaction has given the id to another producer, or has aborted it itself because it took too
   * long, or has forgotten the id. Where there is no other producer, it gives us another epoch (KIP-588), or another producer id.
   */
  async #endIsUnclear(error: Error, committed: boolean): Promise<void> {
    this.#needsInit = true;
    this.#isEndUnclear = !isOverAlready(error);
    if (!isOverAlready(error)) throw error;
    await this.#initOnce();
    if (!committed) return;
    const message = this.wasEndLost
      ? 'the transaction may have been committed: the answer was lost, and its coordinator has no transaction of this producer now'
      : 'the transaction was not committed: it was open for longer than transactionTimeoutMs, or its coordinator has forgotten this producer';
    throw new KafkaError(message, { cause: error, retriable: false });
  }

  /** Once for callers at the same time: the second answer would take the epoch of the first one away. */
  #initOnce(signal?: AbortSignal): Promise<void> {
    this.#initializing ??= this.#init(signal).finally(() => (this.#initializing = undefined));
    return this.#initializing;
  }

  async #init(signal?: AbortSignal): Promise<void> {
    const { transactionTimeoutMs, maxBlockMs: timeoutMs, pipeline } = this.#options;
    try {
      if (this.#isEndUnclear || this.#mayBeReplaced) await this.#endAnyhow();
      this.#identity = await this.#requests.init(transactionTimeoutMs, this.#identity, { timeoutMs, signal });
      this.#needsInit = false;
      pipeline.beginEpoch();
    } catch (error) {
      throw isFencing(error) ? this.#die(error) : error;
    }
  }

  /** A coordinator before Kafka 2.5 gives another epoch to whoever asks: a producer that was replaced would take its place back. */
  get #mayBeReplaced(): boolean {
    return this.#identity !== undefined && !this.#requests.saysOwn;
  }

  /**
   * Whoever asks for another epoch while a transaction of the last one is open is taken for fenced: so it is aborted, unless it has ended. The answer
   * also tells who was replaced.
   */
  async #endAnyhow(): Promise<void> {
    try {
      await this.#requests.end(this.#identity!, false, { timeoutMs: this.#options.maxBlockMs });
    } catch (error) {
      if (!isOverAlready(error) || (isFencing(error) && this.#mayBeReplaced)) throw error;
    }
    this.#isEndUnclear = false;
  }

  /** Before the second version: tells the coordinator of the partitions, until the transaction is neither open nor being committed. */
  async #add(): Promise<void> {
    // What else is to be written in this turn of the event loop comes along.
    await Promise.resolve();
    while (this.#isWriting && this.#toAdd.size > 0) {
      const partitions = [...this.#toAdd];
      this.#toAdd.clear();
      this.#hasWritten = true;
      try {
        const added = partitions.map(([, partition]) => partition);
        await this.#requests.addPartitions(this.#identity!, added, { timeoutMs: this.#options.maxBlockMs });
        for (const [name] of partitions) this.#added.add(name);
      } catch (error) {
        this.#fail(error as Error);
      }
      this.#options.pipeline.wake();
    }
    this.#adding = undefined;
  }

  /** The transaction cannot be committed any more: what is not delivered of it is told so. */
  #fail(error: Error): void {
    this.#failure ??= error;
    this.#become('fail');
    const cause = this.#failure;
    // Whoever told of it is in the middle of the batches.
    queueMicrotask(() => void this.#options.pipeline.giveUp(cause));
  }

  /** Before the second version a coordinator says the same when it has aborted a transaction that was open for too long. */
  #die(cause: unknown): Error {
    const { transactionalId, transactionTimeoutMs } = this.#options;
    const message = `another producer now uses the transactionalId '${transactionalId}', or a transaction was open for longer than ${transactionTimeoutMs} ms`;
    this.#failure = new ProducerFencedError(message, { cause });
    this.#become('die');
    return this.#failure;
  }

  #become(event: TransactionEvent): void {
    const next = afterEvent(this.#state, event);
    if (next === undefined) throw new KafkaError(`the transaction is ${this.#state}, and cannot ${event}`);
    this.#state = next;
  }

  #check(event: 'begin' | 'commit' | 'abort' | 'write'): void {
    const refusal = refusalOf(this.#state, event);
    if (refusal === undefined) return;
    if (this.#state === 'fatal' && this.#failure !== undefined) throw this.#failure;
    const reason = this.#failure === undefined || this.#state === 'idle' ? refusal : `${refusal}: ${this.#failure.message}`;
    throw new KafkaError(reason, { cause: this.#failure, persistence: 'not persisted' });
  }
}
