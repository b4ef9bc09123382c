import { ClosedError, type OpenTransaction, ProducerFencedError, type TransactionSource } from '@tskafka/core';
import { backoffMs, channels, fetchCommitted, partitionName, publish, raceWithSignal } from '@tskafka/core/internal';
import { delay } from '@tskafka/core/protocol';
import type { PartitionQueue } from '../partition-queue.ts';
import type { Work } from '../work.ts';
import { HandlerFailures } from './handler-failures.ts';
import type { ProcessHandler, ResolvedProcessOptions } from './process-options.ts';
import { type Beginning, ProcessedTransaction, type TransactionDependencies, type TransactionFailure } from './processed-transaction.ts';
import { isUnclear, remedyFor } from './setback.ts';

/** How long an abort may take when nobody waits any more. */
const abortGraceMs = 500;

export interface ProcessorDependencies<Value, Key> extends Pick<
  TransactionDependencies<Value, Key>,
  'cluster' | 'consumerGroup' | 'next' | 'setFull' | 'groupMetadata'
> {
  /** Hands out again what was handed out from this place on. */
  readonly rewind: (partition: PartitionQueue, to: Beginning) => void;
  /** Nobody knows where these stand: whoever reads them next asks the group. */
  readonly forget: (partitions: readonly PartitionQueue[]) => void;
}

/** What became of a transaction. */
type Outcome =
  | { readonly isCommitted: true; readonly isMore: boolean; readonly readError?: unknown }
  | { readonly isCommitted: false; readonly failure: TransactionFailure };

/**
 * Hands messages to a handler in transactions, one after the other: what it sends for them counts together with how far they have been
 * read (KIP-98, KIP-447). What fails is aborted, read again from where it began, and tried again; partitions of a transaction go to
 * another member only when it has ended.
 */
export class Processor<Value, Key> implements Work {
  readonly #options: ResolvedProcessOptions;
  readonly #dependencies: ProcessorDependencies<Value, Key>;
  readonly #transactionDependencies: TransactionDependencies<Value, Key>;
  readonly #failures: HandlerFailures;
  readonly #ending = new AbortController();
  /** Nobody waits for handlers, or for a commit. */
  readonly #abandoning = new AbortController();
  /** Nor for an abort. */
  readonly #leaving = new AbortController();
  #producer: TransactionSource | undefined;
  #open: ProcessedTransaction<Value, Key> | undefined;
  /** What the last transaction read, when nobody knows whether it was committed, and how far. */
  #unclear = new Map<PartitionQueue, { readonly from: Beginning; readonly to: number }>();

  constructor(handler: ProcessHandler<Value, Key>, options: ResolvedProcessOptions, dependencies: ProcessorDependencies<Value, Key>) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#failures = new HandlerFailures(options.retry.attempts);
    this.#transactionDependencies = { ...dependencies, handler, options, failures: this.#failures };
  }

  async start(): Promise<void> {
    try {
      for (let setbacks = 0; !this.#isEnding;) {
        const outcome = await this.#transact();
        if (outcome.isCommitted) {
          setbacks = 0;
          if (outcome.readError !== undefined) throw outcome.readError as Error;
          if (!outcome.isMore) return;
        } else if (!this.#isEnding) {
          await this.#pause(this.#pauseAfter(outcome.failure, ++setbacks));
        }
      }
    } finally {
      await this.#finish();
    }
  }

  end(): void {
    this.#ending.abort(new ClosedError('the consumer hands out nothing more'));
    this.#open?.end();
  }

  async whenHandled(partitions: readonly PartitionQueue[]): Promise<void> {
    const open = this.#open;
    if (open?.hasReadFrom(partitions) !== true) return;
    open.end();
    await open.settled;
  }

  abandon(): void {
    this.end();
    const error = new ClosedError('the consumer was closed before the transaction was committed');
    this.#abandoning.abort(error);
    this.#dependencies.cluster.options.clock.setTimeout(() => this.#leaving.abort(error), abortGraceMs);
    this.#open?.abandon(error);
  }

  /** One transaction, from its beginning to its end. */
  async #transact(): Promise<Outcome> {
    let transaction: OpenTransaction;
    try {
      transaction = await this.#begin();
    } catch (error) {
      return { isCommitted: false, failure: { error } };
    }
    const open = new ProcessedTransaction<Value, Key>(transaction, this.#transactionDependencies);
    this.#open = open;
    try {
      await this.#settleUnclear();
      if (this.#isEnding) open.end();
      const { isMore, readError } = await open.handle();
      await open.sendOffsets(this.#abandoning.signal);
      await this.#commit(open);
      return { isCommitted: true, isMore, readError };
    } catch (error) {
      await this.#abort(open);
      return { isCommitted: false, failure: open.failure ?? { error } };
    } finally {
      this.#open = undefined;
      open.ended();
    }
  }

  /** The next transaction, of another producer where there is none. Rejects when the consumer ends, and nothing is left open then. */
  #begin(): Promise<OpenTransaction> {
    const { producer } = this.#options;
    const begin = async (): Promise<OpenTransaction> => {
      this.#producer ??= typeof producer === 'function' ? await producer() : producer;
      return this.#producer.transaction();
    };
    const beginning = begin();
    const abortLate = (): void => {
      if (this.#isEnding && this.#open === undefined) beginning.then((late) => late.abort()).catch(() => {});
    };
    return raceWithSignal(beginning, this.#ending.signal).finally(abortLate);
  }

  async #commit(open: ProcessedTransaction<Value, Key>): Promise<void> {
    const places = open.positions();
    const ends = new Map([...open.begun].map(([partition, from], i) => [partition, { from, to: places[i]!.offset }]));
    try {
      await open.commit(this.#abandoning.signal);
    } catch (error) {
      if (isUnclear(error)) this.#unclear = ends;
      throw error;
    }
    for (const place of places) this.#failures.passed(place);
  }

  /** Aborts what is not over already. What it has read is read again, unless it may have been committed. */
  async #abort(open: ProcessedTransaction<Value, Key>): Promise<void> {
    try {
      await raceWithSignal(open.abort(), this.#leaving.signal);
    } catch (error) {
      // Then the coordinator does it, when the next one begins or when its time is over.
      this.#dependencies.cluster.options.logger.debug({ error }, 'a transaction that had failed could not be aborted');
    }
    for (const [partition, from] of open.begun) {
      if (open.isCurrent(partition) && !this.#unclear.has(partition)) this.#dependencies.rewind(partition, from);
    }
  }

  /** Now that a transaction has begun, the last one has ended: whether by a commit is what the group knows. */
  async #settleUnclear(): Promise<void> {
    const unclear = [...this.#unclear].filter(([{ handling }, { from }]) => handling === from.handling);
    if (unclear.length > 0) {
      const { cluster, consumerGroup } = this.#dependencies;
      const { signal } = this.#ending;
      const partitions = unclear.map(([{ topic, partition }]) => ({ topic, partition }));
      const committed = await fetchCommitted(cluster, consumerGroup, partitions, { signal });
      const offsets = new Map(committed.map((entry) => [partitionName(entry), entry.offset]));
      for (const [partition, { from, to }] of unclear) {
        if (partition.handling === from.handling && offsets.get(partitionName(partition)) !== to) {
          this.#dependencies.rewind(partition, from);
        }
      }
    }
    this.#unclear.clear();
  }

  /** How long to wait before the next transaction. Throws what the processor cannot go on after. */
  #pauseAfter({ error, message }: TransactionFailure, setbacks: number): number {
    const { retry, deadLetterTopic, producer } = this.#options;
    const { random, retryBackoff } = this.#dependencies.cluster.options;
    if (message !== undefined) {
      const isDeadLetter = this.#failures.of(message)?.isGivenUp === true;
      const { attempts, isGivenUp } = this.#failures.add(message, error);
      if (!isGivenUp) return backoffMs(attempts, retry, random);
      if (isDeadLetter || deadLetterTopic === undefined) throw error;
      return 0;
    }
    const remedy = remedyFor(error);
    if (remedy === 'give up') throw error;
    if (remedy === 'another producer') {
      if (typeof producer !== 'function') throw fenced(error);
      this.#discardProducer();
    }
    this.#dependencies.cluster.options.logger.warn({ error }, 'a transaction was not committed, and its messages will be handled again');
    publish(channels.consumerError, () => ({ error: error as Error }));
    return backoffMs(setbacks, retryBackoff, random);
  }

  #discardProducer(): void {
    void this.#producer?.close().catch(() => {});
    this.#producer = undefined;
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await delay(this.#dependencies.cluster.options.clock, ms, this.#ending.signal).catch(() => {});
  }

  async #finish(): Promise<void> {
    this.#ending.abort(new ClosedError('the processor has ended'));
    this.#dependencies.forget([...this.#unclear.keys()]);
    if (typeof this.#options.producer !== 'function') return;
    const closing = this.#producer?.close();
    this.#producer = undefined;
    await raceWithSignal(Promise.resolve(closing), this.#leaving.signal).catch((error: unknown) => {
      this.#dependencies.cluster.options.logger.warn({ error }, 'the producer of a processor was not closed in time');
    });
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }
}

function fenced(error: unknown): Error {
  if (error instanceof ProducerFencedError) return error;
  return new ProducerFencedError("another producer now uses the processor's transactionalId", { cause: error });
}
