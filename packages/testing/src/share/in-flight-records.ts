import { type InFlightBatch, type Locks } from './in-flight-batch.ts';
import type { RecordState } from './in-flight-state.ts';

/** Offsets between stored batches of which the store knows nothing: they were acquired, and nobody said what became of them. */
export interface GapWindow {
  /** It holds for as long as nothing beyond this has been acquired. */
  readonly endOffset: number;
  /** The next offset that may lie in a gap. */
  startOffset: number;
}

/** The records of a share partition between its start (the first that is not done with) and its end (the last that was acquired). */
export class InFlightRecords {
  /** By rising offset. */
  #batches: InFlightBatch[] = [];
  startOffset = 0;
  endOffset = 0;
  /** Whether something before the end may be available. */
  maybeAvailable = false;
  #gap: GapWindow | undefined;

  get batches(): readonly InFlightBatch[] {
    return this.#batches;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** The number of records from the start to the end, whatever their state: it is limited (`group.share.partition.max.record.locks`). */
  get size(): number {
    return this.isEmpty ? 0 : this.endOffset - this.startOffset + 1;
  }

  /** How many of them are done with. */
  get completeCount(): number {
    let count = 0;
    for (const batch of this.#batches) {
      for (const { firstOffset, lastOffset, state } of batch.runs()) {
        if (state.isTerminal) count += Math.max(0, lastOffset - Math.max(firstOffset, this.startOffset) + 1);
      }
    }
    return count;
  }

  get gap(): GapWindow | undefined {
    return this.#gap?.endOffset === this.endOffset ? this.#gap : undefined;
  }

  openGap(startOffset: number): void {
    this.#gap = { endOffset: this.endOffset, startOffset };
  }

  /** What lies before `offset` was acquired, gaps included. */
  narrowGap(offset: number): void {
    if (this.#gap === undefined) return;
    if (this.gap !== undefined && offset <= this.#gap.endOffset) this.#gap.startOffset = offset;
    else this.#gap = undefined;
  }

  add(batch: InFlightBatch): void {
    const at = this.#batches.findLastIndex(({ firstOffset }) => firstOffset < batch.firstOffset) + 1;
    const replaced = this.#batches[at]?.firstOffset === batch.firstOffset ? 1 : 0;
    this.#batches.splice(at, replaced, batch);
  }

  /** The last batch that begins at `offset` or before. */
  floor(offset: number): InFlightBatch | undefined {
    return this.#batches.findLast(({ firstOffset }) => firstOffset <= offset);
  }

  /** The batches that begin between these offsets, both included. */
  beginningIn(from: number, to: number): InFlightBatch[] {
    return this.#batches.filter(({ firstOffset }) => firstOffset >= from && firstOffset <= to);
  }

  /** The batches that begin before `offset` or hold it, up to those that begin at `to`. */
  touching(offset: number, to: number): InFlightBatch[] {
    return this.beginningIn(this.floor(offset)?.firstOffset ?? offset, to);
  }

  /** Forgets the batches before the one that begins at `offset`. */
  forgetBefore(offset: number): void {
    this.#batches = this.#batches.filter(({ firstOffset }) => firstOffset >= offset);
  }

  clear(): void {
    this.#batches = [];
  }

  /** Gives up what is in this state from `from` up to, and without, `to`. */
  archive(from: number, to: number, state: RecordState, batches: readonly InFlightBatch[], locks: Locks): boolean {
    let archived = false;
    for (const batch of batches) {
      if (batch.firstOffset >= to) break;
      if (batch.whole !== undefined && batch.whole.state !== state) continue;
      if (batch.whole !== undefined && !batch.isWithin(from, to - 1)) batch.split(locks);
      for (const run of batch.runs()) {
        if (run.state.state !== state || (batch.whole === undefined && (run.firstOffset < from || run.firstOffset >= to))) continue;
        run.state.archive();
        archived = true;
      }
    }
    return archived;
  }

  /** Where the next fetch begins: at the first record that is available, else behind the end. */
  nextFetchOffset(): number {
    const behindEnd = this.isEmpty || this.startOffset > this.#batches.at(-1)!.lastOffset ? this.endOffset : this.endOffset + 1;
    if (!this.maybeAvailable) return behindEnd;
    if (behindEnd === this.endOffset) {
      this.maybeAvailable = false;
      return behindEnd;
    }
    let gapStart = this.gap?.startOffset;
    for (const batch of this.#batches) {
      if (gapStart !== undefined) {
        if (batch.firstOffset > gapStart) return gapStart;
        gapStart = Math.max(batch.lastOffset + 1, gapStart);
      }
      for (const { firstOffset, state } of batch.runs()) if (state.state === 'available') return firstOffset;
    }
    this.maybeAvailable = false;
    return behindEnd;
  }

  /** Moves the start behind what is done with, and forgets it. Gives whether it moved. */
  advance(): boolean {
    const first = this.floor(this.startOffset);
    if (first === undefined || !first.at(Math.min(this.startOffset, first.lastOffset)).isTerminal) return false;
    const lastDone = this.#lastDone();
    if (lastDone === -1) return false;
    const lastOffset = this.#batches.at(-1)!.lastOffset;
    if (lastDone === lastOffset) {
      this.startOffset = this.endOffset = lastOffset + 1;
      this.clear();
      return true;
    }
    const batch = this.floor(lastDone)!;
    if (lastDone === batch.lastOffset) {
      const next = this.#batches.find(({ firstOffset }) => firstOffset > lastDone)!.firstOffset;
      this.startOffset = Math.max(this.startOffset, next);
      if (this.gap !== undefined) this.startOffset = Math.min(this.gap.startOffset, this.startOffset);
      this.forgetBefore(lastDone + 1);
    } else {
      // A batch stays as long as one of its records is not done with.
      this.startOffset = Math.max(this.startOffset, lastDone + 1);
      this.forgetBefore(batch.firstOffset);
    }
    return true;
  }

  /** The last of the records that are done with, without one before it that is not; -1 for none. */
  #lastDone(): number {
    let last = -1;
    for (const batch of this.#batches) {
      if (this.gap !== undefined && batch.lastOffset >= this.gap.startOffset) return last;
      for (const { lastOffset, state } of batch.runs()) {
        if (!state.isTerminal) return last;
        last = lastOffset;
      }
    }
    return last;
  }
}
