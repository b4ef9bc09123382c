import type { BatchReader } from './batch-reader.ts';
import type { Message } from './message.ts';

/** Gives the next message of a batch; undefined behind the last. */
export type NextOf<Value, Key> = (reader: BatchReader) => Message<Value, Key> | undefined;

/**
 * The messages of one record batch. They are created as you iterate, one after the other, without waiting.
 *
 * The position moves behind each message as it is handed out, and behind the whole batch when the loop asks for the next one; what is iterated
 * then moves nothing. A loop that is left in the middle gives the rest back. A batch ends early after a jump, when its partition is paused or
 * taken away, and before a message for which a deserializer takes its time.
 */
export class MessageBatch<Value = Buffer | null, Key = Buffer | null> implements Iterable<Message<Value, Key>> {
  readonly topic: string;
  readonly partition: number;
  /** The offset of its first message. */
  readonly firstOffset: number;
  /** How many messages it has, where it does not end early. */
  readonly count: number;
  /** The offset after the last record that all replicas had when the batch was fetched. */
  readonly highWatermark: number;
  readonly #reader: BatchReader;
  readonly #next: NextOf<Value, Key>;

  /** `reader` stands at the first message. */
  constructor(reader: BatchReader, next: NextOf<Value, Key>) {
    this.topic = reader.partition.topic;
    this.partition = reader.partition.partition;
    this.firstOffset = reader.cursor!.offset;
    this.count = reader.count();
    this.highWatermark = reader.highWatermark;
    this.#reader = reader;
    this.#next = next;
  }

  /** Yields each message once, in the order of the log. Another loop over the same batch continues where the last one stopped. */
  [Symbol.iterator](): Iterator<Message<Value, Key>, undefined> {
    const reader = this.#reader;
    const next = this.#next;
    return {
      next() {
        const value = next(reader);
        return value === undefined ? { done: true, value } : { done: false, value };
      },
    };
  }

  /** For the queue: what it was made of. */
  static readerOf(batch: MessageBatch<unknown, unknown>): BatchReader {
    return batch.#reader;
  }
}
