import { ClosedError, type KafkaClient, type MessageBytes, TimeoutError, type Timer, type Topic } from '@tskafka/core';
import { type Cluster, clusterOf, onAbort, raceWithSignal, timeLimit } from '@tskafka/core/internal';
import { Accumulator } from './accumulator.ts';
import { BufferRoom } from './buffer-room.ts';
import { type DeliveryReport, DeliveryReports } from './delivery-reports.ts';
import type { Identities } from './identities.ts';
import { intercepted } from './interceptors.ts';
import type { ProducerMessage, RecordMetadata, TakeMessage } from './message.ts';
import { type ProducerOptions, type ResolvedProducerOptions, resolveProducerOptions } from './options.ts';
import { ProducerIds } from './producer-id.ts';
import { DeliveryCounts, type ProducerStats } from './producer-stats.ts';
import { send } from './send.ts';
import { sendAll } from './send-all.ts';
import { SerializingLine } from './serializing-line.ts';
import { Sender } from './sender.ts';
import { TopicProducer } from './topic-producer.ts';
import { Transaction } from './transactions/transaction.ts';
import { Transactions } from './transactions/transactions.ts';

/** How long `flush` waits. */
export interface FlushOptions {
  /** How long to wait. Default: until every message has its result, at most deliveryTimeoutMs. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How long `stop` and `close` wait. */
export interface CloseOptions {
  /** How long to wait for undelivered messages. Default: the producer's closeTimeoutMs (5 s). */
  readonly timeoutMs?: number;
}

/**
 * Sends messages to any topic of a cluster: in order within a partition, without duplicates, acknowledged by all in-sync replicas. PyKafka:
 * Producer.
 *
 * One producer serves a whole program. It survives outages: when the cluster comes back, the next send works.
 *
 * @example
 * await using producer = await Producer.start(client);
 * const { partition, offset } = await producer.send({ topic: 'orders', key: 'user-1', value: 'hello' });
 *
 * With a serializer it takes keys and values of its types; without one they are strings or bytes.
 *
 * @example
 * await using producer = await Producer.start(client, { serializer: { value: jsonSerializer<Order>() } });
 * await producer.send({ topic: 'orders', value: { id: 1, amount: 2 } });
 */
export class Producer<Value = MessageBytes, Key = MessageBytes> implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #options: ResolvedProducerOptions;
  readonly #ids: Identities;
  readonly #transactions: Transactions | undefined;
  readonly #accumulator: Accumulator;
  readonly #sender: Sender;
  readonly #reports: DeliveryReports<Value, Key>;
  /** Takes a message past the interceptors and the serializer, as far as there are any. */
  readonly #take: TakeMessage<Value, Key>;
  readonly #line: SerializingLine<Value, Key> | undefined;
  readonly #room: BufferRoom;
  readonly #counts = new DeliveryCounts();
  #state: 'stopped' | 'running' | 'closed' = 'stopped';
  #starting: Promise<void> | undefined;
  /** Ends the `start()` that is on its way. */
  #startLimit = new AbortController();
  #stopping: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Sends no request before `start()`. PyKafka: `auto_start=False`. Throws TypeError or RangeError for a bad option. */
  constructor(client: KafkaClient, options: ProducerOptions<Value, Key> = {}) {
    const cluster = clusterOf('Producer', client);
    this.#cluster = cluster;
    const resolved = resolveProducerOptions(options);
    const { serialize, interceptors, onDelivery } = resolved;
    this.#options = resolved;
    this.#transactions = this.#transactionsOf(cluster);
    this.#ids = this.#transactions ?? new ProducerIds(cluster);
    this.#room = new BufferRoom({ ...this.#options, clock: cluster.options.clock });
    const parts = { ids: this.#ids, room: this.#room, counts: this.#counts };
    this.#sender = new Sender(cluster, this.#options, parts);
    this.#reports = new DeliveryReports(onDelivery, this.#room, cluster.options.logger);
    this.#accumulator = new Accumulator(cluster, this.#options, {
      ...parts,
      changed: (queue) => this.#sender.add(queue),
      isUnreachable: (broker) => this.#sender.isUnreachable(broker),
      full: () => this.#sender.wake(),
      undelivered: (error, count) => this.#reports.failed(error, count),
    });
    const { add } = this.#accumulator;
    this.#line = serialize && new SerializingLine({ ...resolved, serialize, take: add, room: this.#room, clock: cluster.options.clock });
    // Without a serializer keys and values are bytes.
    const take = this.#line?.take ?? (add as TakeMessage<Value, Key>);
    const undelivered = (error: Error): void => this.#reports.failed(error, 1);
    this.#take = interceptors.length === 0 ? take : intercepted({ interceptors, take, logger: cluster.options.logger, undelivered });
    onAbort(cluster.closing, this.#clientClosed);
  }

  /** Creates and starts a producer. Rejects with the errors of the constructor and of `start()`. */
  static async start<Value = MessageBytes, Key = MessageBytes>(
    client: KafkaClient,
    options?: ProducerOptions<Value, Key>,
  ): Promise<Producer<Value, Key>> {
    const producer = new Producer(client, options);
    try {
      await producer.start();
    } catch (error) {
      await producer.close();
      throw error;
    }
    return producer;
  }

  /**
   * Starts accepting messages, also again after `stop()`. An idempotent producer gets its id from the cluster here.
   *
   * Rejects with ClosedError after `close()`, and if `stop()` or `close()` is called meanwhile; with NoBrokersAvailableError if no broker
   * can be reached within the client's unavailableTimeoutMs; and with BrokerError if the cluster does not allow idempotent writes. It may
   * be called again.
   */
  start(): Promise<void> {
    if (this.#state === 'running') return Promise.resolve();
    this.#starting ??= this.#start(this.#startLimit.signal);
    return this.#starting;
  }

  /**
   * Sends a message, and resolves when the broker has acknowledged it. The caller may reuse its bytes as soon as `send` returns.
   * Messages of a partition keep the order of the calls. Calls that do not wait for each other share a batch.
   *
   * Rejects with TypeError or RangeError if the message is not valid, with KafkaError if the serializer rejects it, and with ClosedError if
   * the producer is not running.
   * Every other error says in `persistence` whether the message may be in the log: BrokerError (the broker refused it, or the topic does not
   * exist), TimeoutError or SocketDisconnectedError (after deliveryTimeoutMs, or after maxBlockMs while waiting for room),
   * NoBrokersAvailableError (no broker was reachable for unavailableTimeoutMs), ProducerQueueFullError (with blockOnQueueFull: false).
   */
  send(message: ProducerMessage<Value, Key>): Promise<RecordMetadata> {
    return send(message, this.#takeAlone);
  }

  /**
   * Begins a transaction: its messages, and the offsets that it commits, take effect all together or not at all. A producer has one at a
   * time, and needs a transactionalId.
   *
   * Rejects with TypeError without a transactionalId, with KafkaError while another transaction is open, with ProducerFencedError if another
   * producer uses the transactionalId, with ClosedError if the producer is not running, and with errors of the coordinator.
   */
  async transaction(): Promise<Transaction<Value, Key>> {
    const transactions = this.#transactions;
    if (transactions === undefined) throw new TypeError('transactions need a producer with a transactionalId');
    this.#checkRunning();
    const number = await transactions.begin();
    return new Transaction(transactions, number, (message, settler) => {
      this.#checkRunning();
      return this.#take(message, settler);
    });
  }

  /**
   * Sends a message without a promise for its result: the fastest way. Returns undefined, or, when the buffer is full, a promise that resolves
   * once the message is accepted: await it, and you never outrun the brokers. PyKafka: `produce`.
   *
   * The result goes to `onDelivery` and `deliveryReports()`. If neither is used, the next `flush`, `stop` or `close` rejects with the first
   * error, if any.
   *
   * Throws or rejects like `send` if the message is not accepted; no report follows then.
   *
   * @example
   * for (const value of values) {
   *   const full = producer.produce({ topic: 'orders', value });
   *   if (full !== undefined) await full;
   * }
   * await producer.flush();
   */
  produce(message: ProducerMessage<Value, Key>): Promise<void> | undefined {
    this.#checkSending();
    return this.#take(message, this.#reports.settlerOf(message));
  }

  /**
   * The results of all messages passed to `produce` from this call on, in the order in which they arrive; each call gets all of them.
   * It ends when the producer or its client is closed. Unread reports count towards `maxBufferedBytes`: read them, or end the loop.
   * PyKafka: `get_delivery_report`.
   */
  deliveryReports(): AsyncIterableIterator<DeliveryReport<Value, Key>> {
    return this.#reports.subscribe();
  }

  /**
   * Sends messages as `send` does, with one promise for all. Resolves with the results of `send`, in the same order.
   * If any failed, it rejects with the first error in that order, once all are settled; the others were sent anyway.
   * Rejects with TypeError if `messages` is not a list.
   */
  sendBatch(messages: readonly ProducerMessage<Value, Key>[]): Promise<RecordMetadata[]> {
    return sendAll(messages, this.#takeAlone);
  }

  /** Counts what this producer has sent since it was created, and what is in flight. */
  stats(): ProducerStats {
    return { ...this.#counts.stats, bufferedBytes: this.#room.usedBytes, inFlight: this.#sender.inFlight };
  }

  /** A view of this producer for one topic. It costs nothing. PyKafka: `topic.get_producer()`. */
  forTopic(topic: string | Topic): TopicProducer<Value, Key> {
    return new TopicProducer(topic, this);
  }

  /**
   * Sends lingering batches, and resolves when every message sent before is settled, delivered or not.
   * Rejects with TimeoutError after `timeoutMs`, and with the signal's reason; the messages stay in flight. Also rejects with the first
   * unreported error of a message of `produce`.
   */
  async flush({ timeoutMs = Infinity, signal }: FlushOptions = {}): Promise<void> {
    if (await this.#within(this.#flush(), timeoutMs, signal)) return this.#throwFailure();
    throw new TimeoutError(`not everything was delivered within ${timeoutMs} ms`, { retriable: true });
  }

  /**
   * Flushes, and accepts no more messages until `start()`; a pending `start()` rejects with ClosedError. Messages not delivered after `timeoutMs`
   * reject with ClosedError. At the end it rejects with the first unreported error of a message of `produce`. PyKafka: stop.
   */
  stop({ timeoutMs = this.#options.closeTimeoutMs }: CloseOptions = {}): Promise<void> {
    if (this.#state !== 'running' && this.#starting === undefined) return this.#stopping ?? Promise.resolve();
    const stopped = this.#starting === undefined ? this.#finish(timeoutMs) : this.#endStart(this.#starting, timeoutMs);
    this.#stopping = stopped.finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  /** Like `stop`, but final. The client stays open. Idempotent. */
  close(options?: CloseOptions): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(signal: AbortSignal): Promise<void> {
    await this.#stopping?.catch(() => {}); // whoever stops is told what has failed
    try {
      if (this.#options.idempotent && this.#state !== 'closed' && !signal.aborted) await this.#ids.ask(signal);
      if (this.#state === 'closed') throw new ClosedError('the producer is closed');
      signal.throwIfAborted(); // it may have been asked for by somebody else, who goes on
      this.#state = 'running';
    } finally {
      if (!signal.aborted) this.#starting = undefined;
    }
  }

  /** Whoever stops meanwhile has the last word; the next start does not wait for this one. */
  async #endStart(starting: Promise<void>, timeoutMs: number): Promise<void> {
    this.#startLimit.abort(new ClosedError('the producer was stopped while it started'));
    this.#startLimit = new AbortController();
    this.#starting = undefined;
    await this.#within(
      starting.catch(() => {}),
      timeoutMs,
    );
  }

  async #close(options: CloseOptions | undefined): Promise<void> {
    const stopped = this.stop(options);
    this.#state = 'closed';
    try {
      await stopped;
    } finally {
      this.#reports.end();
      this.#cluster.closing.removeEventListener('abort', this.#clientClosed);
    }
  }

  async #finish(timeoutMs: number): Promise<void> {
    this.#state = 'stopped';
    const told = this.#endTransaction().then(() => this.#flush());
    if (await this.#within(told, timeoutMs)) this.#sender.rest();
    else this.#giveUp(new ClosedError(`the producer was closed ${timeoutMs} ms ago`));
    this.#throwFailure();
  }

  async #flush(): Promise<void> {
    await this.#line?.whenPlaced();
    await this.#accumulator.whenPlaced();
    await this.#sender.flush();
  }

  /** What is open is aborted; if that fails, its coordinator will do it. */
  async #endTransaction(): Promise<void> {
    const state = this.#transactions?.state;
    if (state !== 'open' && state !== 'abortable') return;
    await this.#transactions!.abort(new ClosedError('the producer was stopped')).catch((error: unknown) => {
      this.#cluster.options.logger.warn({ error }, 'an open transaction could not be aborted');
    });
  }

  #transactionsOf(cluster: Cluster): Transactions | undefined {
    const { transactionalId } = this.#options;
    if (transactionalId === null) return undefined;
    const pipeline = {
      wake: () => this.#sender.wake(),
      flush: () => this.#flush(),
      giveUp: (cause: Error) => {
        this.#giveUp(cause);
        return this.#sender.whenQuiet();
      },
      beginEpoch: () => this.#sender.beginEpoch(),
    };
    return new Transactions(cluster, { ...this.#options, transactionalId, pipeline });
  }

  /** Whether the promise comes in time. Rejects with the signal's reason. */
  async #within(promise: Promise<void>, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    let limit: Timer | undefined;
    const late = new Promise<boolean>((resolve) => {
      if (timeoutMs < Infinity) limit = timeLimit(this.#cluster.options.clock, () => resolve(false), timeoutMs);
    });
    const first = Promise.race([promise.then(() => true), late]);
    try {
      return await (signal === undefined ? first : raceWithSignal(first, signal));
    } finally {
      limit?.cancel();
    }
  }

  #throwFailure(): void {
    const failure = this.#reports.takeFailure();
    if (failure !== undefined) throw failure;
  }

  readonly #takeAlone: TakeMessage<Value, Key> = (message, settler) => {
    this.#checkSending();
    return this.#take(message, settler);
  };

  /** Outside of a transaction. */
  #checkSending(): void {
    this.#checkRunning();
    if (this.#transactions !== undefined)
      throw new TypeError('a producer with a transactionalId sends in transactions: producer.transaction()');
  }

  #checkRunning(): void {
    if (this.#state === 'running') return;
    const message = this.#state === 'closed' ? 'the producer is closed' : 'the producer is not running: start() it first';
    throw new ClosedError(message, { persistence: 'not persisted' });
  }

  #giveUp(cause: Error): void {
    this.#line?.clear(cause);
    this.#accumulator.clear(cause);
    this.#sender.giveUp(cause);
  }

  readonly #clientClosed = (): void => {
    this.#giveUp(this.#cluster.closing.reason as Error);
    this.#reports.end();
  };
}
