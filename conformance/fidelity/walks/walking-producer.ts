import type { TestTopic } from '../../broker.ts';
import type { Producer } from '../scenarios/transactional-producer.ts';

/** A transactional producer that numbers what it writes to each partition; anew with each epoch. */
export class WalkingProducer {
  readonly producer: Producer;
  readonly #sequences = new Map<string, number>();
  #identity = '';

  constructor(producer: Producer) {
    this.producer = producer;
  }

  /** The number that its next record there should have. */
  sequence(topic: TestTopic, partition: number): number {
    const identity = `${this.producer.producerId} ${this.producer.producerEpoch}`;
    if (identity !== this.#identity) this.#sequences.clear();
    this.#identity = identity;
    return this.#sequences.get(`${topic.name}-${partition}`) ?? 0;
  }

  wrote(topic: TestTopic, partition: number, count: number): void {
    this.#sequences.set(`${topic.name}-${partition}`, this.sequence(topic, partition) + count);
  }
}
