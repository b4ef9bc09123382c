import type { Clock } from '@tskafka/core/protocol';
import { type AcknowledgementBatch, acknowledgeRecords, type ShareError, Transition } from './acknowledge.ts';
import { type Acquired, type AcquireLimits, type AcquireRequest, acquireRecords, type FetchedBatch } from './acquire.ts';
import { withoutOffsets } from './aborted.ts';
import { InFlightBatch, type Locks, type StateBatch } from './in-flight-batch.ts';
import { InFlightRecords } from './in-flight-records.ts';
import { type AcquisitionLock, InFlightState, type RecordState } from './in-flight-state.ts';

/** What a group's configuration says of its share partitions; it may change at any time. */
export interface ShareSettings extends AcquireLimits {
  readonly recordLockDurationMs: number;
  readonly renewEnabled: boolean;
}

/** What is stored with the group, so that another broker can go on from there. */
export interface ShareStateUpdate {
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly batches: readonly StateBatch[];
}

export interface SharePartitionOptions {
  readonly clock: Clock;
  readonly settings: () => ShareSettings;
  /** Stores the state; gives why it could not. */
  readonly write: (update: ShareStateUpdate) => ShareError | undefined;
  readonly startOffset: number;
  readonly batches: readonly StateBatch[];
}

/** Offsets in one state. */
export interface RecordRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly state: RecordState;
  readonly deliveryCount: number;
  /** Whose they are; empty unless they are acquired. */
  readonly memberId: string;
}

/** One partition as a share group sees it: who has which of its records, how often they were delivered, and what is done with. */
export class SharePartition {
  readonly #inFlight = new InFlightRecords();
  readonly #options: SharePartitionOptions;
  readonly #watchers = new Set<() => void>();
  readonly #locks: Locks;
  readonly #held = new Set<AcquisitionLock>();

  constructor(options: SharePartitionOptions) {
    this.#options = options;
    this.#locks = { take: (...lock) => this.#take(...lock), remainingMs: ({ expiresAt }) => expiresAt - options.clock.now() };
    this.#load(options.startOffset, options.batches);
  }

  get startOffset(): number {
    return this.#inFlight.startOffset;
  }

  get endOffset(): number {
    return this.#inFlight.endOffset;
  }

  nextFetchOffset(): number {
    return this.#inFlight.nextFetchOffset();
  }

  /** Whether a fetch may bring something: what became available again, or new records while there are locks left. */
  canAcquire(): boolean {
    if (this.nextFetchOffset() !== this.endOffset + 1) return true;
    return this.#inFlight.size < this.#options.settings().maxRecordLocks;
  }

  /** Gives a member records of what was fetched for it. `aborted` are the fetched batches that nobody shall see. */
  acquire(request: AcquireRequest, aborted: readonly FetchedBatch[] = []): Acquired {
    const acquired = acquireRecords(this.#inFlight, request, this.#options.settings(), this.#locks);
    if (aborted.length === 0 || acquired.records.length === 0) return acquired;
    for (const { baseOffset, lastOffset } of aborted) {
      const batches = this.#inFlight.touching(baseOffset, lastOffset);
      this.#inFlight.archive(baseOffset, lastOffset + 1, 'acquired', batches, this.#locks);
    }
    const records = withoutOffsets(acquired.records, aborted);
    return { records, count: records.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0) };
  }

  /** Takes what a member says of its records: all of it, or nothing and why. */
  acknowledge(memberId: string, batches: readonly AcknowledgementBatch[]): ShareError | undefined {
    const transition = new Transition();
    const error = acknowledgeRecords(this.#inFlight, memberId, batches, this.#options.settings(), this.#locks, transition);
    return this.#finish(transition, error);
  }

  /** Makes available again what the member has acquired: its session is over. */
  release(memberId: string): ShareError | undefined {
    const { startOffset, batches } = this.#inFlight;
    const { deliveryCountLimit } = this.#options.settings();
    const transition = new Transition();
    for (const batch of batches) {
      if (batch.whole?.memberId === memberId && batch.firstOffset < startOffset && batch.lastOffset >= startOffset) {
        batch.split(this.#locks);
      }
      for (const { firstOffset, lastOffset, state } of batch.runs()) {
        if (state.state !== 'acquired' || state.memberId !== memberId) continue;
        const to = lastOffset < startOffset ? 'archived' : 'available';
        transition.leave(state, to, firstOffset, lastOffset, deliveryCountLimit);
      }
    }
    return this.#finish(transition, undefined);
  }

  /** The log now begins at `offset`, behind this partition's start: what lay before it is gone. */
  moveStart(offset: number): void {
    const inFlight = this.#inFlight;
    if (offset <= inFlight.startOffset) return;
    if (inFlight.isEmpty) {
      inFlight.startOffset = inFlight.endOffset = offset;
      return;
    }
    if (inFlight.archive(inFlight.startOffset, offset, 'available', inFlight.batches, this.#locks)) inFlight.maybeAvailable = true;
    inFlight.startOffset = offset;
    inFlight.endOffset = Math.max(inFlight.endOffset, offset);
  }

  /** The records in flight. Neighbours that are alike are one range. */
  ranges(): RecordRange[] {
    const ranges: RecordRange[] = [];
    for (const batch of this.#inFlight.batches) {
      for (const { firstOffset, lastOffset, state: of } of batch.runs()) {
        if (lastOffset < this.startOffset) continue;
        const { state, deliveryCount, memberId } = of;
        const before = ranges.at(-1);
        const alike = before?.state === state && before.deliveryCount === deliveryCount && before.memberId === memberId;
        if (alike && before.lastOffset === firstOffset - 1) ranges[ranges.length - 1] = { ...before, lastOffset };
        else ranges.push({ firstOffset: Math.max(firstOffset, this.startOffset), lastOffset, state, deliveryCount, memberId });
      }
    }
    return ranges;
  }

  /** Ends the acquisition locks of a member, or of all, before their time. */
  expireLocks(memberId?: string): void {
    for (const { firstOffset, lastOffset, state, memberId: holder } of this.ranges()) {
      if (state === 'acquired' && (memberId === undefined || holder === memberId)) this.#expire(firstOffset, lastOffset);
    }
  }

  /** Calls `watcher` whenever a fetch might bring more than before, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Nobody asks here any more: the leader has moved, or the group is gone. */
  close(): void {
    for (const lock of this.#held) lock.cancel();
    this.#changed();
    this.#watchers.clear();
  }

  #load(startOffset: number, stored: readonly StateBatch[]): void {
    const inFlight = this.#inFlight;
    inFlight.startOffset = inFlight.endOffset = startOffset;
    let gapStart: number | undefined;
    let next = startOffset;
    for (const { firstOffset, lastOffset, state, deliveryCount } of stored) {
      if (firstOffset > next) gapStart ??= next;
      next = lastOffset + 1;
      inFlight.add(new InFlightBatch(firstOffset, lastOffset, new InFlightState(state, deliveryCount)));
    }
    if (inFlight.isEmpty) return;
    inFlight.maybeAvailable = true;
    inFlight.endOffset = next - 1;
    if (gapStart !== undefined) inFlight.openGap(gapStart);
    inFlight.advance();
  }

  #finish(transition: Transition, error: ShareError | undefined): ShareError | undefined {
    const refusal = error ?? (transition.batches.length === 0 ? undefined : this.#write(transition.batches));
    if (refusal !== undefined) {
      transition.rollBack();
      return refusal;
    }
    if (transition.commit()) this.#inFlight.maybeAvailable = true;
    if (transition.batches.length > 0) this.#inFlight.advance();
    this.#changed();
    return undefined;
  }

  /** Stored is where the partition stood before the start moves on: whoever loads it moves it the same way. */
  #write(batches: readonly StateBatch[]): ShareError | undefined {
    const { startOffset, completeCount: deliveryCompleteCount } = this.#inFlight;
    return this.#options.write({ startOffset, deliveryCompleteCount, batches });
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #take(firstOffset: number, lastOffset: number, ms = this.#options.settings().recordLockDurationMs): AcquisitionLock {
    const { clock } = this.#options;
    const timer = clock.setTimeout(
      () => {
        this.#held.delete(lock);
        this.#expire(firstOffset, lastOffset);
      },
      ms,
      { background: true },
    );
    const cancel = (): void => {
      this.#held.delete(lock);
      timer.cancel();
    };
    const lock: AcquisitionLock = { expiresAt: clock.now() + ms, cancel };
    this.#held.add(lock);
    return lock;
  }

  /** The time is over: whatever of these is still acquired becomes available, also when it cannot be stored. */
  #expire(firstOffset: number, lastOffset: number): void {
    const inFlight = this.#inFlight;
    const { deliveryCountLimit } = this.#options.settings();
    const transition = new Transition();
    for (const batch of inFlight.touching(firstOffset, lastOffset)) {
      const holdsStart = batch.firstOffset < inFlight.startOffset && batch.lastOffset >= inFlight.startOffset;
      if (batch.whole?.state === 'acquired' && holdsStart) batch.split(this.#locks);
      for (const run of batch.runs()) {
        if (run.state.state !== 'acquired' || run.lastOffset < firstOffset || run.firstOffset > lastOffset) continue;
        const to = run.lastOffset < inFlight.startOffset ? 'archived' : 'available';
        transition.leave(run.state, to, run.firstOffset, run.lastOffset, deliveryCountLimit);
      }
    }
    if (transition.batches.length === 0) return;
    if (transition.commit()) inFlight.maybeAvailable = true;
    this.#write(transition.batches);
    inFlight.advance();
    this.#changed();
  }
}
