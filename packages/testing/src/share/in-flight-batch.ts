import { type AcquisitionLock, InFlightState, type RecordState } from './in-flight-state.ts';

/** Gives out acquisition locks. */
export interface Locks {
  /** A lock on these offsets; `ms` is the group's lock duration where it is left out. */
  take(firstOffset: number, lastOffset: number, ms?: number): AcquisitionLock;
  /** How long a lock will still hold. */
  remainingMs(lock: AcquisitionLock): number;
}

/**
 * Records that were acquired together, both ends included.
 *
 * They share one state until somebody treats one of them apart from the others: from then on each has its own.
 */
export class InFlightBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The state of all; undefined once each has its own. */
  whole: InFlightState | undefined;
  #offsets: Map<number, InFlightState> | undefined;

  constructor(firstOffset: number, lastOffset: number, whole: InFlightState) {
    this.firstOffset = firstOffset;
    this.lastOffset = lastOffset;
    this.whole = whole;
  }

  /** The state of each offset, by rising offset; undefined while they share one. */
  get offsets(): ReadonlyMap<number, InFlightState> | undefined {
    return this.#offsets;
  }

  /** The state of one of its offsets. */
  at(offset: number): InFlightState {
    return this.whole ?? this.#offsets!.get(offset)!;
  }

  /** Gives each offset a state of its own, and what is left of the lock. */
  split(locks: Locks): ReadonlyMap<number, InFlightState> {
    if (this.#offsets !== undefined) return this.#offsets;
    const { state, deliveryCount, memberId, lock } = this.whole!;
    const remainingMs = lock && locks.remainingMs(lock);
    lock?.cancel();
    return this.#splitInto((offset) => {
      const own = remainingMs === undefined ? undefined : locks.take(offset, offset, remainingMs);
      return new InFlightState(state, deliveryCount, memberId, own);
    });
  }

  /** Of a batch that was just acquired, but not as far as its end: what follows `lastAcquired` was not delivered after all. */
  splitAfter(lastAcquired: number, locks: Locks): void {
    const { state, deliveryCount, memberId } = this.whole!;
    this.#splitInto((offset) =>
      offset <= lastAcquired
        ? new InFlightState(state, deliveryCount, memberId, locks.take(offset, offset))
        : new InFlightState('available', deliveryCount - 1),
    );
  }

  /** Runs of offsets in the same state. */
  *runs(): Iterable<{ readonly firstOffset: number; readonly lastOffset: number; readonly state: InFlightState }> {
    if (this.whole !== undefined) {
      yield { firstOffset: this.firstOffset, lastOffset: this.lastOffset, state: this.whole };
      return;
    }
    for (const [offset, state] of this.#offsets!) yield { firstOffset: offset, lastOffset: offset, state };
  }

  /** Whether the whole batch lies between these offsets. */
  isWithin(firstOffset: number, lastOffset: number): boolean {
    return this.firstOffset >= firstOffset && this.lastOffset <= lastOffset;
  }

  #splitInto(stateOf: (offset: number) => InFlightState): ReadonlyMap<number, InFlightState> {
    this.whole = undefined;
    const offsets = new Map<number, InFlightState>();
    for (let offset = this.firstOffset; offset <= this.lastOffset; offset++) offsets.set(offset, stateOf(offset));
    return (this.#offsets = offsets);
  }
}

/** Records as they were stored with the group's state. */
export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly state: RecordState;
  readonly deliveryCount: number;
}
