import { Position } from '@tskafka/core/internal';
import { describe, expect, it } from 'vitest';
import { explanationOf, healthOf } from './partition-health.ts';
import { PartitionQueue } from './partition-queue.ts';

function partition(set: Partial<PartitionQueue> = {}, until?: number): PartitionQueue {
  return Object.assign(new PartitionQueue(new Position({ topic: 'orders', partition: 0 }, 5, false), until), set);
}

const failed = new Error('the broker said no');

describe('healthOf', () => {
  it.each([
    ['reading', partition()],
    ['reading', partition({ readableEnd: 9 })],
    ['caught up', partition({ readableEnd: 5 })],
    ['paused', partition({ isPaused: true, lastError: failed })],
    ['handling', partition({ isFull: true, lastError: failed })],
    ['handling', partition({ readableEnd: 5, handlingSince: 0 })],
    ['handling', partition({ isHeldUp: true, lastError: failed })],
    ['reading', partition({ readableEnd: 9, handlingSince: 0 })],
    ['failing', partition({ lastError: failed })],
    ['throttled', partition({ throttledUntil: 1 })],
    ['failing', partition({ throttledUntil: 1, lastError: failed })],
    ['reading', partition({ throttledUntil: 0 })],
    ['done', partition({ isPaused: true }, 5)],
  ] as const)('%s', (state, queue) => {
    expect(healthOf([queue], 0).partitions[0]!.state).toBe(state);
  });

  it('is queued while something waits for the reader', () => {
    const queue = partition({ readableEnd: 9 });
    queue.position.fetched(7, 1);
    expect(healthOf([queue], 0).partitions[0]).toMatchObject({ state: 'queued', lag: 4, position: 5 });
  });

  it('R7: is not well when something fails, or a handler takes longer than a minute', () => {
    expect(healthOf([partition()], 0).isHealthy).toBe(true);
    expect(healthOf([partition(), partition({ lastError: failed })], 0).isHealthy).toBe(false);
    const busy = partition({ isFull: true, handlingSince: 1000 });
    expect([healthOf([busy], 60_999).isHealthy, healthOf([busy], 61_000).isHealthy]).toEqual([true, false]);
  });
});

describe('explanationOf', () => {
  it('says where each partition stands and why', () => {
    const health = healthOf([partition({ lastError: failed }), partition({ readableEnd: 5 }), partition({ throttledUntil: 90 })], 0);
    expect(explanationOf(health)).toBe(
      'orders/0 at 5, its end is not known yet: failing; retrying after: the broker said no\n' +
        'orders/0 at 5, 0 to go: caught up; everything has been read, waiting for new records\n' +
        'orders/0 at 5, its end is not known yet: throttled; the broker throttles this client for another 90 ms, because it exceeds a quota',
    );
  });
});
