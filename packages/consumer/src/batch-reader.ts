import { checkCrc, decompress, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { MessageOrigin } from './message.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { Answer, QueuedBatch } from './waiting-batches.ts';

export interface BatchReaderOptions {
  readonly checkCrcs: boolean;
  readonly maxDecompressedBytes: number | undefined;
}

/** A view into more than this beside its own batch is copied out, so that a message that is kept does not keep a whole response. */
const slackBytes = 4096;

/**
 * One batch on its way to the reader: its checksum compared, decompressed, and walked record by record.
 *
 * Whatever is wrong with it waits in `error` until it is its turn: the batches before it are still good. Once it is opened, nothing of it lies
 * in the memory of its answer any more.
 */
export class BatchReader {
  readonly partition: PartitionQueue;
  readonly batch: RecordBatch;
  readonly origin: MessageOrigin;
  /** As the answer said that it came in. */
  readonly highWatermark: number;
  /** Undefined while the batch is being decompressed; null when nobody sees its records. */
  cursor: RecordCursor | null | undefined;
  error: Error | undefined;
  /** Its bytes as long as it is open: what it became when it was decompressed. */
  bytes: number;
  /** The cursor stands at a record that could not be handed out. */
  isHeld = false;
  /** The message at which the cursor stands is being made: the deserializer, or a dead letter, takes its time. */
  isWaiting = false;
  /** It has been made. */
  made: (() => unknown) | undefined;
  /** A loop over it ended early, because its partition was paused: the rest is not passed. */
  isCut = false;
  /** The reader's place when it was opened: a broker sends whole batches, also those that begin before the offset that was asked for. */
  readonly #from: number;
  readonly #moves: number;

  /** `onReady` is called when a batch that had to be decompressed is. */
  constructor(partition: PartitionQueue, queued: QueuedBatch, options: BatchReaderOptions, onReady: () => void) {
    const { batch, visible, highWatermark } = queued;
    this.partition = partition;
    this.batch = batch;
    this.bytes = batch.bytes.length;
    this.highWatermark = highWatermark;
    this.#from = partition.position.next;
    this.#moves = partition.position.moves;
    const { topic, partition: id } = partition;
    this.origin = { topic, partition: id, timestampType: batch.timestampType, leaderEpoch: batch.partitionLeaderEpoch };
    try {
      if (options.checkCrcs) checkCrc(batch);
      if (!visible.shows(batch) || batch.lastOffset < this.#from) {
        this.cursor = null;
        return;
      }
      const isPlain = batch.compression === 'none';
      const slack = batch.bytes.buffer.byteLength - batch.bytes.length;
      if (queued.answer.memory !== undefined || (isPlain && slack > slackBytes)) batch.detach();
      if (isPlain) this.cursor = new RecordCursor(batch, batch.records);
      else void this.#decompress(options.maxDecompressedBytes).then(onReady);
    } catch (error) {
      this.error = error as Error;
    }
  }

  /** Whether it is known what it holds, or what is wrong with it. */
  get isOpened(): boolean {
    return this.cursor !== undefined || this.error !== undefined;
  }

  get isReady(): boolean {
    return !this.isWaiting && this.isOpened;
  }

  /** Whether it can wait decompressed no longer, without losing more than the work of that. */
  get canClose(): boolean {
    return this.cursor !== undefined && this.batch.compression !== 'none' && !this.isWaiting && this.made === undefined;
  }

  /** As it came; whether its records are for the reader has been decided. */
  closed(answer: Answer): QueuedBatch {
    const { batch, highWatermark, cursor } = this;
    return { batch, highWatermark, answer, isLast: true, visible: { shows: () => cursor !== null } };
  }

  /** Moves to the next record for the reader; false after the last. Throws CorruptRecordError. */
  next(): boolean {
    if (this.error !== undefined) throw this.error;
    const { cursor, partition } = this;
    if (cursor === null || cursor === undefined) return false;
    if (this.isHeld) return true;
    while (cursor.next()) if (cursor.offset >= this.#from) return cursor.offset < partition.until;
    return false;
  }

  /** Whether the partition has jumped, or was taken away, since the batch was opened. */
  get isStale(): boolean {
    return this.partition.position.moves !== this.#moves;
  }

  /** How many of its records are for the reader, from the one on at which it stands. They are counted only where the reader ends within the batch. */
  count(): number {
    const { batch, partition } = this;
    const cursor = this.cursor!;
    if (batch.lastOffset < partition.until) return 1 + cursor.remaining;
    const counting = cursor.fromStart();
    let count = 0;
    while (counting.next() && counting.offset < partition.until) if (counting.offset >= cursor.offset) count++;
    return count;
  }

  async #decompress(maxDecompressedBytes: number | undefined): Promise<void> {
    try {
      const records = await decompress(this.batch, { maxDecompressedBytes });
      this.bytes = records.length;
      this.cursor = new RecordCursor(this.batch, records);
    } catch (error) {
      this.error = error as Error;
    }
  }
}
