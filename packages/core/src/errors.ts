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

/** Whether a record is in the log: yes, no, or unknown because the broker's answer was lost. */
export type Persistence = 'persisted' | 'not persisted' | 'possibly persisted';

export interface KafkaErrorOptions {
  readonly cause?: unknown;
  /** Whether the same call may succeed when it is repeated. */
  readonly retriable?: boolean;
  readonly persistence?: Persistence | undefined;
  readonly at?: PlaceOfError | undefined;
}

/** The position of a consumer that cannot go on. */
export interface PlaceOfError {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: number;
  /** For unreadable bytes: the offset after them. `resetOffsets([[partition, skipTo]])` skips them. */
  readonly skipTo?: number;
}

/** The base class of all errors of this library, except for wrong arguments, which are a TypeError or RangeError. */
export class KafkaError extends Error {
  /** Whether the same call may succeed when it is repeated. */
  readonly retriable: boolean;
  /** For a message that a producer could not deliver: whether it may be in the log anyway. librdkafka: message status. */
  declare readonly persistence?: Persistence;
  /** For an error of a consumer: its position. */
  declare readonly at?: PlaceOfError;

  constructor(message: string, options: KafkaErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retriable = options.retriable ?? false;
    // Other errors do not show the field at all.
    if (options.persistence !== undefined) this.persistence = options.persistence;
    if (options.at !== undefined) this.at = options.at;
  }
}

/** An error code that a broker returned. `errorName` is Kafka's name for it, such as `NOT_LEADER_OR_FOLLOWER`. */
export class BrokerError extends KafkaError {
  readonly code: number;
  readonly errorName: string;

  constructor(message: string, options: KafkaErrorOptions & { readonly code: number; readonly errorName: string }) {
    super(message, options);
    this.code = options.code;
    this.errorName = options.errorName;
  }
}

/** The bytes from a broker break Kafka's protocol: cut short, a length beyond the end, a wrong checksum. */
export class ProtocolError extends KafkaError {}

/** A record batch cannot be read: its checksum, its lengths or its compressed bytes are wrong. */
export class CorruptRecordError extends ProtocolError {}

/** An unclean leader election lost records that this consumer had read: from `divergentOffset` on, the log differs (KIP-320). */
export class LogTruncationError extends KafkaError {
  /** The offset from which the log differs from what was read. `resetOffsets([[partition, divergentOffset]])` continues there. */
  readonly divergentOffset: number;

  constructor(message: string, options: KafkaErrorOptions & { readonly divergentOffset: number }) {
    super(message, options);
    this.divergentOffset = options.divergentOffset;
  }
}

/** The connection broke. The message names the broker and the requests in flight. PyKafka: SocketDisconnectedError. */
export class SocketDisconnectedError extends KafkaError {}

/** No broker could be reached. The message names each address and why it failed. PyKafka: NoBrokersAvailableError. */
export class NoBrokersAvailableError extends KafkaError {}

/** The call, with all its retries, took longer than its time limit. */
export class TimeoutError extends KafkaError {}

/** The broker refused the login: wrong password, unknown user, mechanism not offered, token expired. */
export class AuthenticationError extends KafkaError {}

/** The broker does not support a version of the request that can do what was asked. */
export class UnsupportedVersionError extends KafkaError {}

/** The buffer of the producer is full, and `blockOnQueueFull` is false. PyKafka: ProducerQueueFullError. */
export class ProducerQueueFullError extends KafkaError {}

/** Another producer uses the same transactionalId, so this one can no longer write. Java: ProducerFencedException. */
export class ProducerFencedError extends KafkaError {}

/** The client, producer or consumer was closed before or during the call, or was not started. */
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
