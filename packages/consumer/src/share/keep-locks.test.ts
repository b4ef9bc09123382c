import type { Clock } from '@tskafka/core';
import { expect, it } from 'vitest';
import { Delivery } from './delivery.ts';
import { keepLocks } from './keep-locks.ts';
import { LockedRecords } from './locked-records.ts';
import type { Outcome } from './outcome.ts';

const partition = { topic: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partition: 0 };

/** One record, which a handler has from time 0 on, for a second. */
function scene() {
  let now = 0;
  const outcomes: Outcome[] = [];
  const records = new LockedRecords({
    clock: { now: () => now } as Clock,
    acknowledgeDelayMs: 0,
    canRenew: () => true,
    onPending: () => {},
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  records.lockTimeoutMs = 1000;
  const delivery = new Delivery(records, { partition, offset: 7, message: undefined, error: undefined, lock: records.newLock() });
  delivery.holder = 'handler';
  records.add([delivery]);
  const look = (time: number): void => {
    now = time;
    keepLocks(records, { canRenew: true, keepsQueue: true, now, group: 'g' });
  };
  return { records, delivery, outcomes, look };
}

it('renews a lock at half of its own time, also where the group has longer ones by now', () => {
  const { records, look } = scene();
  records.lockTimeoutMs = 30_000;
  expect(records.shortestLockMs).toBe(1000);
  look(499);
  expect(records.pending.renews).toBe(false);
  look(500);
  expect(records.pending.renews).toBe(true);
});

it('gives up a lock that has passed', () => {
  const { delivery, look } = scene();
  look(1000);
  expect(delivery.lostBy).toMatchObject({ message: expect.stringContaining('a lock of 1000 ms has passed') as string });
});

it.each([
  ['again', { firstOffset: 5, lastOffset: 7, deliveryCount: 2 }, true],
  ['beside it again', { firstOffset: 8, lastOffset: 9, deliveryCount: 2 }, false],
  ['for the first time', { firstOffset: 5, lastOffset: 9, deliveryCount: 1 }, false],
])('what the broker gives out %s', (_what, range, isLost) => {
  const { records, delivery, outcomes } = scene();
  records.acknowledge(delivery, 'accept');
  records.givenAgain(partition, [range]);
  expect([delivery.state, records.pending.isEmpty, outcomes.length]).toEqual(isLost ? ['over', true, 1] : ['acknowledged', false, 0]);
});
