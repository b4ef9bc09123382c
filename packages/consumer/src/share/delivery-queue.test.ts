import type { Clock } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import type { AcknowledgeType } from './acknowledge-type.ts';
import { Delivery } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { ShareMessage } from './share-message.ts';

let now = 0;
const clock: Clock = { now: () => now, wallTime: () => now, setTimeout: () => ({ cancel: () => {} }) };
const said: string[] = [];
const broker = { acknowledge: ({ offset }: Delivery, type: AcknowledgeType) => void said.push(`${offset} ${type}`) };

function delivery(offset: number, more: { partition?: number; until?: number; error?: Error } = {}): Delivery<string, null> {
  const { partition = 0, until = Infinity, error } = more;
  const message = error === undefined ? ({ offset } as ShareMessage<string, null>) : undefined;
  return new Delivery<string, null>(broker, {
    ...{ partition: { topic: 'orders', topicId: 'a', partition }, offset, message, error },
    lock: { since: 0, until },
  });
}

function queueOf(...deliveries: Delivery<string, null>[]): DeliveryQueue<string, null> {
  const queue = new DeliveryQueue<string, null>(clock);
  queue.add(deliveries);
  return queue;
}

const offsets = (deliveries: readonly Delivery<string, null>[]): number[] => deliveries.map(({ offset }) => offset);

describe('the queue of deliveries', () => {
  it('gives them in the order in which they came, across answers', () => {
    const queue = queueOf(delivery(1), delivery(2));
    queue.add([delivery(7)]);
    expect([queue.take(), queue.take(), queue.take(), queue.take()].map((taken) => taken?.offset)).toEqual([1, 2, 7, undefined]);
    expect(queue.length).toBe(0);
  });

  it('passes over what is lost, and what was locked for too long though nobody has looked yet', () => {
    const lost = delivery(1);
    const queue = queueOf(lost, delivery(2, { until: 10 }), delivery(3, { until: 11 }));
    lost.state = 'over';
    now = 10;
    expect(queue.take()?.offset).toBe(3);
  });

  it('throws the error that stands in the place of a message, once, and releases what it is about', () => {
    const queue = queueOf(delivery(1, { error: new Error('unreadable') }), delivery(2));
    expect(() => queue.take()).toThrow('unreadable');
    expect(said).toEqual(['1 release']);
    expect(queue.take()?.offset).toBe(2);
  });

  it('gives together what one broker locked of one partition, up to an error', () => {
    const queue = queueOf(delivery(1), delivery(2), delivery(5, { partition: 1 }), delivery(6, { partition: 1, error: new Error('bad') }));
    expect(offsets(queue.takeTogether())).toEqual([1, 2]);
    expect(offsets(queue.takeTogether())).toEqual([5]);
    expect(() => queue.takeTogether()).toThrow('bad');
    expect(queue.takeTogether()).toEqual([]);
  });

  it('gives first what was given back', () => {
    const queue = queueOf(delivery(1), delivery(2), delivery(3));
    const [, second] = queue.takeTogether();
    queue.add([delivery(4)]);
    queue.giveBack([second!]);
    expect(offsets(queue.takeTogether())).toEqual([2, 4]);
  });
});
