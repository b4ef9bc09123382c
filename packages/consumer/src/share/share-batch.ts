import type { Delivery } from './delivery.ts';
import type { ShareMessage } from './share-message.ts';

/**
 * Messages of one partition that were locked together. Iterating hands them out one after the other, without waiting, and leaves out a
 * message whose lock has expired. Messages that were not iterated when the next batch is requested come again in that one.
 */
export class ShareBatch<Value = Buffer | null, Key = Buffer | null> implements Iterable<ShareMessage<Value, Key>> {
  readonly topic: string;
  readonly partition: number;
  /** The initial number of its messages. */
  readonly count: number;
  readonly #deliveries: Delivery<Value, Key>[];
  readonly #handOut: (delivery: Delivery<Value, Key>) => ShareMessage<Value, Key>;

  /** All deliveries have messages, and there is one at least. */
  constructor(deliveries: readonly Delivery<Value, Key>[], handOut: (delivery: Delivery<Value, Key>) => ShareMessage<Value, Key>) {
    const { topic, partition } = deliveries[0]!.partition;
    this.topic = topic;
    this.partition = partition;
    this.count = deliveries.length;
    this.#deliveries = [...deliveries].reverse();
    this.#handOut = handOut;
  }

  /** Yields each message once. Another loop over the same batch continues where the last one stopped. */
  [Symbol.iterator](): Iterator<ShareMessage<Value, Key>, undefined> {
    return {
      next: () => {
        for (let delivery = this.#deliveries.pop(); delivery !== undefined; delivery = this.#deliveries.pop()) {
          if (delivery.state === 'held') return { done: false, value: this.#handOut(delivery) };
        }
        return { done: true, value: undefined };
      },
    };
  }

  /** For the engine: takes out what nobody has iterated, in its order. */
  static restOf<Value, Key>(batch: ShareBatch<Value, Key>): Delivery<Value, Key>[] {
    return batch.#deliveries.splice(0).reverse();
  }
}
