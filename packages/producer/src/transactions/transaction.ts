import { KafkaError, type MessageBytes, type OffsetSource, type OffsetToCommit, ProducerFencedError } from '@tskafka/core';
import { shown } from '@tskafka/core/internal';
import { deliveryError } from '../delivery-state.ts';
import type { ProducerMessage, RecordMetadata, TakeMessage } from '../message.ts';
import { send } from '../send.ts';
import { sendAll } from '../send-all.ts';
import type { Transactions } from './transactions.ts';

/** Offsets of a group, given without a consumer. */
export interface GroupOffsets {
  readonly consumerGroup: string;
  /** The next offset to read in each partition. */
  readonly offsets: readonly OffsetToCommit[];
}

/**
 * Messages and offsets that take effect all together or not at all for anyone who reads with `isolation: 'read_committed'`. At the end of an
 * `await using` block, an open transaction is aborted. KIP-98.
 *
 * @example
 * await using transaction = await producer.transaction();
 * await transaction.send({ topic: 'totals', value: '42' });
 * await transaction.sendOffsets(consumer);
 * await transaction.commit();
 */
export class Transaction<Value = MessageBytes, Key = MessageBytes> implements AsyncDisposable {
  readonly #transactions: Transactions;
  /** Takes a message while the transaction is open. */
  readonly #takeWithin: TakeMessage<Value, Key>;
  readonly #number: number;
  #hasEnded = false;

  /** Use `producer.transaction()`. */
  constructor(transactions: Transactions, number: number, take: TakeMessage<Value, Key>) {
    this.#transactions = transactions;
    this.#number = number;
    this.#takeWithin = (message, settler) => {
      this.#checkWriting();
      return take(message, settler);
    };
  }

  /**
   * Sends a message as part of the transaction, and resolves when the broker has stored it. It takes effect with the commit.
   *
   * Rejects like the producer's `send`. The transaction can then only be aborted, unless the message never was in it: it was not valid
   * (TypeError, RangeError), or the serializer rejected it. Also rejects with KafkaError if the transaction has failed or ended.
   */
  send(message: ProducerMessage<Value, Key>): Promise<RecordMetadata> {
    return send(message, this.#takeWithin);
  }

  /** Sends messages as `send` does, with one promise for all. Rejects with the first error in their order, once all are settled. */
  sendBatch(messages: readonly ProducerMessage<Value, Key>[]): Promise<RecordMetadata[]> {
    return sendAll(messages, this.#takeWithin);
  }

  /**
   * Commits offsets with the transaction: the positions of a consumer (an OffsetSource), or given ones. The group gets them when the
   * transaction is committed, not before.
   *
   * Rejects with BrokerError if the group refuses them, for example because the consumer is no longer a member; the transaction can then
   * only be aborted. Also rejects with KafkaError if the transaction has failed or ended.
   */
  async sendOffsets(source: OffsetSource | GroupOffsets): Promise<void> {
    this.#checkOver();
    await this.#transactions.sendOffsets(offsetSource(source));
  }

  /**
   * Waits for the messages of the transaction, and commits. When it resolves, everything has taken effect.
   *
   * Rejects with KafkaError if part of the transaction has failed: abort it. With ProducerFencedError if another producer uses the
   * transactionalId. With TimeoutError or SocketDisconnectedError if the coordinator never answered: it may have been committed, and the next
   * transaction waits until the coordinator knows. `persistence` says so, also on any other error that follows a lost answer.
   */
  async commit(): Promise<void> {
    this.#checkOver();
    try {
      await this.#transactions.commit();
      this.#hasEnded = true;
    } catch (error) {
      const { state, wasEndLost } = this.#transactions;
      this.#hasEnded = state === 'idle';
      if (!(error instanceof KafkaError) || error.persistence !== undefined || !(this.#hasEnded || wasEndLost)) throw error;
      throw deliveryError('commit', error, error.retriable || wasEndLost ? 'possibly persisted' : 'not persisted');
    }
  }

  /** Discards the transaction: undelivered messages reject with KafkaError, and nobody sees the delivered ones. */
  async abort(): Promise<void> {
    this.#checkOver();
    this.#hasEnded = true;
    await this.#transactions.abort(new KafkaError('the transaction was aborted'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // `producer.stop()` may have ended it, or be about to.
    if (this.#isOver || ['idle', 'aborting', 'fatal'].includes(this.#transactions.state)) return;
    try {
      await this.abort();
    } catch (error) {
      // Whoever has taken the transactionalId over has aborted it. Thrown here, it would hide from `catch` what the block has thrown.
      if (!(error instanceof ProducerFencedError)) throw error;
    }
  }

  #checkWriting(): void {
    this.#checkOver();
    this.#transactions.checkWriting();
  }

  /** Also when the producer was stopped and started meanwhile: then another transaction may be open. */
  get #isOver(): boolean {
    return this.#hasEnded || this.#number !== this.#transactions.begun;
  }

  #checkOver(): void {
    if (this.#isOver) throw new KafkaError('the transaction has ended', { persistence: 'not persisted' });
  }
}

/** Refuses what is neither, such as kafkajs' `{ consumerGroupId, topics }`. */
function offsetSource(source: OffsetSource | GroupOffsets): OffsetSource {
  if (typeof source === 'object' && source !== null) {
    if ('positions' in source) return source;
    if (typeof source.consumerGroup === 'string' && Array.isArray(source.offsets)) return sourceOf(source);
  }
  throw new TypeError(`sendOffsets needs a consumer or { consumerGroup, offsets: [{ topic, partition, offset }] }, not ${shown(source)}`);
}

function sourceOf({ consumerGroup, offsets }: GroupOffsets): OffsetSource {
  return {
    groupMetadata: () => ({ groupId: consumerGroup, generationId: -1, memberId: '', groupInstanceId: null }),
    positions: () => offsets,
  };
}
