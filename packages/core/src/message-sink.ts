/** Bytes, or a string that is written as UTF-8. */
export type MessageBytes = Uint8Array | string;

/** Headers to write: a list (or a Map, or fetch's Headers), which keeps order and duplicates, or kafkajs' object, whose values may be lists. */
export type HeadersToSend =
  Iterable<readonly [key: string, value: MessageBytes | null]> | Readonly<Record<string, MessageBytes | null | readonly MessageBytes[]>>;

/** A message for a producer. */
export interface MessageToSend {
  readonly topic: string;
  /** Messages with the same key go to the same partition, in order. Default null: no key. */
  readonly key?: MessageBytes | null | undefined;
  /** null is a tombstone: a compacted topic deletes the key. */
  readonly value: MessageBytes | null;
  readonly headers?: HeadersToSend | undefined;
  /** The time of the message; a number is in milliseconds since 1970. Default: now. */
  readonly timestamp?: Date | number | undefined;
  /** Default: the partitioner chooses. */
  readonly partition?: number | undefined;
}

/** Something that accepts messages, such as a producer. */
export interface MessageSink {
  send(message: MessageToSend): Promise<unknown>;
}
