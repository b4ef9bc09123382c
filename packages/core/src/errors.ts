/**
 * Every error that this library throws on purpose, but for bad arguments (the built-in TypeError and RangeError).
 *
 * `instanceof` compares a brand, so it also holds between the ESM and the CJS copy of this file in one process.
 */

const brandOf = (name: string): symbol => Symbol.for(`@tskafka/error/${name}`);

function brand(errorClass: typeof KafkaError, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass.prototype, brandOf(name), { value: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      // A user's own subclass inherits this method, but not the brand: for it the prototype chain decides.
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === 'object' && value !== null && brandOf(name) in value;
    },
  });
}

/** What became of a record: it is in the log, it is not, or nobody knows because the broker's answer was lost. */
export type Persistence = 'persisted' | 'not persisted' | 'possibly persisted';

export interface KafkaErrorOptions {
  readonly cause?: unknown;
  /** Whether the same call may succeed when it is made again. */
  readonly retriable?: boolean;
  readonly persistence?: Persistence | undefined;
  readonly at?: PlaceOfError | undefined;
}

/** Where a consumer stands that cannot go on. */
export interface PlaceOfError {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: number;
  /** For bytes that cannot be read: the offset behind them. `resetOffsets([[partition, skipTo]])` leaves them out. */
  readonly skipTo?: number;
}

/** What every error of this library is. */
export class KafkaError extends Error {
  /** Whether the same call may succeed when it is made again. */
  readonly retriable: boolean;
  /** For a message that a producer could not deliver: whether it may be in the log all the same. librdkafka: message status. */
  declare readonly persistence?: Persistence;
  /** For what a consumer could not read: where it stands. */
  declare readonly at?: PlaceOfError;

  constructor(message: string, options: KafkaErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retriable = options.retriable ?? false;
    // Other errors do not show the field at all.
    if (options.persistence !== undefined) this.persistence = options.persistence;
    if (options.at !== undefined) this.at = options.at;
  }
}

/** An error code that a broker returned. `errorName` is Kafka's name of it, such as `NOT_LEADER_OR_FOLLOWER`. */
export class BrokerError extends KafkaError {
  readonly code: number;
  readonly errorName: string;

  constructor(message: string, options: KafkaErrorOptions & { readonly code: number; readonly errorName: string }) {
    super(message, options);
    this.code = options.code;
    this.errorName = options.errorName;
  }
}

/** Bytes that are not what Kafka's protocol says: cut short, a length beyond the end, a wrong checksum. */
export class ProtocolError extends KafkaError {}

/** A record batch that cannot be read: its checksum, its lengths or its compressed bytes are wrong. */
export class CorruptRecordError extends ProtocolError {}

/** The log lost records that this consumer has read, in an unclean election: from `divergentOffset` on it holds others (KIP-320). */
export class LogTruncationError extends KafkaError {
  /** Where what was read and what the log holds part. `resetOffsets([[partition, divergentOffset]])` goes on there. */
  readonly divergentOffset: number;

  constructor(message: string, options: KafkaErrorOptions & { readonly divergentOffset: number }) {
    super(message, options);
    this.divergentOffset = options.divergentOffset;
  }
}

/** The connection broke, and the message names the broker and the requests that were in flight. PyKafka: SocketDisconnectedError. */
export class SocketDisconnectedError extends KafkaError {}

/** No broker could be reached; the message names each address and why it failed. PyKafka: NoBrokersAvailableError. */
export class NoBrokersAvailableError extends KafkaError {}

/** The broker, or everything that was tried, took longer than the time that was given. */
export class TimeoutError extends KafkaError {}

/** The broker refused who we say we are: wrong password, unknown user, mechanism not offered, token expired. */
export class AuthenticationError extends KafkaError {}

/** The broker does not speak a version of a request that carries what was asked for. */
export class UnsupportedVersionError extends KafkaError {}

/** The producer holds as many bytes as it may, and was told not to wait for room. PyKafka: ProducerQueueFullError. */
export class ProducerQueueFullError extends KafkaError {}

/** Another producer has the same transactionalId: this one cannot write any more. Java: ProducerFencedException. */
export class ProducerFencedError extends KafkaError {}

/** The client, producer or consumer was closed before, or while, the call ran. */
export class ClosedError extends KafkaError {}

brand(KafkaError, 'KafkaError');
brand(BrokerError, 'BrokerError');
brand(ProtocolError, 'ProtocolError');
brand(CorruptRecordError, 'CorruptRecordError');
brand(LogTruncationError, 'LogTruncationError');
brand(SocketDisconnectedError, 'SocketDisconnectedError');
brand(NoBrokersAvailableError, 'NoBrokersAvailableError');
brand(TimeoutError, 'TimeoutError');
brand(AuthenticationError, 'AuthenticationError');
brand(UnsupportedVersionError, 'UnsupportedVersionError');
brand(ProducerQueueFullError, 'ProducerQueueFullError');
brand(ProducerFencedError, 'ProducerFencedError');
brand(ClosedError, 'ClosedError');
