import type { TopicPartition } from '@tskafka/core';
import { checkOptions, shown } from '@tskafka/core/internal';
import { isPromise } from './is-promise.ts';

/**
 * Turns the bytes of a key or value into what the program works with. It may return a promise, for example to ask a schema registry. It is
 * called for null too: a tombstone, or no key.
 */
export type FieldDeserializer<T> = (bytes: Buffer | null, context: DeserializerContext) => T | PromiseLike<T>;

/** The origin of a key or value. */
export interface DeserializerContext {
  readonly topic: string;
}

/** Deserializers for key and value. */
export interface Deserializers<Value, Key> {
  /** Default: keys are Buffers, or null. */
  readonly key?: FieldDeserializer<Key>;
  /** Default: values are Buffers, or null. */
  readonly value?: FieldDeserializer<Value>;
}

/** Deserializes value and key together. PyKafka: deserializer, with its two arguments and its pair. */
export type PairDeserializer<Value, Key> = (value: Buffer | null, key: Buffer | null) => Pair<Value, Key> | PromiseLike<Pair<Value, Key>>;

/** The option `deserializer`: one for each of key and value, or one for both. */
export type Deserializer<Value, Key> = Deserializers<Value, Key> | PairDeserializer<Value, Key>;

type Pair<Value, Key> = readonly [value: Value, key: Key];

/** Parses JSON. null, for a tombstone or no key, stays null. */
export function jsonDeserializer<T>(): (bytes: Buffer | null) => T | null {
  return (bytes) => (bytes === null ? null : (JSON.parse(bytes.toString()) as T));
}

/** Both forms as one. */
export type Deserialize<Value, Key> = (
  value: Buffer | null,
  key: Buffer | null,
  origin: TopicPartition,
) => Pair<Value, Key> | PromiseLike<Pair<Value, Key>>;

/** Checks the option `deserializer`. Throws TypeError for what is none. */
export function deserializing<Value, Key>(deserializer: Deserializer<Value, Key> | undefined): Deserialize<Value, Key> | undefined {
  if (deserializer === undefined || typeof deserializer === 'function') return deserializer;
  if (typeof deserializer !== 'object' || deserializer === null)
    throw new TypeError(`deserializer must be { key, value } or a function (value, key) => [value, key], not ${shown(deserializer)}`);
  if ('parse' in deserializer)
    throw new TypeError('deserializer must be { key, value } with functions, not an object with parse(); jsonDeserializer() reads JSON');
  checkOptions('deserializer', deserializer, ['key', 'value']);
  for (const [field, given] of Object.entries(deserializer) as [string, unknown][]) {
    if (given !== undefined && typeof given !== 'function')
      throw new TypeError(`the deserializer of the ${field} must be a function, not ${shown(given)}`);
  }
  // Without a deserializer of their own keys, or values, stay Buffers.
  const { key: keyOf = asIs as FieldDeserializer<Key>, value: valueOf = asIs as FieldDeserializer<Value> } = deserializer;
  return (valueBytes, keyBytes, { topic }) => {
    const key = keyOf(keyBytes, { topic });
    // In the promise's executor, so that nobody forgets the key's promise where the value's deserializer throws.
    if (isPromise(key)) return Promise.all([new Promise<Value>((resolve) => resolve(valueOf(valueBytes, { topic }))), key]);
    const value = valueOf(valueBytes, { topic });
    return isPromise(value) ? value.then((made): Pair<Value, Key> => [made, key]) : [value, key];
  };
}

function asIs(bytes: unknown): unknown {
  return bytes;
}
