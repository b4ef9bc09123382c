/** What becomes of a record on its way through a share group (KIP-932). The last two are its end. */
export type RecordState = 'available' | 'acquired' | 'acknowledged' | 'archived';

/** The time for which a record, or a batch of them, is a member's. */
export interface AcquisitionLock {
  /** By the clock's `now()`. */
  readonly expiresAt: number;
  cancel(): void;
}

/** The state of a record, or of a batch whose records all share it. */
export class InFlightState {
  state: RecordState;
  deliveryCount: number;
  /** Empty unless it is acquired. */
  memberId: string;
  lock: AcquisitionLock | undefined;

  constructor(state: RecordState, deliveryCount: number, memberId = '', lock?: AcquisitionLock) {
    this.state = state;
    this.deliveryCount = deliveryCount;
    this.memberId = memberId;
    this.lock = lock;
  }

  get isTerminal(): boolean {
    return this.state === 'acknowledged' || this.state === 'archived';
  }

  /** One delivery more, to this member. */
  acquire(memberId: string, lock: AcquisitionLock): void {
    this.state = 'acquired';
    this.deliveryCount++;
    this.memberId = memberId;
    this.lock = lock;
  }

  /** What was acquired is so no longer. A record that was delivered as often as it may be is archived, and not available again. */
  leave(to: Exclude<RecordState, 'acquired'>, deliveryCountLimit: number): void {
    this.state = to === 'available' && this.deliveryCount >= deliveryCountLimit ? 'archived' : to;
    this.memberId = '';
  }

  /** Nobody shall see it, whatever it was. */
  archive(): void {
    this.state = 'archived';
    this.memberId = '';
    this.unlock();
  }

  unlock(): void {
    this.lock?.cancel();
    this.lock = undefined;
  }
}
