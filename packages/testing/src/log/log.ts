import { readControlType, type RecordBatch } from '@tskafka/core/protocol';
import { assignEpoch, type EpochStart, truncateEpochsFromEnd, truncateEpochsFromStart } from './leader-epochs.ts';
import { type IncomingBatch, judgeBatch, type ProducerState, type ProducerVerdict, withBatch, withMarker } from './producer-state.ts';
import { stampBatch } from './stamp-batch.ts';
import { TransactionIndex } from './transaction-index.ts';

export interface StampOptions {
  readonly leaderEpoch: number;
  /** The broker's time, where the topic's timestamps are those of appending. */
  readonly appendTime?: number | undefined;
}

export interface Appended {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly batch: RecordBatch;
}

export interface MeasuredBytes {
  readonly available: number;
  readonly firstBatchBytes: number;
  /** Whether nothing that may be read follows. */
  readonly reachesEnd: boolean;
}

/**
 * The records of one partition, as the batches that were sent: their bytes are kept, with the offset and leader epoch stamped on.
 *
 * All replicas share this one log. What is appended is committed at once, up to `highWatermarkLimit`.
 */
export class PartitionLog {
  /** By rising offset. */
  #batches: RecordBatch[] = [];
  /** How many bytes of log precede each batch. */
  #positions: number[] = [];
  #endPosition = 0;
  #startOffset = 0;
  #endOffset = 0;
  #epochs: readonly EpochStart[] = [];
  readonly #producers = new Map<number, ProducerState>();
  readonly transactions = new TransactionIndex();
  readonly #watchers = new Set<() => void>();
  /** Beyond this nothing is committed yet. Infinity: all of it is. */
  highWatermarkLimit = Infinity;

  get startOffset(): number {
    return this.#startOffset;
  }

  /** The offset of the next record. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Up to here the log is committed: consumers read no further. */
  get highWatermark(): number {
    return Math.min(this.#endOffset, this.highWatermarkLimit);
  }

  /** Up to here nothing belongs to an open transaction. */
  get lastStableOffset(): number {
    return Math.max(this.#startOffset, Math.min(this.highWatermark, this.transactions.firstOpenOffset ?? Infinity));
  }

  get epochs(): readonly EpochStart[] {
    return this.#epochs;
  }

  get batches(): readonly RecordBatch[] {
    return this.#batches;
  }

  get sizeInBytes(): number {
    return this.#endPosition - (this.#positions[0] ?? this.#endPosition);
  }

  get producers(): ReadonlyMap<number, ProducerState> {
    return this.#producers;
  }

  /** Calls `watcher` whenever a fetch might get another answer than before, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** To be called when the log, its leader or its topic has changed. */
  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  beginEpoch(epoch: number): void {
    this.#epochs = assignEpoch(this.#epochs, epoch, this.#endOffset);
  }

  /** What becomes of an idempotent producer's batch. */
  judge(producerId: number, batch: IncomingBatch): ProducerVerdict {
    return judgeBatch(this.#producers.get(producerId), batch);
  }

  /** Appends a copy of the batch. Whether it may be appended was judged before. */
  append(source: RecordBatch, options: StampOptions): Appended {
    const batch = stampBatch(source, { ...options, baseOffset: this.#endOffset });
    this.#epochs = assignEpoch(this.#epochs, options.leaderEpoch, batch.baseOffset);
    this.#batches.push(batch);
    this.#positions.push(this.#endPosition);
    this.#endPosition += batch.bytes.length;
    this.#endOffset = batch.lastOffset + 1;
    if (batch.producerId >= 0) this.#remember(batch);
    this.changed();
    return { baseOffset: batch.baseOffset, lastOffset: batch.lastOffset, batch };
  }

  /** The bytes from the batch with `offset` up to `upTo`, a batch boundary: how many there are, and the size of the first batch. */
  measure(offset: number, upTo: number): MeasuredBytes {
    const first = this.#indexOf(offset);
    const end = upTo >= this.#endOffset ? this.#batches.length : this.#indexOf(upTo);
    if (first >= end) return { available: 0, firstBatchBytes: 0, reachesEnd: true };
    const endPosition = this.#positions[end] ?? this.#endPosition;
    return { available: endPosition - this.#positions[first]!, firstBatchBytes: this.#batches[first]!.bytes.length, reachesEnd: true };
  }

  /** The first `length` bytes from the batch with `offset` on, and the offset behind them. The last batch may be cut. */
  read(offset: number, length: number): { readonly bytes: Buffer; readonly endOffset: number } {
    const chunks: Buffer[] = [];
    let left = length;
    let endOffset = offset;
    for (let i = this.#indexOf(offset); left > 0; i++) {
      const { bytes, lastOffset } = this.#batches[i]!;
      chunks.push(bytes.length <= left ? bytes : bytes.subarray(0, left));
      left -= bytes.length;
      endOffset = lastOffset + 1;
    }
    return { bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), endOffset };
  }

  /** Removes what precedes `offset`. A batch goes when all of it does. */
  deleteBefore(offset: number): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = offset;
    this.#epochs = truncateEpochsFromStart(this.#epochs, offset);
    const kept = this.#indexOf(offset);
    this.#batches = this.#batches.slice(kept);
    this.#positions = this.#positions.slice(kept);
    this.changed();
  }

  /** Loses what follows `offset`, as a log does whose new leader never had it (an unclean election). */
  truncateTo(offset: number): void {
    if (offset >= this.#endOffset) return;
    const kept = this.#batches.findIndex((batch) => batch.lastOffset >= offset);
    this.#endPosition = this.#positions[kept] ?? this.#endPosition;
    this.#endOffset = this.#batches[kept]?.baseOffset ?? this.#endOffset;
    this.#batches = this.#batches.slice(0, kept);
    this.#positions = this.#positions.slice(0, kept);
    this.#startOffset = Math.min(this.#startOffset, this.#endOffset);
    this.#epochs = truncateEpochsFromEnd(this.#epochs, this.#endOffset);
    this.#recollectProducers();
    this.changed();
  }

  /** Forgets the idempotent producers, as a broker does some time after their last write (`producer.id.expiration.ms`). */
  forgetProducers(): void {
    this.#producers.clear();
  }

  #remember(batch: RecordBatch): void {
    if (batch.isControl) return this.#endTransaction(batch);
    const incoming = {
      epoch: batch.producerEpoch,
      firstSequence: batch.baseSequence,
      recordCount: batch.lastOffset - batch.baseOffset + 1,
      transactional: batch.isTransactional,
    };
    const state = withBatch(this.#producers.get(batch.producerId), incoming, batch.baseOffset, batch.maxTimestamp);
    this.#producers.set(batch.producerId, state);
    if (batch.isTransactional) this.transactions.begin(batch.producerId, batch.baseOffset);
  }

  #endTransaction(marker: RecordBatch): void {
    const type = readControlType(marker);
    if (type === 'other') return;
    const { producerId, producerEpoch, maxTimestamp } = marker;
    this.transactions.end(producerId, marker.baseOffset, type === 'commit');
    const before = this.#producers.get(producerId);
    this.#producers.set(producerId, withMarker(before, producerEpoch, before?.coordinatorEpoch ?? -1, maxTimestamp));
  }

  #recollectProducers(): void {
    this.#producers.clear();
    this.transactions.clear();
    for (const batch of this.#batches) if (batch.producerId >= 0) this.#remember(batch);
  }

  /** The place of the batch with `offset`, or of the next one behind a gap. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches[middle]!.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
