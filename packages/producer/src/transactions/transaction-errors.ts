import { BrokerError, KafkaError } from '@tskafka/core';
import { errorCodes } from '@tskafka/core/protocol';

// Java's TransactionManager gives up for ever on many more codes. Here whatever fails in a transaction has it aborted, and the
// coordinator's next InitProducerId says whether this producer may go on: nobody else knows whether another one has taken its place.

/** The codes with which a coordinator says that a newer producer has the transactional id. Before Kafka 2.7 the second one. */
const fencing: ReadonlySet<number> = new Set([errorCodes.PRODUCER_FENCED, errorCodes.INVALID_PRODUCER_EPOCH]);

/** Codes of EndTxn: the coordinator has ended the transaction itself, has forgotten all of the producer, or follows a newer one. */
const overAlready: ReadonlySet<number> = new Set([
  ...fencing,
  errorCodes.INVALID_TXN_STATE,
  errorCodes.INVALID_PRODUCER_ID_MAPPING,
  errorCodes.UNKNOWN_PRODUCER_ID,
]);

/** Whether the answer to InitProducerId says that another producer has the transactional id: this one is done. */
export function isFencing(error: unknown): boolean {
  return error instanceof BrokerError && fencing.has(error.code);
}

/** Whether the answer to EndTxn says that there is no such transaction to end. The next one needs another epoch. */
export function isOverAlready(error: unknown): boolean {
  return error instanceof BrokerError && overAlready.has(error.code);
}

/** Whether nobody knows what became of a request: the coordinator may have done what it was asked. */
export function isIndefinite(error: unknown): boolean {
  return error instanceof KafkaError && (error.retriable || !(error instanceof BrokerError));
}
