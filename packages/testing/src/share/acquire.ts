import type { RecordBatch } from '@tskafka/core/protocol';
import { InFlightBatch, type Locks } from './in-flight-batch.ts';
import type { InFlightRecords } from './in-flight-records.ts';
import { InFlightState } from './in-flight-state.ts';

/** Records that a member was given, both ends included. */
export interface AcquiredRecords {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

export interface Acquired {
  readonly records: readonly AcquiredRecords[];
  /** How many offsets these are. */
  readonly count: number;
}

/** The batches of a log, as far as acquiring looks at them. */
export type FetchedBatch = Pick<RecordBatch, 'baseOffset' | 'lastOffset'>;

export interface AcquireRequest {
  readonly memberId: string;
  /** Whether `maxRecords` is strict (KIP-1206). Else whole batches are acquired, and the last one may exceed it. */
  readonly recordLimit: boolean;
  readonly maxRecords: number;
  /** New records are acquired in pieces of so many, at batch boundaries. */
  readonly batchSize: number;
  readonly fetchOffset: number;
  readonly batches: readonly FetchedBatch[];
}

export interface AcquireLimits {
  readonly deliveryCountLimit: number;
  readonly maxRecordLocks: number;
}

const nothing: Acquired = { records: [], count: 0 };

/** Gives a member what is available of the batches that were fetched for it, and what has not been fetched before. */
export function acquireRecords(inFlight: InFlightRecords, request: AcquireRequest, limits: AcquireLimits, locks: Locks): Acquired {
  const last = request.batches.at(-1);
  if (request.maxRecords <= 0 || last === undefined || last.lastOffset < inFlight.startOffset) return nothing;
  const limit = limitOf(inFlight, request, last.lastOffset, limits);
  if (limit.maxRecords <= 0) return nothing;
  const acquiring = new Acquiring(inFlight, request, limits, locks, limit.lastOffset);
  return acquiring.run(limit.maxRecords);
}

/** How many records may still be acquired, and up to where: a partition whose locks are used up gives what lies before its end only. */
function limitOf(inFlight: InFlightRecords, { maxRecords, fetchOffset }: AcquireRequest, lastOffset: number, limits: AcquireLimits) {
  const room = Math.min(maxRecords, limits.maxRecordLocks - inFlight.size);
  if (room > 0 || fetchOffset > inFlight.endOffset) return { maxRecords: room, lastOffset };
  return { maxRecords: Math.min(maxRecords, inFlight.endOffset - fetchOffset + 1), lastOffset: Math.min(lastOffset, inFlight.endOffset) };
}

class Acquiring {
  readonly #inFlight: InFlightRecords;
  readonly #request: AcquireRequest;
  readonly #limits: AcquireLimits;
  readonly #locks: Locks;
  readonly #firstOffset: number;
  readonly #lastOffset: number;
  readonly #throttleFrom: number;
  readonly #records: AcquiredRecords[] = [];
  #count = 0;

  constructor(inFlight: InFlightRecords, request: AcquireRequest, limits: AcquireLimits, locks: Locks, lastOffset: number) {
    this.#inFlight = inFlight;
    this.#request = request;
    this.#limits = limits;
    this.#locks = locks;
    this.#firstOffset = request.batches[0]!.baseOffset;
    this.#lastOffset = lastOffset;
    this.#throttleFrom = Math.max(2, Math.ceil(limits.deliveryCountLimit / 2));
  }

  run(limit: number): Acquired {
    const inFlight = this.#inFlight;
    let maxRecords = limit;
    const from = this.#begin();
    const overlapping = inFlight.beginningIn(Math.min(this.#firstOffset, from), this.#lastOffset);
    if (overlapping.length === 0) {
      this.#acquireNew(from, this.#lastOffset, maxRecords);
      return this.#result();
    }
    let gapStart = from;
    for (const batch of overlapping) {
      if (this.#count >= maxRecords) break;
      if (inFlight.gap !== undefined) {
        if (gapStart < batch.firstOffset) this.#acquireNew(gapStart, batch.firstOffset - 1, maxRecords - this.#count);
        gapStart = batch.lastOffset + 1;
        if (this.#count >= maxRecords) break;
      }
      const left = maxRecords - this.#count;
      const throttled = this.#isThrottled(batch);
      // What has failed often is delivered apart from what has not.
      if (throttled && this.#count > 0) {
        maxRecords = 0;
        break;
      }
      if (!this.#acquiresWhole(batch, left, throttled)) {
        if (batch.whole !== undefined && batch.whole.state !== 'available') continue;
        const acquired = this.#acquireOffsets(batch, left);
        if (throttled && acquired > 0) {
          maxRecords = 0;
          break;
        }
        continue;
      }
      if (batch.whole!.state !== 'available') continue;
      const { memberId } = this.#request;
      batch.whole!.acquire(memberId, this.#locks.take(batch.firstOffset, batch.lastOffset));
      this.#add(batch.firstOffset, batch.lastOffset, batch.whole!.deliveryCount);
    }
    const behind = overlapping.at(-1)!.lastOffset + 1;
    if (this.#count < maxRecords && behind <= this.#lastOffset) this.#acquireNew(behind, this.#lastOffset, maxRecords - this.#count);
    if (this.#records.length > 0) inFlight.narrowGap(this.#records.at(-1)!.lastOffset + 1);
    return this.#result();
  }

  #result(): Acquired {
    return { records: this.#records, count: this.#count };
  }

  #add(firstOffset: number, lastOffset: number, deliveryCount: number): void {
    this.#records.push({ firstOffset, lastOffset, deliveryCount });
    this.#count += lastOffset - firstOffset + 1;
  }

  /** Where acquiring begins: with the batch that holds the first offset, and never before the start. */
  #begin(): number {
    const inFlight = this.#inFlight;
    const first = this.#firstOffset;
    this.#archiveMissing(first);
    const floor = inFlight.floor(first);
    if (floor === undefined) return Math.max(first, inFlight.startOffset);
    return floor.lastOffset >= first ? floor.firstOffset : first;
  }

  /** What was available where the log has nothing any more (compaction) will never be delivered. */
  #archiveMissing(firstOffset: number): void {
    const { fetchOffset } = this.#request;
    if (fetchOffset >= firstOffset) return;
    const floor = this.#inFlight.floor(fetchOffset);
    const from = floor !== undefined && floor.lastOffset >= fetchOffset ? floor.firstOffset : fetchOffset;
    const missing = this.#inFlight.beginningIn(from, firstOffset - 1);
    if (this.#inFlight.archive(fetchOffset, firstOffset, 'available', missing, this.#locks)) this.#inFlight.maybeAvailable = true;
  }

  #acquiresWhole(batch: InFlightBatch, left: number, throttled: boolean): boolean {
    if (batch.whole === undefined || throttled || !batch.isWithin(this.#firstOffset, this.#lastOffset)) return false;
    return !this.#request.recordLimit || batch.lastOffset - batch.firstOffset + 1 <= left;
  }

  #isThrottled(batch: InFlightBatch): boolean {
    for (const { firstOffset, state } of batch.runs()) {
      if (state.state !== 'available' || state.deliveryCount < this.#throttleFrom) continue;
      if (batch.whole !== undefined || (firstOffset >= this.#firstOffset && firstOffset <= this.#lastOffset)) return true;
    }
    return false;
  }

  /** Acquires single records of a batch: all that are available, but for the limits. */
  #acquireOffsets(batch: InFlightBatch, maxRecords: number): number {
    const { memberId, recordLimit } = this.#request;
    const { deliveryCountLimit } = this.#limits;
    const isolatesLast = deliveryCountLimit > 2;
    const acquired: AcquiredRecords[] = [];
    const states = batch.split(this.#locks);
    let throttledTo: number | undefined;
    for (const [offset, state] of states) {
      if (offset < this.#firstOffset) continue;
      if (offset > this.#lastOffset) break;
      if (state.state !== 'available') continue;
      // The last try of a record is its own: should it be what makes consumers fail, the others are not counted as failed with it.
      const isLastTry = isolatesLast && state.deliveryCount === deliveryCountLimit - 1;
      if (isLastTry && acquired.length > 0) break;
      if (state.deliveryCount >= this.#throttleFrom) {
        throttledTo ??= Math.max(1, states.size >> (state.deliveryCount - this.#throttleFrom + 1));
      }
      state.acquire(memberId, this.#locks.take(offset, offset));
      acquired.push({ firstOffset: offset, lastOffset: offset, deliveryCount: state.deliveryCount });
      if (isLastTry || (recordLimit && acquired.length === maxRecords) || acquired.length === throttledTo) break;
    }
    for (const { firstOffset, lastOffset, deliveryCount } of joined(acquired)) this.#add(firstOffset, lastOffset, deliveryCount);
    return acquired.length;
  }

  /** Acquires what was not in flight. */
  #acquireNew(firstOffset: number, lastOffset: number, maxRecords: number): void {
    const inFlight = this.#inFlight;
    const { batches, recordLimit, batchSize } = this.#request;
    const first = inFlight.isEmpty ? Math.max(firstOffset, inFlight.endOffset) : firstOffset;
    let last = lastOffset;
    if (maxRecords < last - first + 1) {
      last = endOfBatchWith(batches, first + maxRecords - 1);
      if (inFlight.gap !== undefined) last = Math.min(last, lastOffset);
    }
    const acquired = recordLimit ? this.#addLimited(first, last, maxRecords) : this.#addSplit(first, last, batchSize);
    if (inFlight.batches[0]!.firstOffset === first) inFlight.startOffset = first;
    inFlight.endOffset = Math.max(inFlight.endOffset, last);
    for (const piece of acquired) this.#add(piece.firstOffset, piece.lastOffset, 1);
    inFlight.narrowGap((recordLimit ? acquired[0]!.lastOffset : last) + 1);
  }

  /** The batch is in flight to its end, and acquired as far as the limit goes. */
  #addLimited(first: number, last: number, maxRecords: number): Piece[] {
    const { memberId } = this.#request;
    if (last - first + 1 <= maxRecords) return this.#addSplit(first, last, Infinity);
    const batch = new InFlightBatch(first, last, new InFlightState('acquired', 1, memberId));
    const lastAcquired = first + maxRecords - 1;
    batch.splitAfter(lastAcquired, this.#locks);
    this.#inFlight.maybeAvailable = true;
    this.#inFlight.add(batch);
    return [{ firstOffset: first, lastOffset: lastAcquired }];
  }

  #addSplit(first: number, last: number, batchSize: number): Piece[] {
    const { memberId, batches } = this.#request;
    const pieces = piecesOf(batches, first, last, batchSize);
    for (const { firstOffset, lastOffset } of pieces) {
      const lock = this.#locks.take(firstOffset, lastOffset);
      this.#inFlight.add(new InFlightBatch(firstOffset, lastOffset, new InFlightState('acquired', 1, memberId, lock)));
    }
    return pieces;
  }
}

interface Piece {
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** Cuts at batch boundaries, each piece having at least `batchSize` offsets. */
function piecesOf(batches: readonly FetchedBatch[], first: number, last: number, batchSize: number): Piece[] {
  const pieces: Piece[] = [];
  let firstOffset = first;
  if (last - first + 1 > batchSize) {
    for (const { baseOffset } of batches) {
      if (baseOffset > last) break;
      if (baseOffset - firstOffset < batchSize) continue;
      pieces.push({ firstOffset, lastOffset: baseOffset - 1 });
      firstOffset = baseOffset;
    }
  }
  return [...pieces, { firstOffset, lastOffset: last }];
}

function endOfBatchWith(batches: readonly FetchedBatch[], offset: number): number {
  const batch = batches.findLast(({ baseOffset }) => baseOffset <= offset);
  return batch !== undefined && offset <= batch.lastOffset ? batch.lastOffset : offset;
}

/** Joins neighbours that were delivered equally often. */
function joined(records: readonly AcquiredRecords[]): AcquiredRecords[] {
  const result: AcquiredRecords[] = [];
  for (const record of records) {
    const before = result.at(-1);
    if (before?.lastOffset === record.firstOffset - 1 && before.deliveryCount === record.deliveryCount) {
      result[result.length - 1] = { ...before, lastOffset: record.lastOffset };
    } else {
      result.push(record);
    }
  }
  return result;
}
