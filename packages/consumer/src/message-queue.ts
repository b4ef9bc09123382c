import type { Clock } from '@tskafka/core';
import { after } from '@tskafka/core/internal';
import { CorruptRecordError } from '@tskafka/core/protocol';
import { BatchReader, type BatchReaderOptions } from './batch-reader.ts';
import type { Message, ToMessage } from './message.ts';
import { type Answer, partitionName, type PartitionQueue, type QueuedBatch } from './partition-queue.ts';

/** The batch that is read, and the next one: while one is read, the other is decompressed. */
const openBatches = 2;
/** After reading for so long without a pause the event loop turns: the program's sockets and timers want their turn too. */
const sliceMs = 10;

export interface MessageQueueOptions<Value, Key> extends BatchReaderOptions {
  readonly clock: Clock;
  readonly toMessage: ToMessage<Value, Key>;
  /** There may be a message or an error that was not there before. */
  readonly onReady: () => void;
  /** A partition has more room than before. */
  readonly onRoom: (partition: PartitionQueue) => void;
  /** What a partition holds cannot be read; it was thrown away, to be fetched again. */
  readonly onUnreadable: (partition: PartitionQueue) => void;
}

/** What was fetched and not handed out yet. Partitions take turns, a batch each. */
export class MessageQueue<Value, Key> {
  readonly #options: MessageQueueOptions<Value, Key>;
  /** Partitions whose batches wait, in the order of their turns. */
  readonly #waiting = new Set<PartitionQueue>();
  readonly #errors = new Map<PartitionQueue, Error>();
  readonly #open: BatchReader[] = [];
  #bytes = 0;
  #sliceStart = -Infinity;
  #isPausing = false;

  constructor(options: MessageQueueOptions<Value, Key>) {
    this.#options = options;
  }

  /** Bytes of the answers that wait, wholly or in part. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes what a fetch brought for a partition. */
  push(partition: PartitionQueue, queued: QueuedBatch): void {
    if (queued.answer.batches++ === 0) this.#bytes += queued.answer.bytes;
    partition.push(queued);
    this.#waiting.add(partition);
  }

  /** All of an answer has been pushed. */
  ready(): void {
    this.#options.onReady();
  }

  /** The reader is told, once, when it has read what waits of this partition. */
  fail(partition: PartitionQueue, error: Error): void {
    this.#errors.set(partition, error);
    this.#options.onReady();
  }

  /** The next message; undefined when there is none now. Throws what is wrong with a partition. */
  take(): Message<Value, Key> | undefined {
    if (this.#isPausing) return undefined;
    for (;;) {
      const reader = this.#open[0];
      if (reader === undefined) {
        this.#throwError();
        if (!this.#openNext()) return undefined;
        continue;
      }
      if (!reader.isReady) return undefined;
      const message = this.#read(reader);
      if (message !== undefined) return message;
      this.#open.shift();
      reader.partition.position.passed(reader.batch.lastOffset, reader.partition.until);
      this.#throwError();
      this.#openNext();
      if (this.#pauses()) return undefined;
    }
  }

  /** Throws away what waits of a partition, and its error. */
  flush(partition: PartitionQueue): void {
    const open = this.#open.filter((reader) => reader.partition !== partition);
    this.#open.splice(0, Infinity, ...open);
    for (let queued = partition.shift(); queued !== undefined; queued = partition.shift()) this.#release(queued.answer);
    this.#waiting.delete(partition);
    this.#errors.delete(partition);
    partition.position.dropFetched();
  }

  #read(reader: BatchReader): Message<Value, Key> | undefined {
    const { partition } = reader;
    try {
      if (!reader.next()) return undefined;
    } catch (error) {
      this.flush(partition);
      this.#options.onUnreadable(partition);
      throw unreadable(reader, error as Error);
    }
    // When the deserializer throws, the record stays where it is and is next again.
    reader.isHeld = true;
    const message = this.#options.toMessage(reader.origin, reader.cursor!);
    reader.isHeld = false;
    partition.position.delivered(message.offset, message.leaderEpoch);
    return message;
  }

  /** Opens the batches whose turn it is; false when there is none. */
  #openNext(): boolean {
    for (const partition of this.#waiting) {
      if (this.#open.length === openBatches) break;
      const { batch, visible, answer } = partition.shift()!;
      this.#waiting.delete(partition);
      if (!partition.isEmpty) this.#waiting.add(partition);
      this.#release(answer);
      this.#open.push(new BatchReader(partition, batch, visible, this.#options, this.#options.onReady));
      this.#options.onRoom(partition);
    }
    return this.#open.length > 0;
  }

  #release(answer: Answer): void {
    if (--answer.batches === 0) this.#bytes -= answer.bytes;
  }

  #throwError(): void {
    for (const [partition, error] of this.#errors) {
      if (!partition.isEmpty || this.#open.some((reader) => reader.partition === partition)) continue;
      this.#errors.delete(partition);
      throw error;
    }
  }

  #pauses(): boolean {
    const { clock, onReady } = this.#options;
    if (clock.now() - this.#sliceStart < sliceMs) return false;
    this.#isPausing = true;
    setImmediate(() => {
      this.#isPausing = false;
      this.#sliceStart = clock.now();
      onReady();
    });
    return true;
  }
}

function unreadable({ partition, batch }: BatchReader, error: Error): Error {
  if (!(error instanceof CorruptRecordError)) return error;
  const { topic, position } = partition;
  const at = { topic, partition: position.partition, offset: position.next, skipTo: after(batch.lastOffset) };
  return new CorruptRecordError(`${partitionName(partition)}: ${error.message}`, { cause: error, at });
}
