import { KafkaError, type MessageToSend, type OpenTransaction } from '@tskafka/core';
import type { HandlerTransaction } from './process-options.ts';

/** The transaction as the handler of one message sees it, for as long as it handles it. */
export class HandlerOutput implements HandlerTransaction {
  readonly #transaction: OpenTransaction;
  readonly #failed: (error: unknown) => void;
  #isOver = false;

  /** `failed` is told of everything that could not be sent. */
  constructor(transaction: OpenTransaction, failed: (error: unknown) => void) {
    this.#transaction = transaction;
    this.#failed = failed;
  }

  send(message: MessageToSend): Promise<unknown> {
    return this.#watched(() => this.#transaction.send(message));
  }

  sendBatch(messages: readonly MessageToSend[]): Promise<unknown> {
    return this.#watched(() => this.#transaction.sendBatch(messages));
  }

  /** The handler is done. What it sent later would count with other messages, or not at all. */
  end(): void {
    this.#isOver = true;
  }

  #watched(send: () => Promise<unknown>): Promise<unknown> {
    if (this.#isOver) return Promise.reject(new KafkaError('the handler of this message is done: nothing more can be sent for it'));
    const sent = send();
    // Nobody has to look at it: the transaction fails with it.
    sent.catch(this.#failed);
    return sent;
  }
}
