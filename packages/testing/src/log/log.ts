import type { RecordBatch } from '@tskafka/core/protocol';
import { assignEpoch, type EpochStart, truncateEpochsFromEnd, truncateEpochsFromStart } from './leader-epochs.ts';
import { type IncomingBatch, judgeBatch, type ProducerState, type ProducerVerdict, withBatch, withMarker } from './producer-state.ts';
import { type LogSegment, type SegmentRules, Segments } from './segments.ts';
import { readMarker } from './read-marker.ts';
import { stampBatch } from './stamp-batch.ts';
import { type AbortedTransaction, TransactionIndex } from './transaction-index.ts';
import { type Verification, withAttempt } from './verification.ts';

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

/** What a log asks of its topic and its broker when it is written. */
export interface LogSettings {
  segmentRules(): SegmentRules;
  /** Milliseconds since 1970. */
  wallTime(): number;
}

const oneSegment: LogSettings = {
  segmentRules: () => ({ maxBytes: Infinity, maxMs: Infinity, indexIntervalBytes: Infinity }),
  wallTime: () => 0,
};

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
  readonly #segments = new Segments();
  readonly #settings: LogSettings;
  #startOffset = 0;
  #endOffset = 0;
  #epochs: readonly EpochStart[] = [];
  readonly #producers = new Map<number, ProducerState>();
  readonly #verifications = new Map<number, Verification>();
  readonly transactions = new TransactionIndex();
  readonly #watchers = new Set<() => void>();
  /** Beyond this nothing is committed yet. Infinity: all of it is. */
  highWatermarkLimit = Infinity;
  /** Up to here the log was compacted. */
  cleanedUpTo = 0;

  constructor(settings: LogSettings = oneSegment) {
    this.#settings = settings;
  }

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
    const { highWatermark } = this;
    const unstable = this.transactions.firstUnstableOffset(highWatermark);
    if (unstable === undefined) return highWatermark;
    if (unstable >= this.#startOffset) return Math.min(highWatermark, unstable);
    // The start of the log has overtaken it. Kafka gives the batch then in which the log starts, and that may begin earlier.
    return Math.min(highWatermark, this.#batches[this.#indexOf(this.#startOffset)]?.baseOffset ?? this.#startOffset);
  }

  get epochs(): readonly EpochStart[] {
    return this.#epochs;
  }

  get batches(): readonly RecordBatch[] {
    return this.#batches;
  }

  /** The files that it would have on a disk, the active one last. */
  get segments(): readonly LogSegment[] {
    return this.#segments.all;
  }

  get sizeInBytes(): number {
    return this.#endPosition - (this.#positions[0] ?? this.#endPosition);
  }

  get producers(): ReadonlyMap<number, ProducerState> {
    return this.#producers;
  }

  /** Takes over what another log holds. The batches are the same: nobody changes their bytes. */
  copyFrom(other: PartitionLog): void {
    this.#batches = [...other.#batches];
    this.#positions = [...other.#positions];
    this.#endPosition = other.#endPosition;
    this.#segments.copyFrom(other.#segments);
    this.#startOffset = other.#startOffset;
    this.#endOffset = other.#endOffset;
    this.#epochs = other.#epochs;
    for (const [id, state] of other.#producers) this.#producers.set(id, state);
    for (const [id, verification] of other.#verifications) this.#verifications.set(id, verification);
    this.transactions.copyFrom(other.transactions);
    this.highWatermarkLimit = other.highWatermarkLimit;
    this.cleanedUpTo = other.cleanedUpTo;
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
    return judgeBatch(this.#producers.get(producerId), batch, this.#verifications.get(producerId));
  }

  /**
   * Whether the transaction coordinator must be asked before the producer's batch is appended (KIP-890): not while its transaction is
   * open here. `fenced`: its epoch is too old.
   */
  startVerification(producerId: number, attempt: Verification): 'needed' | 'ongoing' | 'fenced' {
    const state = this.#producers.get(producerId);
    if (state !== undefined && attempt.epoch < state.epoch) return 'fenced';
    if (state?.transactionStart !== undefined && state.epoch === attempt.epoch) return 'ongoing';
    this.#verifications.set(producerId, withAttempt(this.#verifications.get(producerId), attempt));
    return 'needed';
  }

  /** Appends a copy of the batch. Whether it may be appended was judged before. */
  append(source: RecordBatch, options: StampOptions): Appended {
    const batch = stampBatch(source, { ...options, baseOffset: this.#endOffset });
    this.#epochs = assignEpoch(this.#epochs, options.leaderEpoch, batch.baseOffset);
    this.#segments.append(batch, this.#settings.segmentRules(), this.#settings.wallTime());
    this.#batches.push(batch);
    this.#positions.push(this.#endPosition);
    this.#endPosition += batch.bytes.length;
    this.#endOffset = batch.lastOffset + 1;
    if (batch.producerId >= 0) this.#remember(batch);
    this.changed();
    return { baseOffset: batch.baseOffset, lastOffset: batch.lastOffset, batch };
  }

  /**
   * The bytes from the batch with `offset` up to `upTo`, a batch boundary: how many there are, and the size of the first batch.
   * A read does not go on into the next segment.
   */
  measure(offset: number, upTo: number): MeasuredBytes {
    const first = this.#indexOf(offset);
    const firstBatch = this.#batches[first];
    const segmentEnd = firstBatch === undefined ? Infinity : this.#segments.endOf(firstBatch.baseOffset);
    const end = this.#indexUpTo(Math.min(upTo, segmentEnd));
    if (firstBatch === undefined || first >= end) return { available: 0, firstBatchBytes: 0, reachesEnd: true };
    const endPosition = this.#positions[end] ?? this.#endPosition;
    const available = endPosition - this.#positions[first]!;
    return { available, firstBatchBytes: firstBatch.bytes.length, reachesEnd: end >= this.#indexUpTo(upTo) };
  }

  /** The first `length` bytes from the batch with `offset` on. The last batch may be cut. */
  read(offset: number, length: number): Buffer {
    const chunks: Buffer[] = [];
    let left = length;
    for (let i = this.#indexOf(offset); left > 0; i++) {
      const { bytes } = this.#batches[i]!;
      chunks.push(bytes.length <= left ? bytes : bytes.subarray(0, left));
      left -= bytes.length;
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** The aborted transactions of those bytes. Kafka looks in its index where they end, so that some which follow are told as well. */
  abortedIn(offset: number, length: number): AbortedTransaction[] {
    const first = this.#indexOf(offset);
    const base = this.#segments.baseOf(this.#batches[first]?.baseOffset ?? offset);
    const bytes = this.#positions[first]! - this.#positions[this.#indexOf(base)]! + length;
    return this.transactions.abortedBetween(offset, this.#segments.offsetBehind(base, bytes));
  }

  /** Removes what precedes `offset`: nobody reads it any more, and it goes with its segment. */
  deleteBefore(offset: number): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = offset;
    this.#epochs = truncateEpochsFromStart(this.#epochs, offset);
    this.#segments.dropBefore(offset);
    const kept = this.#indexOf(this.#segments.firstBase);
    this.#batches = this.#batches.slice(kept);
    this.#positions = this.#positions.slice(kept);
    this.changed();
  }

  /** Begins a new segment, so that compaction may take the one that was active. */
  roll(): void {
    this.#segments.roll(this.#endOffset, this.#settings.wallTime());
  }

  /** Deletes the oldest segments, if need be all: then a new one begins. */
  deleteSegments(count: number): void {
    if (count === 0) return;
    if (count === this.#segments.count) this.roll();
    this.deleteBefore(this.#segments.all[count]?.baseOffset ?? this.#endOffset);
  }

  /** Puts these batches in the place of all before `end`, in segments that begin at `bases`. */
  replaceBefore(end: number, batches: readonly RecordBatch[], bases: readonly number[]): void {
    this.#batches = [...batches, ...this.#batches.filter(({ baseOffset }) => baseOffset >= end)];
    this.#positions = [];
    this.#endPosition = 0;
    for (const { bytes } of this.#batches) {
      this.#positions.push(this.#endPosition);
      this.#endPosition += bytes.length;
    }
    this.#segments.recount(this.#batches, { bases });
    this.cleanedUpTo = end;
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
    this.cleanedUpTo = Math.min(this.cleanedUpTo, this.#endOffset);
    this.#segments.recount(this.#batches, { from: this.#endOffset });
    this.#epochs = truncateEpochsFromEnd(this.#epochs, this.#endOffset);
    this.#recollectProducers();
    this.changed();
  }

  /** Forgets the idempotent producers without an open transaction that wrote nothing since (`producer.id.expiration.ms`). */
  expireProducers(olderThan: number): void {
    for (const [id, { lastTimestamp }] of this.#producers) {
      if (lastTimestamp <= olderThan && !this.transactions.open.has(id)) this.#producers.delete(id);
    }
  }

  /** Forgets the idempotent producers, whatever they wrote. */
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
    if (!batch.isTransactional) return;
    this.transactions.begin(batch.producerId, batch.baseOffset);
    this.#verifications.delete(batch.producerId);
  }

  #endTransaction(batch: RecordBatch): void {
    const marker = readMarker(batch);
    if (marker === undefined) return;
    const { producerId, producerEpoch, maxTimestamp } = batch;
    this.transactions.end(producerId, batch.baseOffset, marker.committed);
    const before = this.#producers.get(producerId);
    this.#producers.set(producerId, withMarker(before, producerEpoch, marker.coordinatorEpoch, maxTimestamp));
    // With protocol 2 the next transaction may be on its way already, with the epoch of this marker.
    const verification = this.#verifications.get(producerId);
    if (verification?.bumpsEpochs !== true || verification.epoch !== producerEpoch) this.#verifications.delete(producerId);
  }

  #recollectProducers(): void {
    this.#producers.clear();
    this.transactions.clear();
    for (const batch of this.#batches) if (batch.producerId >= 0) this.#remember(batch);
  }

  #indexUpTo(offset: number): number {
    return offset >= this.#endOffset ? this.#batches.length : this.#indexOf(offset);
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
