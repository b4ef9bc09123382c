import { OffsetIndex } from './offset-index.ts';

/** A file of the log: retention deletes whole ones, and compaction leaves the last one alone. */
export interface LogSegment {
  /** Where it begins; the first record may come later. */
  readonly baseOffset: number;
  readonly sizeInBytes: number;
  /** The largest timestamp in it; that of its last change when it has none. Milliseconds since 1970. */
  readonly largestTimestamp: number;
  /** That of its first batch, from which its age counts; undefined when it has none. */
  readonly firstTimestamp: number | undefined;
}

export interface SegmentRules {
  /** `segment.bytes` */
  readonly maxBytes: number;
  /** `segment.ms` */
  readonly maxMs: number;
  /** `index.interval.bytes` */
  readonly indexIntervalBytes: number;
}

/** What is appended, as far as the segments look at it. */
export interface SizedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  readonly bytes: { readonly length: number };
}

interface Segment {
  readonly baseOffset: number;
  readonly createdAt: number;
  changedAt: number;
  sizeInBytes: number;
  /** The largest timestamp of its first batch, from which its age counts. */
  firstTimestamp: number | undefined;
  maxTimestamp: number;
  readonly index: OffsetIndex;
}

/** The segments of one log, by rising offset. There is always an active one, the last. */
export class Segments {
  #all: Segment[] = [newSegment(0, 0)];
  /** What it was when the last batch came. */
  #indexIntervalBytes = Infinity;

  copyFrom(other: Segments): void {
    this.#all = other.#all.map((segment) => ({ ...segment, index: segment.index.clone() }));
    this.#indexIntervalBytes = other.#indexIntervalBytes;
  }

  get all(): readonly LogSegment[] {
    return this.#all.map(({ baseOffset, sizeInBytes, firstTimestamp, maxTimestamp, changedAt }) => {
      return { baseOffset, sizeInBytes, firstTimestamp, largestTimestamp: maxTimestamp >= 0 ? maxTimestamp : changedAt };
    });
  }

  get count(): number {
    return this.#all.length;
  }

  get firstBase(): number {
    return this.#all[0]!.baseOffset;
  }

  get activeBase(): number {
    return this.#all.at(-1)!.baseOffset;
  }

  /** Where the segment ends that holds this offset; Infinity for the active one. */
  endOf(offset: number): number {
    if (this.#all.length === 1) return Infinity;
    const next = this.#all.find(({ baseOffset }) => baseOffset > offset);
    return next === undefined ? Infinity : next.baseOffset;
  }

  /** Where the segment begins that holds this offset. */
  baseOf(offset: number): number {
    return this.#all.findLast(({ baseOffset }) => baseOffset <= offset)?.baseOffset ?? this.firstBase;
  }

  /** An offset that lies behind so many bytes of the segment with this base, and may lie far behind: the index of a segment is sparse. */
  offsetBehind(base: number, bytes: number): number {
    return this.#all.find(({ baseOffset }) => baseOffset === base)?.index.offsetBehind(bytes) ?? this.endOf(base);
  }

  /** Counts in a batch, in a new segment if the active one is full or old. */
  append(batch: SizedBatch, { maxBytes, maxMs, indexIntervalBytes }: SegmentRules, now: number): void {
    this.#indexIntervalBytes = indexIntervalBytes;
    const active = this.#all.at(-1)!;
    const age = active.firstTimestamp === undefined ? now - active.createdAt : batch.maxTimestamp - active.firstTimestamp;
    const isFull = active.sizeInBytes > maxBytes - batch.bytes.length || (active.sizeInBytes > 0 && age > maxMs);
    if (isFull && active.sizeInBytes > 0) this.roll(batch.baseOffset, now);
    this.#count(this.#all.at(-1)!, batch, now);
  }

  /** Begins a new segment here. */
  roll(baseOffset: number, now: number): void {
    if (this.activeBase < baseOffset) this.#all.push(newSegment(baseOffset, now));
  }

  /** Forgets the oldest ones. */
  drop(count: number): void {
    this.#all = this.#all.slice(count);
  }

  /** Forgets those that are wholly before the start of the log. */
  dropBefore(startOffset: number): void {
    const kept = this.#all.findLastIndex(({ baseOffset }) => baseOffset <= startOffset);
    if (kept > 0) this.drop(kept);
  }

  /** Counts anew: the log has these batches now. Segments that begin at `from` or later are gone, unless it is the first. */
  recount(
    batches: readonly SizedBatch[],
    { from = Infinity, bases }: { readonly from?: number; readonly bases?: readonly number[] } = {},
  ): void {
    const before = new Map(this.#all.map((segment) => [segment.baseOffset, segment]));
    const kept = (bases ?? this.#all.map(({ baseOffset }) => baseOffset)).filter((base, i) => i === 0 || base < from);
    this.#all = kept.map((base) => newSegment(base, before.get(base)?.createdAt ?? 0));
    let place = 0;
    for (const batch of batches) {
      while (place + 1 < this.#all.length && this.#all[place + 1]!.baseOffset <= batch.baseOffset) place++;
      const segment = this.#all[place]!;
      this.#count(segment, batch, before.get(segment.baseOffset)?.changedAt ?? 0);
    }
  }

  #count(segment: Segment, batch: SizedBatch, now: number): void {
    segment.index.append(batch.lastOffset, segment.sizeInBytes, batch.bytes.length, this.#indexIntervalBytes);
    if (segment.firstTimestamp === undefined && batch.maxTimestamp >= 0) segment.firstTimestamp = batch.maxTimestamp;
    segment.sizeInBytes += batch.bytes.length;
    segment.maxTimestamp = Math.max(segment.maxTimestamp, batch.maxTimestamp);
    segment.changedAt = now;
  }
}

function newSegment(baseOffset: number, now: number): Segment {
  return {
    baseOffset,
    createdAt: now,
    changedAt: now,
    sizeInBytes: 0,
    firstTimestamp: undefined,
    maxTimestamp: -1,
    index: new OffsetIndex(),
  };
}
