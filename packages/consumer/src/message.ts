import type { TopicPartition } from '@tskafka/core';
import type { RecordBatch, RecordCursor, RecordHeader } from '@tskafka/core/protocol';

/** Turns the bytes of a message into what the program works with. PyKafka: deserializer, with its two arguments in its order. */
export type Deserializer<Value, Key> = (value: Buffer | null, key: Buffer | null) => readonly [value: Value, key: Key];

/** A record as the user holds it. PyKafka: Message (its partition_key is `key`, its partition_id `partition`). */
export class Message<Value = Buffer | null, Key = Buffer | null> {
  readonly topic: string;
  readonly partition: number;
  /** Its own offset: the next one to read is behind it. */
  readonly offset: number;
  /** Milliseconds since 1970; one beyond the safe integers is clamped, and `timestampBigInt` has the exact one. */
  readonly timestamp: number;
  /** Who set the timestamp: the producer, or the broker when it appended the record. */
  readonly timestampType: 'createTime' | 'logAppendTime';
  /** A Buffer, or null when there is none; with a deserializer whatever that made of it. */
  readonly key: Key;
  /** A Buffer, or null for a tombstone; with a deserializer whatever that made of it. */
  readonly value: Value;
  /** Pairs, in their order; a name may come twice. */
  readonly headers: readonly RecordHeader[];
  /** The leader epoch in which it was written (KIP-320); -1 when the broker does not tell. */
  readonly leaderEpoch: number;

  constructor(place: TopicPartition, batch: RecordBatch, cursor: RecordCursor, key: Key, value: Value, headers: readonly RecordHeader[]) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.offset = cursor.offset;
    this.timestamp = cursor.timestamp;
    this.timestampType = batch.timestampType;
    this.key = key;
    this.value = value;
    this.headers = headers;
    this.leaderEpoch = batch.partitionLeaderEpoch;
    const { timestampBigInt } = cursor;
    if (timestampBigInt !== undefined) Object.defineProperty(this, 'timestampBigInt', { value: timestampBigInt });
  }

  /** The timestamp exactly as it was written. It is no property of its own, so that a message can be printed as JSON. */
  get timestampBigInt(): bigint {
    return BigInt(this.timestamp);
  }
}

/** The message at which the cursor stands. */
export type ToMessage<Value, Key> = (place: TopicPartition, batch: RecordBatch, cursor: RecordCursor) => Message<Value, Key>;

/** How messages are made: with the user's deserializer, and with bytes of their own when `copyValues` says so. */
export function messageMaker<Value, Key>(deserializer: Deserializer<Value, Key> | undefined, copyValues: boolean): ToMessage<Value, Key> {
  const deserialize = deserializer ?? ((value, key) => [value, key] as unknown as readonly [Value, Key]);
  return (place, batch, cursor) => {
    let { key: keyBytes, value: valueBytes, headers } = cursor;
    if (copyValues) {
      keyBytes = copyOf(keyBytes);
      valueBytes = copyOf(valueBytes);
      headers = headers.map(([name, bytes]) => [name, copyOf(bytes)] as const);
    }
    const [value, key] = deserialize(valueBytes, keyBytes);
    return new Message<Value, Key>(place, batch, cursor, key, value, headers);
  };
}

/** Bytes that share memory with nobody: `Buffer.from` takes short ones from a common pool. */
function copyOf(bytes: Buffer | null): Buffer | null {
  if (bytes === null) return null;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
