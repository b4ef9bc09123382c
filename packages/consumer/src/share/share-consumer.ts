import type { KafkaClient, Topic, TopicPartition } from '@tskafka/core';
import { clusterOf } from '@tskafka/core/internal';
import { type CallOptions, checkCall } from '../call-options.ts';
import { batchLoop, messageLoop } from '../loops.ts';
import { type AcknowledgeType, checkAcknowledgeType } from './acknowledge-type.ts';
import type { ShareBatch } from './share-batch.ts';
import type { ShareCommitResult } from './acknowledgement-results.ts';
import { ShareEngine, type ShareStats } from './share-engine.ts';
import { explainShare, shareHealth, type ShareHealth } from './share-health.ts';
import type { ShareMessage } from './share-message.ts';
import { checkShareTopics, resolveShareOptions, type ShareConsumerOptions } from './share-options.ts';
import { resolveShareRunOptions, type ShareHandler, type ShareRunOptions } from './share-run-options.ts';
import { startOrClose } from '../start-or-close.ts';

/**
 * One of many workers on the same messages, as with a queue (KIP-932; Kafka 4.2 or newer). Each message is locked for one consumer of the
 * share group, until that one acknowledges it or the lock has passed; there may be more consumers than partitions, and no order is kept.
 * Java: KafkaShareConsumer.
 */
export class ShareConsumer<Value = Buffer | null, Key = Buffer | null> implements AsyncIterable<ShareMessage<Value, Key>>, AsyncDisposable {
  readonly #engine: ShareEngine<Value, Key>;

  /**
   * A consumer that joins no group until start().
   *
   * Throws TypeError or RangeError for a bad option, and TypeError for an option that does not exist.
   */
  constructor(source: Topic | KafkaClient, options: ShareConsumerOptions<Value, Key>) {
    const cluster = clusterOf('a consumer', source);
    const resolved = resolveShareOptions(options);
    this.#engine = new ShareEngine(cluster, topicsOf(source, options.topics), resolved);
  }

  /** A running consumer that has joined its group. Rejects as the constructor and start() do. */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: ShareConsumerOptions<Value, Key>,
  ): Promise<ShareConsumer<Value, Key>> {
    return startOrClose(new ShareConsumer<Value, Key>(source, options));
  }

  /**
   * Joins the group. A group that is new starts at the end of its topics, unless its configuration share.auto.offset.reset says otherwise.
   *
   * Rejects with UnsupportedVersionError when the cluster has no share groups, BrokerError when a topic does not exist or the group will
   * not have this consumer (no authorization, a group of another kind, too many members), NoBrokersAvailableError when no broker can be
   * reached, and ClosedError after close().
   */
  start(): Promise<void> {
    return this.#engine.life.start();
  }

  /**
   * The next message; undefined after consumerTimeoutMs without one. In the implicit mode it accepts those that were handed out before.
   *
   * Rejects with NoBrokersAvailableError when no broker could be reached for the client's unavailableTimeoutMs, CorruptRecordError when
   * records cannot be read (they are released), BrokerError when a broker refuses a partition, ClosedError when the consumer does not
   * run, with what the deserializer throws, and with the signal's reason. After each but ClosedError it may be called again.
   */
  async consume(options: CallOptions = {}): Promise<ShareMessage<Value, Key> | undefined> {
    const { signal } = checkCall('consume', options);
    return this.#engine.next(this.#engine.take, false, signal);
  }

  /**
   * Messages as they come. It ends after consumerTimeoutMs without one, and by close(). In the implicit mode each is accepted when the
   * loop asks for the next one: the one at which a loop is left is not, unless by commit() or a new loop. It waits while no broker can
   * be reached, and throws what else consume() rejects with.
   */
  [Symbol.asyncIterator](): AsyncIterator<ShareMessage<Value, Key>, undefined> {
    return messageLoop(this.#engine.loop, () => this.#engine.take());
  }

  /**
   * Messages as they come, those of a partition that were locked together at a time: the fast way to read. In the implicit mode those that
   * were iterated are accepted when the next batch is asked for. It ends and throws as iterating the consumer does.
   */
  batches(): AsyncIterable<ShareBatch<Value, Key>> {
    const engine = this.#engine;
    return { [Symbol.asyncIterator]: () => batchLoop(engine.loop, engine.batches) };
  }

  /**
   * Hands messages to `handler`, several at once, and waits for what it returns: then the message is accepted, in either mode. One whose
   * handler throws or rejects is released after a pause, or what `onFailure` says. Locks are renewed as long as handlers take (KIP-1222);
   * should one be lost all the same, the handler's signal is aborted, and onAcknowledged hears of work that was done for nothing.
   *
   * Resolves after consumerTimeoutMs without a message, and after close(), which waits for handlers up to closeTimeoutMs. Rejects with what
   * iterating throws, and with TypeError for a bad option or while another run() goes on; never with what a handler threw. Waits while no
   * broker can be reached.
   */
  async run(handler: ShareHandler<Value, Key>, options: ShareRunOptions<Value, Key> = {}): Promise<void> {
    const resolved = resolveShareRunOptions(options);
    if (typeof handler !== 'function') throw new TypeError(`run needs a function to handle messages, not ${typeof handler}`);
    await this.#engine.run(handler, resolved);
  }

  /**
   * Says what becomes of a message, in the explicit mode. It is sent with the next fetch, after acknowledgeDelayMs, or by commit(); a
   * 'renew' at once, after which more may be said. Whether the broker took it, commit() and onAcknowledged tell.
   *
   * Throws TypeError for a message that is not this consumer's or was acknowledged already, and in the implicit mode; ClosedError when
   * the consumer does not run.
   */
  acknowledge(message: ShareMessage<Value, Key>, type: AcknowledgeType = 'accept'): void {
    checkAcknowledgeType(type);
    if (!this.#engine.options.isExplicit) throw new TypeError("acknowledge() needs acknowledgementMode: 'explicit'");
    this.#engine.acknowledge(message, type);
  }

  /**
   * Sends what was said of messages, and resolves with what became of it, by partition, and of all that was sent since the last commit. In
   * the implicit mode it accepts what was handed out. A failure is in the result: it does not reject for it.
   *
   * Rejects with ClosedError when the consumer does not run, and with the signal's reason.
   */
  async commit(options: CallOptions = {}): Promise<ShareCommitResult[]> {
    const { signal } = checkCall('commit', options);
    return this.#engine.commit(signal);
  }

  /** Other topics from now on. Throws TypeError for a list that is empty. */
  subscribe(topics: readonly string[]): void {
    this.#engine.member.subscribe(checkShareTopics(topics));
  }

  /** The partitions that the group has given to this consumer; others may have them too. */
  get assignment(): readonly TopicPartition[] {
    return this.#engine.fetcher.assigned.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** What each partition does or waits for, without asking a broker. */
  health(): ShareHealth {
    const { cluster, member, fetcher } = this.#engine;
    return shareHealth(cluster, member, fetcher);
  }

  /** The same for people to read: a line for each partition. */
  explain(): string {
    return explainShare(this.health());
  }

  /** What this consumer has fetched and acknowledged since it was made. */
  stats(): ShareStats {
    return this.#engine.stats();
  }

  /** How long a message is locked, in milliseconds; undefined before a broker has told it. Java: acquisitionLockTimeoutMs. */
  get lockTimeoutMs(): number | undefined {
    return [...this.#engine.fetcher.leaders].find(({ records }) => records.lockTimeoutMs !== undefined)?.records.lockTimeoutMs;
  }

  /** Ends for good: sends what was said, gives back to the group what was not, and leaves it. Idempotent. */
  close(): Promise<void> {
    return this.#engine.life.end('closed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function topicsOf(source: Topic | KafkaClient, topics: readonly string[] | undefined): readonly string[] {
  if ('name' in source) {
    if (topics === undefined) return [source.name];
    throw new TypeError(`topics is for consumers that are started from a client, not from '${source.name}'`);
  }
  if (topics === undefined) throw new TypeError('a consumer that is started from a client needs topics');
  return checkShareTopics(topics);
}
