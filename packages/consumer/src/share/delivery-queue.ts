import type { Clock } from '@tskafka/core';
import type { Delivery } from './delivery.ts';
import { keyOf } from './share-partition.ts';

/** What was fetched and waits for a reader, in the order in which it came. What is not locked any more is passed over. */
export class DeliveryQueue<Value, Key> {
  readonly #clock: Clock;
  #waiting: Delivery<Value, Key>[] = [];
  /** Of the next one. Those before it are out. */
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get length(): number {
    return this.#waiting.length - this.#next;
  }

  add(deliveries: readonly Delivery<Value, Key>[]): void {
    if (this.#next === this.#waiting.length) this.clear();
    for (const delivery of deliveries) if (delivery.state === 'held') this.#waiting.push(delivery);
  }

  /** The next message. Throws the error that stands in the place of one, and releases what it is about. */
  take(): Delivery<Value, Key> | undefined {
    const delivery = this.#peek();
    if (delivery === undefined) return undefined;
    this.#next++;
    if (delivery.message !== undefined) return delivery;
    delivery.by.acknowledge(delivery, 'release');
    throw delivery.error;
  }

  /** The next message, and those behind it that were locked together with it. Throws as take(). */
  takeTogether(): Delivery<Value, Key>[] {
    const first = this.take();
    if (first === undefined) return [];
    const together = [first];
    for (let next = this.#peek(); next !== undefined && isLike(next, first); next = this.#peek()) {
      together.push(next);
      this.#next++;
    }
    return together;
  }

  /** What a reader has not touched comes first again. */
  giveBack(deliveries: readonly Delivery<Value, Key>[]): void {
    if (deliveries.length === 0) return;
    this.#waiting = [...deliveries, ...this.#waiting.slice(this.#next)];
    this.#next = 0;
  }

  /** Gives back to the group what waits. */
  release(): void {
    for (const delivery of this.#waiting.slice(this.#next)) if (delivery.state === 'held') delivery.by.acknowledge(delivery, 'release');
    this.clear();
  }

  clear(): void {
    this.#waiting = [];
    this.#next = 0;
  }

  #peek(): Delivery<Value, Key> | undefined {
    // After a blocked event loop nobody may have looked at the locks yet.
    const now = this.#clock.now();
    for (; this.#next < this.#waiting.length; this.#next++) {
      const delivery = this.#waiting[this.#next]!;
      if (delivery.state === 'held' && delivery.lock.until > now) return delivery;
    }
    return undefined;
  }
}

function isLike(delivery: Delivery, first: Delivery): boolean {
  return delivery.message !== undefined && delivery.by === first.by && keyOf(delivery.partition) === keyOf(first.partition);
}
