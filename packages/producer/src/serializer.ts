import { KafkaError, type MessageBytes, type MessageToSend } from '@tskafka/core';
import { checkOptions } from '@tskafka/core/internal';
import { checkEnvelope, copyOf, headersOf, type ProducerMessage } from './message.ts';
import { isSchema, type StandardSchema, validate } from './standard-schema.ts';

/** The destination of a key or value. */
export interface SerializerContext {
  readonly topic: string;
}

/** What is written: a string as UTF-8, bytes as they are. */
type Serialized = MessageBytes | null;

/**
 * Turns a key or value into bytes. It may return a promise, for example to ask a schema registry. A Standard Schema (zod, valibot, arktype)
 * validates it first, and its result is written as JSON, or as it is if it is a string, bytes or null.
 */
export type FieldSerializer<T> = ((data: T, context: SerializerContext) => Serialized | PromiseLike<Serialized>) | StandardSchema<T>;

/** Serializers for key and value. They are not called for null: a tombstone, or no key. */
export interface Serializers<Value, Key> {
  /** Default: keys are strings or bytes. */
  readonly key?: FieldSerializer<Key>;
  /** Default: values are strings or bytes. */
  readonly value?: FieldSerializer<Value>;
}

/** Serializes value and key together, also null. PyKafka: serializer, with its two arguments and its pair. */
export type PairSerializer<Value, Key> = (
  value: Value | null,
  key: Key | null,
) => readonly [value: Serialized, key: Serialized] | PromiseLike<readonly [value: Serialized, key: Serialized]>;

/** The option `serializer`: one for each of key and value, or one for both. */
export type Serializer<Value, Key> = Serializers<Value, Key> | PairSerializer<Value, Key>;

/** Writes JSON. */
export function jsonSerializer<T>(): (data: T) => string {
  return (data) => JSON.stringify(data);
}

/** A message with its bytes; a promise where a serializer takes its time, of a message that shares nothing with the caller's. */
export type Serialize<Value, Key> = (message: ProducerMessage<Value, Key>) => MessageToSend | Promise<MessageToSend>;

export function serializing<Value, Key>(serializer: Serializer<Value, Key>): Serialize<Value, Key> {
  if (typeof serializer === 'function' && !isSchema(serializer)) return serializingPairs(serializer);
  if (isSchema(serializer)) throw new TypeError('a schema is for the key or the value: serializer: { value: schema }');
  checkOptions('serializer', serializer, ['key', 'value']);
  for (const field of ['key', 'value'] as const) {
    const given: unknown = serializer[field];
    if (given !== undefined && typeof given !== 'function' && !isSchema(given)) {
      throw new TypeError(`the serializer of the ${field} must be a function or a Standard Schema, not ${typeof given}`);
    }
  }
  return serializingFields(serializer);
}

function serializingPairs<Value, Key>(serializer: PairSerializer<Value, Key>): Serialize<Value, Key> {
  return (message) => {
    checkEnvelope(message);
    const { topic, key = null, value } = message;
    const pair = guarded(topic, 'serializer', () => serializer(value, key));
    if (!isPromise(pair)) return { ...message, value: pair[0], key: pair[1] };
    const rest = copyOf({ ...message, key: null, value: null }, headersOf(message.headers));
    return pair.then((serialized) => ({ ...rest, value: serialized[0], key: serialized[1] }));
  };
}

function serializingFields<Value, Key>(serializers: Serializers<Value, Key>): Serialize<Value, Key> {
  const [keyOf, valueOf] = [fieldOf('key', serializers.key), fieldOf('value', serializers.value)];
  return (message) => {
    checkEnvelope(message);
    const key = keyOf(message.key ?? null, message);
    const value = valueOf(message.value, message);
    if (!isPromise(key) && !isPromise(value)) return { ...message, key, value };
    const ready = { ...message, key: isPromise(key) ? null : key, value: isPromise(value) ? null : value };
    const own = copyOf(ready, headersOf(message.headers));
    return Promise.all([isPromise(key) ? key : own.key, isPromise(value) ? value : own.value]).then((serialized) => ({
      ...own,
      key: serialized[0],
      value: serialized[1],
    }));
  };
}

type SerializeField<T> = (data: T | null, context: SerializerContext) => Serialized | Promise<Serialized>;

function fieldOf<T>(field: 'key' | 'value', serializer: FieldSerializer<T> | undefined): SerializeField<T> {
  // Without a serializer it is bytes already, which is checked where it is written.
  if (serializer === undefined) return (data) => data as Serialized;
  const serialize = isSchema(serializer) ? checkedJson(serializer) : serializer;
  return (data, { topic }) => (data === null ? null : guarded(topic, `${field} serializer`, () => serialize(data, { topic })));
}

function checkedJson<T>(schema: StandardSchema<T>): (data: T) => Serialized | PromiseLike<Serialized> {
  const write = (data: unknown): Serialized =>
    data === null || typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data);
  return (data) => {
    const valid = validate(schema, data);
    return isPromise(valid) ? valid.then(write) : write(valid);
  };
}

/** What a serializer gives; whatever it throws, or rejects with, says which and where. */
function guarded<T>(topic: string, what: string, serialize: () => T | PromiseLike<T>): T | Promise<T> {
  const refused = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the ${what} refused a message to '${topic}': ${reason}`;
    throw new KafkaError(message, { cause, retriable: false, persistence: 'not persisted' });
  };
  try {
    const result = serialize();
    return isPromise(result) ? Promise.resolve(result).catch(refused) : result;
  } catch (error) {
    return refused(error);
  }
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
