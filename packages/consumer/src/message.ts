import type { TopicPartition } from '@tskafka/core';
import { shown } from '@tskafka/core/internal';
import type { RecordCursor, RecordHeader } from '@tskafka/core/protocol';
import type { Deserialize } from './deserializer.ts';
import { isPromise } from './is-promise.ts';
import { ownCopy } from './own-copy.ts';

/** What all messages of a batch have in common. */
export interface MessageOrigin extends TopicPartition {
  readonly timestampType: 'createTime' | 'logAppendTime';
  readonly leaderEpoch: number;
}

/** A message that was read. PyKafka: Message (its partition_key is `key`, its partition_id `partition`). */
export class Message<Value = Buffer | null, Key = Buffer | null> {
  // `declare`: assigned once, in the constructor. There is one of these for every record.
  declare readonly topic: string;
  declare readonly partition: number;
  /** Its own offset; the next one to read comes after it. */
  declare readonly offset: number;
  /** Milliseconds since 1970. A value beyond the safe integers is clamped, and `timestampBigInt` has the exact one. */
  declare readonly timestamp: number;
  /** Who set the timestamp: the producer, or the broker when it appended the record. */
  declare readonly timestampType: 'createTime' | 'logAppendTime';
  /** A Buffer, or null if there is no key; with a deserializer, whatever that returned. */
  declare readonly key: Key;
  /** A Buffer, or null for a tombstone; with a deserializer, whatever that returned. */
  declare readonly value: Value;
  /** Pairs of name and value, in order; a name may occur twice. */
  declare readonly headers: readonly RecordHeader[];
  /** The leader epoch in which it was written (KIP-320); -1 if the broker does not report it. */
  declare readonly leaderEpoch: number;

  constructor(origin: MessageOrigin, cursor: RecordCursor, key: Key, value: Value, headers: readonly RecordHeader[]) {
    this.topic = origin.topic;
    this.partition = origin.partition;
    this.offset = cursor.offset;
    this.timestamp = cursor.timestamp;
    this.timestampType = origin.timestampType;
    this.key = key;
    this.value = value;
    this.headers = headers;
    this.leaderEpoch = origin.leaderEpoch;
    const { timestampBigInt } = cursor;
    if (timestampBigInt !== undefined) Object.defineProperty(this, 'timestampBigInt', { value: timestampBigInt });
  }

  /** The timestamp exactly as it was written. It is no property of its own, so that a message can be printed as JSON. */
  get timestampBigInt(): bigint {
    return BigInt(this.timestamp);
  }
}

/** A message whose key or value was made by a deserializer: it keeps the bytes, for a dead letter. */
class DeserializedMessage<Value, Key> extends Message<Value, Key> {
  readonly #bytes: MessageBytes;

  constructor(origin: MessageOrigin, cursor: RecordCursor, key: Key, value: Value, headers: readonly RecordHeader[], bytes: MessageBytes) {
    super(origin, cursor, key, value, headers);
    this.#bytes = bytes;
  }

  static bytesOf(message: Message<unknown, unknown>): MessageBytes | undefined {
    return message instanceof DeserializedMessage ? message.#bytes : undefined;
  }
}

/** Key and value as they came. */
export interface MessageBytes {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Key and value as they came, whatever a deserializer has made of them. */
export function rawBytesOf(message: Message<unknown, unknown>): MessageBytes {
  return DeserializedMessage.bytesOf(message) ?? { key: message.key as Buffer | null, value: message.value as Buffer | null };
}

/** The message at which the cursor stands, or a promise of it; the cursor must stay there until it has come. */
export type ToMessage<Value, Key> = (origin: MessageOrigin, cursor: RecordCursor) => Message<Value, Key> | Promise<Message<Value, Key>>;

/** The message at which the cursor stands, with its bytes. */
export function plainMessage(origin: MessageOrigin, cursor: RecordCursor): Message {
  return new Message(origin, cursor, cursor.key, cursor.value, cursor.headers);
}

/** How messages are made: with the user's deserializer, and with bytes of their own when `copyValues` says so. */
export function messageMaker<Value, Key>(deserializer: Deserialize<Value, Key> | undefined, copyValues: boolean): ToMessage<Value, Key> {
  if (deserializer === undefined && !copyValues) {
    // Without a deserializer a consumer's Value and Key are Buffers.
    return (origin, cursor) => new Message(origin, cursor, cursor.key as Key, cursor.value as Value, cursor.headers);
  }
  return (origin, cursor) => {
    let { key: keyBytes, value: valueBytes, headers } = cursor;
    if (copyValues) {
      keyBytes = copyOf(keyBytes);
      valueBytes = copyOf(valueBytes);
      headers = headers.map(([name, bytes]) => [name, copyOf(bytes)] as const);
    }
    if (deserializer === undefined) return new Message(origin, cursor, keyBytes as Key, valueBytes as Value, headers);
    const made = (pair: readonly [Value, Key]): Message<Value, Key> => {
      if (!Array.isArray(pair)) throw noPair(pair);
      const [value, key] = pair;
      return new DeserializedMessage(origin, cursor, key, value, headers, { key: keyBytes, value: valueBytes });
    };
    const result = deserializer(valueBytes, keyBytes, origin);
    return isPromise(result) ? Promise.resolve(result).then(made) : made(result);
  };
}

function noPair(given: unknown): TypeError {
  return new TypeError(`the deserializer must return [value, key], not ${shown(given)}; for values only, use { value: (bytes) => ... }`);
}

function copyOf(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : ownCopy(bytes);
}
