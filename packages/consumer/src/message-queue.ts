import type { Clock } from '@tskafka/core';
import { nextTurn } from '@tskafka/core/internal';
import { BatchMessages, type BatchMessagesOptions } from './batch-messages.ts';
import type { BatchReader } from './batch-reader.ts';
import type { Message } from './message.ts';
import { MessageBatch } from './message-batch.ts';
import type { MessagesInHand } from './messages-in-hand.ts';
import { OpenBatches, type OpenBatchesOptions } from './open-batches.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { Answer, FetchedRecords } from './waiting-batches.ts';

/** After reading for so long without a pause the event loop turns: the program's sockets and timers want their turn too. */
const sliceMs = 10;

export interface MessageQueueOptions<Value, Key> extends OpenBatchesOptions, Omit<BatchMessagesOptions<Value, Key>, 'onMade'> {
  readonly clock: Clock;
  /** There may be a message or an error that was not there before. */
  readonly onReady: () => void;
  /** What a partition holds cannot be read; it was thrown away, to be fetched again. */
  readonly onUnreadable: (partition: PartitionQueue) => void;
}

/** A message for a handler. When its partition has other messages in hand meanwhile, nobody wants to know what became of this one. */
export interface ToHandle<Value, Key> {
  readonly partition: PartitionQueue;
  readonly message: Message<Value, Key>;
  readonly handling: MessagesInHand;
}

/** What was fetched and not handed out yet. */
export class MessageQueue<Value, Key> {
  readonly #options: MessageQueueOptions<Value, Key>;
  readonly #batches: OpenBatches;
  readonly #messages: BatchMessages<Value, Key>;
  readonly #errors = new Map<PartitionQueue, Error>();
  readonly #onReady = (): void => {
    if (this.#isStarved) this.#sliceStart = this.#options.clock.now();
    this.#options.onReady();
  };
  readonly #readToHandle = (reader: BatchReader): ToHandle<Value, Key> | undefined => {
    const { partition } = reader;
    const { handling, position } = partition;
    const { leaderEpoch } = position;
    const message = this.#messages.next(reader);
    if (message === undefined) return undefined;
    handling.add(message.offset, leaderEpoch);
    return { partition, message, handling };
  };
  readonly #nextOf = (reader: BatchReader): Message<Value, Key> | undefined => {
    if (reader.isStale) return undefined;
    reader.isCut = reader.partition.endsBatches;
    if (reader.isCut) return undefined;
    const message = this.#messages.next(reader);
    // The rest comes as a batch of its own, when what it waits for is there.
    reader.isCut = reader.isWaiting;
    return message;
  };
  #sliceStart = -Infinity;
  #isPausing = false;
  /** Whoever asked last got nothing: reading begins when something comes. */
  #isStarved = true;

  constructor(options: MessageQueueOptions<Value, Key>) {
    this.#options = options;
    this.#batches = new OpenBatches({ ...options, onReady: this.#onReady });
    const onUnreadable = (partition: PartitionQueue): void => {
      this.flush(partition);
      options.onUnreadable(partition);
    };
    this.#messages = new BatchMessages({ ...options, onMade: this.#onReady, onUnreadable });
  }

  /** Bytes that wait: of answers, wholly or in part, and of open batches as what they became. */
  get bytes(): number {
    return this.#batches.bytes;
  }

  /** Takes what a fetch brought, which `take` pushes. Until it is through, nothing of the answer counts as read, whatever readers do meanwhile. */
  accept(answer: Answer, take: () => void): void {
    this.#batches.hold(answer);
    try {
      take();
    } finally {
      this.#batches.release(answer);
    }
    this.#onReady();
  }

  /** Takes what a fetch brought for a partition. */
  push(partition: PartitionQueue, fetched: FetchedRecords): void {
    this.#batches.push(partition, fetched);
  }

  /** There may be something to hand out, or an end to tell. */
  ready(): void {
    this.#onReady();
  }

  /** The reader is told, once, when it has read what waits of this partition. */
  fail(partition: PartitionQueue, error: Error): void {
    this.#errors.set(partition, error);
    this.#onReady();
  }

  /** The next message; undefined when there is none now. Throws what is wrong with a partition. */
  take(): Message<Value, Key> | undefined {
    return this.#takeBy(this.#messages.next);
  }

  /** The next message for a handler; its partition knows that it is not done yet. As take(). */
  takeToHandle(): ToHandle<Value, Key> | undefined {
    return this.#takeBy(this.#readToHandle);
  }

  /** The next batch with a message for the reader, which belongs to the caller until it is done with it. As take(). */
  takeBatch(): MessageBatch<Value, Key> | undefined {
    if (this.#pauses()) return undefined;
    for (let reader = this.#front(); reader !== undefined; reader = this.#front()) {
      const hasNext = this.#messages.hasNext(reader);
      if (!reader.isReady) return undefined;
      this.#batches.shift();
      if (hasNext) return this.#lend(reader);
      this.#passed(reader);
    }
    return undefined;
  }

  /** The loop wants no more of a batch: the rest of it is passed, unless a pause had cut it off. */
  done(batch: MessageBatch<Value, Key>): void {
    const reader = MessageBatch.readerOf(batch);
    if (reader.isCut) this.giveBack(batch);
    else this.#passed(reader);
  }

  /** The loop was left: the rest of its batch comes next. */
  giveBack(batch: MessageBatch<Value, Key>): void {
    const reader = MessageBatch.readerOf(batch);
    if (reader.isStale) return;
    reader.isCut = false;
    this.#takeBack(reader);
    this.#batches.giveBack(reader);
    this.#options.onReady();
  }

  /** Hands out nothing of a partition that has begun to rest; what waits of it is kept. */
  rest(partition: PartitionQueue): void {
    this.#batches.rest(partition);
  }

  /** The partition goes on where it rested, unless something else still makes it rest. */
  goOn(partition: PartitionQueue): void {
    if (partition.isResting) return;
    this.#batches.goOn(partition);
    this.#onReady();
  }

  /** Throws away what waits of a partition, and its error. What is in hand is none the wiser. */
  flush(partition: PartitionQueue): void {
    this.#batches.flush(partition);
    this.#errors.delete(partition);
    partition.lent = undefined;
    partition.isHeldUp = false;
    partition.position.dropFetched();
  }

  /** The same, and what is in hand is of no interest any more. */
  disown(partition: PartitionQueue): void {
    partition.disown();
    this.flush(partition);
  }

  /** The batch whose turn it is, when it can be read now. */
  #front(): BatchReader | undefined {
    if (this.#isPausing) return undefined;
    for (;;) {
      if (this.#batches.first === undefined) {
        this.#throwError();
        this.#batches.openNext();
      }
      const reader = this.#batches.first;
      if (reader?.partition.lent !== undefined) {
        this.#holdUp(reader.partition);
        continue;
      }
      this.#isStarved = reader?.isReady !== true;
      return this.#isStarved ? undefined : reader;
    }
  }

  /** Others would get what is behind the messages of a batch before they are handed out: they have other partitions meanwhile. */
  #holdUp(partition: PartitionQueue): void {
    partition.isHeldUp = true;
    this.#batches.rest(partition);
  }

  #lend(reader: BatchReader): MessageBatch<Value, Key> {
    const { partition } = reader;
    partition.lent = reader;
    partition.position.begin();
    return new MessageBatch(reader, this.#nextOf);
  }

  /** Whether the partition goes on that was held up by the loop that had this batch. */
  #takeBack(reader: BatchReader): boolean {
    const { partition } = reader;
    if (partition.lent !== reader) return false;
    partition.lent = undefined;
    const goesOn = partition.isHeldUp;
    partition.isHeldUp = false;
    if (goesOn && !partition.isResting) this.#batches.goOn(partition);
    return goesOn;
  }

  #takeBy<T>(read: (reader: BatchReader) => T | undefined): T | undefined {
    for (let reader = this.#front(); reader !== undefined; reader = this.#front()) {
      const taken = read(reader);
      if (taken !== undefined || !reader.isReady) return taken;
      this.#batches.shift();
      this.#passed(reader);
      if (this.#pauses()) return undefined;
    }
    return undefined;
  }

  #passed(reader: BatchReader): void {
    const { partition, batch } = reader;
    if (!reader.isStale) partition.position.passed(batch.lastOffset, batch.partitionLeaderEpoch, partition.until);
    // Those who have waited come first. Nothing new has come, so the slice goes on.
    if (this.#takeBack(reader)) this.#options.onReady();
    this.#throwError();
    this.#batches.openNext();
  }

  #throwError(): void {
    for (const [partition, error] of this.#errors) {
      if (partition.isResting || partition.lent !== undefined || !partition.waiting.isEmpty || this.#batches.hasOpen(partition)) continue;
      this.#errors.delete(partition);
      throw error;
    }
  }

  #pauses(): boolean {
    const { clock, onReady } = this.#options;
    if (this.#isPausing) return true;
    if (clock.now() - this.#sliceStart < sliceMs) return false;
    this.#isPausing = true;
    void nextTurn().then(() => {
      this.#isPausing = false;
      this.#sliceStart = clock.now();
      onReady();
    });
    return true;
  }
}
