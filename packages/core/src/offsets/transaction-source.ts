import type { MessageSink, MessageToSend } from '../message-sink.ts';
import type { OffsetSource } from './offset-source.ts';

/** An open transaction, such as a producer's. */
export interface OpenTransaction extends MessageSink {
  sendBatch(messages: readonly MessageToSend[]): Promise<unknown>;
  /** Commits offsets with the transaction. */
  sendOffsets(source: OffsetSource): Promise<void>;
  /** Waits for the messages that were sent, and commits. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** Something that begins transactions, one after the other, such as a producer with a transactionalId. */
export interface TransactionSource {
  transaction(): Promise<OpenTransaction>;
  close(): Promise<void>;
}
