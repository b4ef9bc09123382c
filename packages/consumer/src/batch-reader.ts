import { checkCrc, decompress, type RecordBatch, RecordCursor } from '@tskafka/core/protocol';
import type { MessageOrigin } from './message.ts';
import { ownCopy } from './own-copy.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { VisibleRecords } from './visible-records.ts';

export interface BatchReaderOptions {
  readonly checkCrcs: boolean;
  readonly maxDecompressedBytes: number | undefined;
}

/** A view into more than this beside its own batch is copied out, so that a message that is kept does not keep a whole response. */
const slackBytes = 4096;

/**
 * One batch on its way to the reader: its checksum compared, decompressed, and walked record by record.
 *
 * Whatever is wrong with it waits in `error` until it is its turn: the batches before it are still good.
 */
export class BatchReader {
  readonly partition: PartitionQueue;
  readonly batch: RecordBatch;
  readonly origin: MessageOrigin;
  /** Undefined while the batch is being decompressed; null when nobody sees its records. */
  cursor: RecordCursor | null | undefined;
  error: Error | undefined;
  /** The cursor stands at a record that could not be handed out. */
  isHeld = false;

  /** `onReady` is called when a batch that had to be decompressed is. */
  constructor(partition: PartitionQueue, batch: RecordBatch, visible: VisibleRecords, options: BatchReaderOptions, onReady: () => void) {
    this.partition = partition;
    this.batch = batch;
    const { topic, partition: id } = partition;
    this.origin = { topic, partition: id, timestampType: batch.timestampType, leaderEpoch: batch.partitionLeaderEpoch };
    try {
      if (options.checkCrcs) checkCrc(batch);
      if (!visible.shows(batch) || batch.lastOffset < partition.position.next) this.cursor = null;
      else if (batch.compression === 'none') this.cursor = new RecordCursor(batch, ownMemory(batch.records));
      else void this.#decompress(options.maxDecompressedBytes).then(onReady);
    } catch (error) {
      this.error = error as Error;
    }
  }

  get isReady(): boolean {
    return this.cursor !== undefined || this.error !== undefined;
  }

  /** Moves to the next record for the reader; false after the last. Throws CorruptRecordError. */
  next(): boolean {
    if (this.error !== undefined) throw this.error;
    const { cursor, partition } = this;
    if (cursor === null || cursor === undefined) return false;
    if (this.isHeld) return true;
    while (cursor.next()) {
      // A broker sends whole batches, also those that begin before the offset that was asked for.
      if (cursor.offset < partition.position.next) continue;
      return cursor.offset < partition.until;
    }
    return false;
  }

  async #decompress(maxDecompressedBytes: number | undefined): Promise<void> {
    try {
      this.cursor = new RecordCursor(this.batch, await decompress(this.batch, { maxDecompressedBytes }));
    } catch (error) {
      this.error = error as Error;
    }
  }
}

function ownMemory(records: Buffer): Buffer {
  return records.buffer.byteLength - records.length > slackBytes ? ownCopy(records) : records;
}
