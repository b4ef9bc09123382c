/** Counters of a producer since it was created. librdkafka: statistics. */
export interface ProducerStats {
  /** Delivered record batches, and the messages in them. */
  readonly batches: number;
  readonly messages: number;
  /** The bytes of those batches, as sent. */
  readonly bytes: number;
  /** Batches that were sent again. */
  readonly retries: number;
  /** Messages that were accepted and then failed. Each message is counted either as delivered or as failed. */
  readonly failedMessages: number;
  /** The mean time from the first message of a batch to its acknowledgement, in milliseconds. */
  readonly meanDeliveryMs: number;
  /** The mean time from the first message of a batch to its first request, in milliseconds. */
  readonly meanQueueMs: number;
  /** The mean time from a request to its answer, in milliseconds. */
  readonly meanRequestMs: number;
  /** The part of maxBufferedBytes that undelivered messages use. */
  readonly bufferedBytes: number;
  /** The number of requests without an answer, by broker. */
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
