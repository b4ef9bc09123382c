import type { Cluster } from '@tskafka/core/internal';
import type { ProducerIdentity } from './identities.ts';
import { readBatches } from '@tskafka/core/protocol';
import { VirtualClock } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import { BatchMemory } from './batch-memory.ts';
import { PartitionQueue, type QueueOptions } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';
import { nextEpoch, ProducerIds } from './producer-id.ts';
import { Turns } from './turns.ts';

/** Gives out these identities, one after the other. */
class Ids extends ProducerIds {
  readonly #identities: ProducerIdentity[];

  constructor(...identities: ProducerIdentity[]) {
    super(undefined as unknown as Cluster);
    this.#identities = identities;
  }

  override get current(): ProducerIdentity | undefined {
    return this.#identities[0];
  }

  override discard(): void {
    this.#identities.shift();
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function newQueue(overrides: Partial<QueueOptions> = {}) {
  const options: Mutable<QueueOptions> = {
    idempotent: true,
    batchBytes: 1,
    deliveryTimeoutMs: 1000,
    retryBackoff: { initialMs: 100, maxMs: 1000 },
    clock: new VirtualClock(),
    random: () => 0.5,
    ids: new Ids({ producerId: 7, epoch: 0 }, { producerId: 8, epoch: 0 }),
    memory: new BatchMemory(2 ** 20),
    compression: 'none',
    compressionLevel: undefined,
    turns: new Turns(4),
    changed: () => {},
    undelivered: () => {},
    ...overrides,
  };
  return { queue: new PartitionQueue('orders', 0, options), options };
}

function append(queue: PartitionQueue, ...values: string[]): void {
  for (const value of values) queue.append(null, value, [], 0, undefined);
}

/** What may go out now, which goes out. */
function send(queue: PartitionQueue, topicId?: string): ProducerBatch | undefined {
  const next = queue.next(true);
  if (next === undefined || !queue.number(next)) return undefined;
  next.finish();
  return queue.take(1, topicId);
}

function deliver(queue: PartitionQueue, batch: ProducerBatch): void {
  queue.answered(batch);
  queue.delivered(batch);
}

function putBack(queue: PartitionQueue, batch: ProducerBatch): void {
  queue.answered(batch);
  queue.putBack(batch);
}

const sequenceOf = (batch: ProducerBatch | undefined): string | undefined => {
  if (batch === undefined) return undefined;
  const [{ producerId, producerEpoch, baseSequence }] = readBatches(batch.finish()) as [ReturnType<typeof readBatches>[number]];
  return `${producerId}/${producerEpoch}:${baseSequence}`;
};

describe('the batches of a partition', () => {
  it('go out in order; the first alone, until the broker knows the producer', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c');
    const first = send(queue)!;
    expect(sequenceOf(first)).toBe('7/0:0');
    expect(send(queue)).toBeUndefined();
    deliver(queue, first);
    expect([sequenceOf(send(queue)), sequenceOf(send(queue))]).toEqual(['7/0:1', '7/0:2']);
  });

  it('M8: to a topic that was made anew: the first goes alone again, and none while others are on their way to the old one', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c');
    deliver(queue, send(queue, 'old')!);
    expect([queue.mayGoTo(1, 'old'), queue.mayGoTo(1, 'new'), queue.mayGoTo(2, 'new')]).toEqual([true, true, true]);
    const b = send(queue, 'old')!;
    expect([queue.mayGoTo(1, 'old'), queue.mayGoTo(1, 'new'), queue.mayGoTo(2, 'old')]).toEqual([true, false, false]);
    putBack(queue, b);
    expect(send(queue, 'new')).toBe(b);
    expect(send(queue, 'new')).toBeUndefined();
    deliver(queue, b);
    expect(sequenceOf(send(queue, 'new'))).toBe('7/0:2');
  });

  it('P2: that went out before go again one by one, in their old order, with their old bytes', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c', 'd', 'e');
    deliver(queue, send(queue)!);
    const [b, c, d] = [send(queue)!, send(queue)!, send(queue)!];
    const bytes = b.finish();
    putBack(queue, c);
    putBack(queue, b);
    expect(send(queue)).toBeUndefined(); // d is on its way
    putBack(queue, d);
    for (const batch of [b, c, d]) {
      expect(send(queue)).toBe(batch);
      expect(send(queue)).toBeUndefined();
      deliver(queue, batch);
    }
    expect(b.finish()).toBe(bytes);
    expect(sequenceOf(send(queue))).toBe('7/0:4');
  });

  it('P4: keep counting beyond 2^31-1', () => {
    const { queue } = newQueue();
    append(queue, 'a');
    const batch = send(queue)!;
    expect(batch.assign({ producerId: 7, epoch: 0 }, 2 ** 31 - 1)).toBe(0);
    expect(sequenceOf(batch)).toBe(`7/0:${2 ** 31 - 1}`);
  });

  it('P3: of which the broker misses one before begin a new epoch at 0, when nothing is on its way', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c', 'd');
    deliver(queue, send(queue)!);
    const [b, c] = [send(queue)!, send(queue)!];
    queue.answered(b);
    expect(queue.outOfOrder(b)).toBe(true); // a was acknowledged
    queue.putBack(b);
    expect(send(queue)).toBeUndefined();
    queue.answered(c);
    expect(queue.outOfOrder(c)).toBe(false); // because of b
    queue.putBack(c);
    expect(sequenceOf(send(queue))).toBe('7/1:0');
    deliver(queue, b);
    expect(sequenceOf(send(queue))).toBe('7/1:1');
    deliver(queue, c);
    expect(sequenceOf(send(queue))).toBe('7/1:2');
  });

  it('P7: that are given up before they went out leave no gap', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c');
    expect(queue.takeUnsent(({ firstRecord }) => firstRecord < 2)).toHaveLength(2);
    expect(sequenceOf(send(queue))).toBe('7/0:0');
  });

  it('P8: behind one that was given up on its way begin a new epoch', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c');
    deliver(queue, send(queue)!);
    const b = send(queue)!;
    queue.answered(b);
    queue.givenUp(b);
    expect(sequenceOf(send(queue))).toBe('7/1:0');
  });

  it('P8: that went out behind one that was given up find out whether the broker has it, by going again as they were', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c', 'd');
    deliver(queue, send(queue)!);
    const [b, c] = [send(queue)!, send(queue)!];
    queue.answered(b);
    queue.givenUp(b);
    putBack(queue, c);
    expect(sequenceOf(send(queue))).toBe('7/0:2');
    deliver(queue, c); // so it had b
    expect(sequenceOf(send(queue))).toBe('7/0:3');
  });

  it('P8: that went out behind one that the broker does not have begin a new epoch, and nothing is said to be lost', () => {
    const { queue } = newQueue();
    append(queue, 'a', 'b', 'c');
    deliver(queue, send(queue)!);
    const [b, c] = [send(queue)!, send(queue)!];
    queue.answered(b);
    queue.givenUp(b);
    queue.answered(c);
    expect(queue.outOfOrder(c)).toBe(false);
    queue.putBack(c);
    expect(sequenceOf(send(queue))).toBe('7/1:0');
  });

  it('get another producer id when the epochs are used up', () => {
    const last = { producerId: 7, epoch: 2 ** 15 - 1 };
    expect(nextEpoch(last)).toBeUndefined();
    const { queue } = newQueue({ ids: new Ids(last, { producerId: 8, epoch: 0 }) });
    append(queue, 'a', 'b');
    const a = send(queue)!;
    queue.answered(a);
    queue.givenUp(a);
    expect(sequenceOf(send(queue))).toBe('8/0:0');
  });

  it('wait while there is no producer id', () => {
    const { queue } = newQueue({ ids: new Ids() });
    append(queue, 'a');
    expect(send(queue)).toBeUndefined();
    expect(queue.hasUnsent).toBe(true);
  });

  it('P30: that cannot be compressed take no sequence number, and those behind them go', () => {
    const { queue, options } = newQueue({ compression: 'gzip', compressionLevel: 99, batchBytes: 1000 });
    append(queue, 'a');
    queue.close();
    options.compressionLevel = 1;
    append(queue, 'b');
    const broken = queue.next(true)!;
    expect(broken.encodeError).toBeInstanceOf(RangeError);
    expect(queue.takeUnsent((batch) => batch === broken)).toEqual([broken]);
    expect(sequenceOf(send(queue))).toBe('7/0:0');
  });

  it('pause longer after each failure in a row, but what fails during a pause is the same failure', () => {
    const { queue } = newQueue();
    queue.backOff(0);
    queue.backOff(50);
    expect(queue.waitUntil).toBe(100);
    queue.backOff(100);
    expect(queue.waitUntil).toBe(300);
    queue.backOff(300);
    expect(queue.waitUntil).toBe(700);
  });

  it('without idempotence have no sequence numbers, and need not know the producer', () => {
    const { queue } = newQueue({ idempotent: false });
    append(queue, 'a', 'b');
    expect([sequenceOf(send(queue)), sequenceOf(send(queue))]).toEqual(['-1/-1:-1', '-1/-1:-1']);
  });
});
