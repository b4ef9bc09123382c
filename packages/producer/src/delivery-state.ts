import {
  AuthenticationError,
  BrokerError,
  ClosedError,
  KafkaError,
  NoBrokersAvailableError,
  type Persistence,
  ProducerFencedError,
  SocketDisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from '@tskafka/core';
import { errorCodes } from '@tskafka/core/protocol';

/** What to do about a batch that the broker answered with an error code. */
export type Verdict =
  /** It is in the log already: an earlier attempt has put it there. */
  | 'delivered'
  /** Send the same bytes again. */
  | 'retry'
  /** Its sequence number is not the next one for the broker. */
  | 'out of order'
  /** The broker does not take this producer id in this epoch any more. */
  | 'new producer id'
  /** Send it again as smaller batches. */
  | 'split'
  | 'reject';

/** The rule for an error code; `retriable` is Kafka's own word on it. */
export function verdictOf(
  code: number,
  retriable: boolean,
  batch: { readonly recordCount: number; readonly idempotent: boolean },
): Verdict {
  switch (code) {
    case errorCodes.DUPLICATE_SEQUENCE_NUMBER:
      return 'delivered';
    case errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER:
    case errorCodes.UNKNOWN_PRODUCER_ID:
      return batch.idempotent ? 'out of order' : 'reject';
    case errorCodes.INVALID_PRODUCER_EPOCH:
    case errorCodes.INVALID_PRODUCER_ID_MAPPING:
      return batch.idempotent ? 'new producer id' : 'reject';
    case errorCodes.MESSAGE_TOO_LARGE:
    case errorCodes.RECORD_LIST_TOO_LARGE:
      return batch.recordCount > 1 ? 'split' : 'reject';
    default:
      return retriable ? 'retry' : 'reject';
  }
}

/** The codes with which a broker may have appended the batch all the same. Every other one says that it has not. */
const mayHaveAppended: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_SERVER_ERROR,
  errorCodes.REQUEST_TIMED_OUT,
  errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  errorCodes.KAFKA_STORAGE_ERROR,
]);

export function leavesOpen(code: number): boolean {
  return mayHaveAppended.has(code);
}

/**
 * The error for the messages of one batch: what ended it, where, and whether they may be in the log all the same. It says all that its cause
 * says, and what that came of, such as the broker's last answer, stands right behind it.
 */
export function deliveryError(where: string, cause: unknown, persistence: Persistence): Error {
  if (!(cause instanceof KafkaError)) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new KafkaError(`${where}: ${reason}; ${persistence}`, { cause, persistence });
  }
  const message = `${where}: ${cause.message}; ${persistence}`;
  const options = { cause: cause.cause ?? cause, retriable: cause.retriable, persistence };
  if (cause instanceof BrokerError) return new BrokerError(message, { ...options, code: cause.code, errorName: cause.errorName });
  const errorClass = keptClasses.find((each) => cause instanceof each) ?? KafkaError;
  return new errorClass(message, options);
}

/** What callers tell apart stays what it is. */
const keptClasses = [
  NoBrokersAvailableError,
  SocketDisconnectedError,
  TimeoutError,
  ClosedError,
  AuthenticationError,
  UnsupportedVersionError,
  ProducerFencedError,
];
