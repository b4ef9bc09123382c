import { brokerError, errorCodes } from '@tskafka/core/protocol';
import type { Delivery } from './delivery.ts';
import type { LockedRecords } from './locked-records.ts';

/** Of a lock's time: how often it is looked after, and when it is renewed. */
export const lookAfter = 1 / 8;
const renewAfter = 1 / 2;

export interface KeepLocksOptions {
  readonly canRenew: boolean;
  /** Whether anybody will read what is in the queue. */
  readonly keepsQueue: boolean;
  readonly now: number;
  readonly group: string;
}

/** Renews the locks of what is handled, or waits to be, and gives up what has passed: others have it by now, and to acknowledge it would be refused. */
export function keepLocks(records: LockedRecords, { canRenew, keepsQueue, now, group }: KeepLocksOptions): void {
  const passed: Delivery[] = [];
  for (const delivery of records.deliveries) {
    const { state, holder, lock } = delivery;
    const isKept = state === 'held' && (holder === 'handler' || (holder === 'queue' && keepsQueue));
    if (now >= lock.until && !records.isOut(delivery)) passed.push(delivery);
    else if (canRenew && isKept && now >= lock.since + (lock.until - lock.since) * renewAfter) records.acknowledge(delivery, 'renew');
  }
  const [first] = passed;
  if (first === undefined) return;
  const message = `share group '${group}': a lock of ${first.lock.until - first.lock.since} ms has passed`;
  records.lose(passed, brokerError(errorCodes.INVALID_RECORD_STATE, message));
}
