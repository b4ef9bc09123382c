import type { KafkaClient, Topic } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import type { CallOptions } from '../consumer.ts';
import { messageLoop } from '../loops.ts';
import { type AcknowledgeType, checkAcknowledgeType } from './acknowledge-type.ts';
import { type ShareCommitResult, ShareEngine } from './share-engine.ts';
import type { ShareMessage } from './share-message.ts';
import { checkShareTopics, resolveShareOptions, type ShareConsumerOptions } from './share-options.ts';

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
    const resolved = resolveShareOptions(options);
    this.#engine = new ShareEngine(source[clusterSymbol], topicsOf(source, options.topics), resolved);
  }

  /** A running consumer that has joined its group. Rejects as the constructor and start() do. */
  static async start<Value = Buffer | null, Key = Buffer | null>(
    source: Topic | KafkaClient,
    options: ShareConsumerOptions<Value, Key>,
  ): Promise<ShareConsumer<Value, Key>> {
    const consumer = new ShareConsumer<Value, Key>(source, options);
    try {
      await consumer.start();
    } catch (error) {
      await consumer.close();
      throw error;
    }
    return consumer;
  }

  /**
   * Joins the group. A group that is new starts at the end of its topics, unless its configuration share.auto.offset.reset says otherwise.
   *
   * Rejects with UnsupportedVersionError when the cluster has no share groups, BrokerError when a topic does not exist or the group will
   * not have this consumer (no authorization, a group of another kind, too many members), NoBrokersAvailableError when no broker can be
   * reached, and ClosedError after close().
   */
  start(): Promise<void> {
    return this.#engine.start();
  }

  /**
   * The next message; undefined after consumerTimeoutMs without one. In the implicit mode it accepts those that were handed out before.
   *
   * Rejects with NoBrokersAvailableError when no broker could be reached for the client's unavailableTimeoutMs, CorruptRecordError when
   * records cannot be read (they are released), BrokerError when a broker refuses a partition, ClosedError when the consumer does not
   * run, with what the deserializer throws, and with the signal's reason. After each but ClosedError it may be called again.
   */
  consume({ signal }: CallOptions = {}): Promise<ShareMessage<Value, Key> | undefined> {
    return Promise.resolve(this.#engine.next(this.#engine.take, false, signal));
  }

  /**
   * Messages as they come. It ends after consumerTimeoutMs without one, and by close(). In the implicit mode each is accepted when the
   * loop asks for the next one: the one at which a loop is left is not, unless by commit() or a new loop. It waits while no broker can
   * be reached, and throws what else consume() rejects with.
   */
  [Symbol.asyncIterator](): AsyncIterator<ShareMessage<Value, Key>, undefined> {
    return messageLoop((take) => this.#engine.next(take, true, undefined), this.#engine.take, this.#engine.endOfLoop);
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
  async commit({ signal }: CallOptions = {}): Promise<ShareCommitResult[]> {
    return this.#engine.commit(signal);
  }

  /** How long a message is locked, in milliseconds; undefined before a broker has told it. Java: acquisitionLockTimeoutMs. */
  get lockTimeoutMs(): number | undefined {
    return [...this.#engine.fetcher.leaders].find(({ lockTimeoutMs }) => lockTimeoutMs !== undefined)?.lockTimeoutMs;
  }

  /** Ends for good: sends what was said, gives back to the group what was not, and leaves it. Idempotent. */
  close(): Promise<void> {
    return this.#engine.close();
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
