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
  deliveryMs = 0;
}
