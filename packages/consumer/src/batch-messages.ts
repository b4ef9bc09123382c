import { after, partitionName } from '@tskafka/core/internal';
import { CorruptRecordError } from '@tskafka/core/protocol';
import type { BatchReader } from './batch-reader.ts';
import { type Message, plainMessage, type ToMessage } from './message.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { type HandleUnparsable, type Skipped, skipped } from './unparsable.ts';

export interface BatchMessagesOptions<Value, Key> {
  readonly toMessage: ToMessage<Value, Key>;
  /** Whether a deserializer makes messages, which may take its time, and refuse. */
  readonly deserializes: boolean;
  readonly onUnparsable: HandleUnparsable;
  /** A message that took its time is there, or what is wrong with it. */
  readonly onMade: () => void;
  /** A batch cannot be read. */
  readonly onUnreadable: (partition: PartitionQueue) => void;
}

type Made<Value, Key> = Message<Value, Key> | Skipped;

/** The messages of batches: each is made when it is asked for, by a deserializer where there is one, which may take its time. */
export class BatchMessages<Value, Key> {
  readonly #options: BatchMessagesOptions<Value, Key>;

  constructor(options: BatchMessagesOptions<Value, Key>) {
    this.#options = options;
  }

  /** The next message of a batch, which is handed out by it; undefined behind the last, and while it is being made. Throws what is wrong with it. */
  readonly next = (reader: BatchReader): Message<Value, Key> | undefined => {
    const message = this.#nextMade(reader);
    if (message === undefined) return undefined;
    reader.isHeld = false;
    reader.partition.position.delivered(message.offset, message.leaderEpoch);
    return message;
  };

  /** Whether there is a next message, at which the batch stands then. Throws as next(). */
  hasNext(reader: BatchReader): boolean {
    if (!this.#options.deserializes) return (reader.isHeld = this.#advance(reader));
    const message = this.#nextMade(reader);
    if (message !== undefined) reader.made = () => message;
    return message !== undefined;
  }

  /** When the deserializer throws, the record stays where it is and is next again. */
  #nextMade(reader: BatchReader): Message<Value, Key> | undefined {
    while (this.#advance(reader)) {
      reader.isHeld = true;
      const message = reader.made === undefined ? this.#make(reader) : this.#takeMade(reader);
      if (message instanceof Promise) return this.#waitFor(reader, message);
      if (message !== skipped) return message;
      reader.isHeld = false;
    }
    return undefined;
  }

  /** Moves to the next record of a batch; false behind its last. Throws where it cannot be read. */
  #advance(reader: BatchReader): boolean {
    try {
      return reader.next();
    } catch (error) {
      const failure = unreadable(reader, error as Error);
      this.#options.onUnreadable(reader.partition);
      throw failure;
    }
  }

  /** The message at which the batch stands, or what the policy for those that cannot be made says. */
  #make({ origin, cursor }: BatchReader): Made<Value, Key> | Promise<Made<Value, Key>> {
    const { toMessage, onUnparsable } = this.#options;
    const refused = (error: unknown): Skipped | Promise<Skipped> => onUnparsable(error, plainMessage(origin, cursor!));
    try {
      const message = toMessage(origin, cursor!);
      return message instanceof Promise ? message.catch(refused) : message;
    } catch (error) {
      return refused(error);
    }
  }

  #waitFor(reader: BatchReader, message: Promise<Made<Value, Key>>): undefined {
    reader.isWaiting = true;
    const settle = (made: () => unknown): void => {
      reader.made = made;
      reader.isWaiting = false;
      this.#options.onMade();
    };
    message.then(
      (value) => settle(() => value),
      (error: unknown) =>
        settle(() => {
          throw error;
        }),
    );
  }

  #takeMade(reader: BatchReader): Made<Value, Key> {
    const made = reader.made!;
    reader.made = undefined;
    return made() as Made<Value, Key>;
  }
}

function unreadable({ partition, batch }: BatchReader, error: Error): Error {
  if (!(error instanceof CorruptRecordError)) return error;
  const { topic, position } = partition;
  const at = { topic, partition: position.partition, offset: position.next, skipTo: after(batch.lastOffset) };
  return new CorruptRecordError(`${partitionName(partition)}: ${error.message}`, { cause: error, at });
}
