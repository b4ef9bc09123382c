import type { MessageSink, MessageToSend } from '../message-sink.ts';
import type { OffsetSource } from './offset-source.ts';

/** A transaction that is open, such as a producer's. */
export interface OpenTransaction extends MessageSink {
  sendBatch(messages: readonly MessageToSend[]): Promise<unknown>;
  /** Commits offsets with the transaction. */
  sendOffsets(source: OffsetSource): Promise<void>;
  /** Waits for what was sent, and commits. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** What begins transactions, one after the other: a producer with a transactionalId is one. */
export interface TransactionSource {
  transaction(): Promise<OpenTransaction>;
  close(): Promise<void>;
}
