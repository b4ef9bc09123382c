import { type Cluster, Position } from '@tskafka/core/internal';
import { systemClock } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import type { Message } from '../message.ts';
import type { ToHandle } from '../message-queue.ts';
import { PartitionQueue } from '../partition-queue.ts';
import { Run } from './run.ts';
import { type Handler, resolveRunOptions } from './run-options.ts';

/** Runs a handler over these offsets of one partition, and tells when the partition was full and when it was not any more. */
async function runOver(offsets: readonly number[], handler: Handler): Promise<boolean[]> {
  const partition = new PartitionQueue(new Position({ topic: 'orders', partition: 0 }, 0, true));
  const full: boolean[] = [];
  const left = [...offsets];
  let hasRoom = (): void => {};
  const next = (): ToHandle<Buffer | null, Buffer | null> | undefined => {
    const offset = left.shift();
    if (offset === undefined) return undefined;
    const { handling } = partition;
    handling.add(offset, 0);
    return { partition, message: { offset } as Message, handling };
  };
  const run = new Run(handler, resolveRunOptions({}), {
    cluster: { options: { clock: systemClock, random: () => 0 } } as unknown as Cluster,
    consumerGroup: undefined,
    next: () =>
      partition.isFull ? new Promise<void>((resolve) => (hasRoom = resolve)).then(next) : (next() ?? Promise.resolve(undefined)),
    setFull: (_partition, isFull) => {
      partition.isFull = isFull;
      full.push(isFull);
      if (!isFull) hasRoom();
    },
  });
  await run.start();
  expect(left).toEqual([]);
  expect(partition.handling.size).toBe(0);
  return full;
}

describe('run', () => {
  it.each([
    ['does not wait', () => {}, 0],
    ['is async and waits for nothing', async () => {}, 0],
    ['waits for a moment only', async () => void (await Promise.resolve()), 0],
    ['waits', () => new Promise((resolve) => setImmediate(resolve)), 3],
  ] satisfies [string, Handler, number][])(
    'lets a partition rest for a handler only as long as that takes: one that %s',
    async (_what, handler, rests) => {
      expect(await runOver([1, 2, 3], handler)).toEqual(Array.from({ length: rests }, () => [true, false]).flat());
    },
  );

  it('never has two messages of a partition in hand, however long each takes', async () => {
    let inHand = 0;
    const order: number[] = [];
    await runOver([1, 2, 3, 4, 5, 6], async ({ offset }) => {
      expect(++inHand).toBe(1);
      for (let i = 0; i < offset; i++) await Promise.resolve();
      if (offset === 3) await new Promise((resolve) => setImmediate(resolve));
      order.push(offset);
      inHand--;
    });
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
