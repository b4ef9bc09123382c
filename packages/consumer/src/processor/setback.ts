import { BrokerError, KafkaError, ProducerFencedError } from '@tskafka/core';
import { errorCodes } from '@tskafka/core/protocol';

/** What is to be done after a transaction that failed for no fault of the handler. */
export type Remedy =
  /** The same again: the next transaction may succeed. */
  | 'again'
  /** This producer will not write any more; another one may. */
  | 'another producer'
  /** Nothing helps. */
  | 'give up';

/** Codes that end a transaction, or a membership, and not what comes after it. */
const passing: ReadonlySet<number> = new Set([
  // The group has given this member's partitions away, or is about to (KIP-447): it joins again, and they come to whoever has them then.
  errorCodes.UNKNOWN_MEMBER_ID,
  errorCodes.ILLEGAL_GENERATION,
  errorCodes.STALE_MEMBER_EPOCH,
  errorCodes.FENCED_MEMBER_EPOCH,
  errorCodes.FENCED_INSTANCE_ID,
  errorCodes.REBALANCE_IN_PROGRESS,
  // The coordinator has ended the transaction by itself, or wants it ended (KIP-588, KIP-890): the producer goes on with a new epoch.
  errorCodes.INVALID_PRODUCER_EPOCH,
  errorCodes.INVALID_TXN_STATE,
  errorCodes.TRANSACTION_ABORTABLE,
  errorCodes.CONCURRENT_TRANSACTIONS,
  errorCodes.UNKNOWN_PRODUCER_ID,
  errorCodes.INVALID_PRODUCER_ID_MAPPING,
  errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
]);

/** The rule for an error. What it was caused by counts too: an error that tells of others has a class of its own. */
export function remedyFor(error: unknown): Remedy {
  for (let cause: unknown = error; cause instanceof KafkaError; cause = cause.cause) {
    if (cause instanceof ProducerFencedError) return 'another producer';
    if (cause instanceof BrokerError && cause.code === errorCodes.PRODUCER_FENCED) return 'another producer';
    if (cause.retriable || (cause instanceof BrokerError && passing.has(cause.code))) return 'again';
  }
  return 'give up';
}

/**
 * Whether a failed commit may have been one: its answer never came. Then the group is asked, for the offsets of a transaction count with it
 * or not at all.
 */
export function isUnclear(error: unknown): boolean {
  return !(error instanceof KafkaError) || error.persistence !== 'not persisted';
}
