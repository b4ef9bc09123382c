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
 * share group until it is acknowledged or the lock expires. There may be more consumers than partitions, and messages are not kept in order.
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

  /** Creates a consumer and joins its group. Rejects with the errors of the constructor and of start(). */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: ShareConsumerOptions<Value, Key>,
  ): Promise<ShareConsumer<Value, Key>> {
    return startOrClose(new ShareConsumer<Value, Key>(source, options));
  }

  /**
   * Joins the group. A new group starts at the end of its topics, unless its configuration share.auto.offset.reset says otherwise.
   *
   * Rejects with UnsupportedVersionError if the cluster has no share groups, with BrokerError if a topic does not exist or the group refuses
   * this consumer (no authorization, a group of another kind, too many members), with NoBrokersAvailableError if no broker can be reached,
   * and with ClosedError after close().
   */
  start(): Promise<void> {
    return this.#engine.life.start();
  }

  /**
   * Returns the next message; undefined after consumerTimeoutMs without one. In implicit mode it accepts the messages handed out before.
   *
   * Rejects with NoBrokersAvailableError if no broker was reachable for the client's unavailableTimeoutMs, with CorruptRecordError if records
   * cannot be read (they are released), with BrokerError if a broker refuses a partition, with ClosedError if the consumer is not running,
   * with the deserializer's error, and with the signal's reason. Except after ClosedError, it may be called again.
   */
  async consume(options: CallOptions = {}): Promise<ShareMessage<Value, Key> | undefined> {
    const { signal } = checkCall('consume', options);
    return this.#engine.next(this.#engine.take, false, signal);
  }

  /**
   * Yields messages as they arrive. It ends after consumerTimeoutMs without one, and by close(). In implicit mode each is accepted when the
   * loop asks for the next one. The last message before leaving a loop is accepted only by commit() or by a new loop. It waits while no
   * broker can be reached, and throws the other errors of consume().
   */
  [Symbol.asyncIterator](): AsyncIterator<ShareMessage<Value, Key>, undefined> {
    return messageLoop(this.#engine.loop, () => this.#engine.take());
  }

  /**
   * Yields messages in batches of those that were locked together: the fast way to read. In implicit mode, asking for the next batch accepts
   * the messages that were iterated. It ends and throws like iterating the consumer.
   */
  batches(): AsyncIterable<ShareBatch<Value, Key>> {
    const engine = this.#engine;
    return { [Symbol.asyncIterator]: () => batchLoop(engine.loop, engine.batches) };
  }

  /**
   * Hands messages to `handler`, several at once. In either mode, a message is accepted when its handler is done. If the handler throws or
   * rejects, the message is released after a pause, or `onFailure` decides. Locks are renewed for as long as handlers take (KIP-1222). If one
   * is lost anyway, the handler's signal is aborted, and onAcknowledged reports the work done in vain.
   *
   * Resolves after consumerTimeoutMs without a message, and after close(), which waits for handlers up to closeTimeoutMs. Rejects with the
   * errors of iterating, and with TypeError for a bad option or during another run(); never with a handler's error. Waits while no broker can
   * be reached.
   */
  async run(handler: ShareHandler<Value, Key>, options: ShareRunOptions<Value, Key> = {}): Promise<void> {
    const resolved = resolveShareRunOptions(options);
    if (typeof handler !== 'function') throw new TypeError(`run needs a function to handle messages, not ${typeof handler}`);
    await this.#engine.run(handler, resolved);
  }

  /**
   * Acknowledges a message, in explicit mode. This is sent with the next fetch, after acknowledgeDelayMs, or by commit(); a 'renew' is sent at
   * once, and the message can be acknowledged again later. commit() and onAcknowledged tell whether the broker took it.
   *
   * Throws TypeError for a message that this consumer does not hold or that was already acknowledged, and in implicit mode; ClosedError if the
   * consumer is not running.
   */
  acknowledge(message: ShareMessage<Value, Key>, type: AcknowledgeType = 'accept'): void {
    checkAcknowledgeType(type);
    if (!this.#engine.options.isExplicit) throw new TypeError("acknowledge() needs acknowledgementMode: 'explicit'");
    this.#engine.acknowledge(message, type);
  }

  /**
   * Sends the pending acknowledgements, and resolves with the results by partition of everything sent since the last commit. In implicit mode
   * it accepts the messages that were handed out. Failures are part of the results.
   *
   * Rejects with ClosedError if the consumer is not running, and with the signal's reason.
   */
  async commit(options: CallOptions = {}): Promise<ShareCommitResult[]> {
    const { signal } = checkCall('commit', options);
    return this.#engine.commit(signal);
  }

  /** Changes the topics. Throws TypeError for an empty list. */
  subscribe(topics: readonly string[]): void {
    this.#engine.member.subscribe(checkShareTopics(topics));
  }

  /** The partitions that the group has assigned to this consumer; other members may have them too. */
  get assignment(): readonly TopicPartition[] {
    return this.#engine.fetcher.assigned.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Tells what each partition does or waits for, without asking a broker. */
  health(): ShareHealth {
    const { cluster, member, fetcher } = this.#engine;
    return shareHealth(cluster, member, fetcher);
  }

  /** The same as text, with a line for each partition. */
  explain(): string {
    return explainShare(this.health());
  }

  /** Counts what this consumer has fetched and acknowledged since it was created. */
  stats(): ShareStats {
    return this.#engine.stats();
  }

  /** How long a message is locked, in milliseconds; undefined until a broker has reported it. Java: acquisitionLockTimeoutMs. */
  get lockTimeoutMs(): number | undefined {
    return [...this.#engine.fetcher.leaders].find(({ records }) => records.lockTimeoutMs !== undefined)?.records.lockTimeoutMs;
  }

  /** Closes for good: sends the pending acknowledgements, releases all other messages, and leaves the group. Idempotent. */
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
