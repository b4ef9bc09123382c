/** Counters of a producer, since it was made. librdkafka: statistics. */
export interface ProducerStats {
  /** Record batches that were delivered, and the messages in them. */
  readonly batches: number;
  readonly messages: number;
  /** Bytes of those batches, as they went out. */
  readonly bytes: number;
  /** Batches that went out again. */
  readonly retries: number;
  /** Messages that were taken and given up. Each message is in one of the two counts; its promise says what became of it. */
  readonly failedMessages: number;
  /** From a batch's first message to its acknowledgement, over all batches, in milliseconds. */
  readonly meanDeliveryMs: number;
  /** From a batch's first message until it went out for the first time, likewise. */
  readonly meanQueueMs: number;
  /** From a request to the broker's answer, over all requests that were answered, in milliseconds. */
  readonly meanRequestMs: number;
  /** What messages that are not delivered yet take of maxBufferedBytes. */
  readonly bufferedBytes: number;
  /** Requests without an answer, by broker. */
  readonly inFlight: ReadonlyMap<number, number>;
}

/** What is counted on the way: whatever became of a message is counted once. */
export class DeliveryCounts {
  batches = 0;
  messages = 0;
  bytes = 0;
  retries = 0;
  failedMessages = 0;
  readonly deliveries = new Times();
  readonly queued = new Times();
  readonly requests = new Times();

  get stats(): Omit<ProducerStats, 'bufferedBytes' | 'inFlight'> {
    const { batches, messages, bytes, retries, failedMessages } = this;
    const means = { meanDeliveryMs: this.deliveries.meanMs, meanQueueMs: this.queued.meanMs, meanRequestMs: this.requests.meanMs };
    return { batches, messages, bytes, retries, failedMessages, ...means };
  }
}

class Times {
  #count = 0;
  #totalMs = 0;

  add(ms: number): void {
    this.#count++;
    this.#totalMs += ms;
  }

  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#totalMs / this.#count;
  }
}
