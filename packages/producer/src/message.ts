import type { Clock, HeadersToSend, MessageBytes, MessageToSend } from '@tskafka/core';
import { shown } from '@tskafka/core/internal';
import type { HeaderToWrite } from '@tskafka/core/protocol';

/** The broker's answer for a stored record. Java: RecordMetadata. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /** The offset of the record; undefined with `acks: 0`, because the broker does not answer. */
  readonly offset: number | undefined;
  /** Milliseconds since 1970: the timestamp of the message, or the broker's if the topic has `message.timestamp.type=LogAppendTime`. */
  readonly timestamp: number;
}

/** Who is told what became of a record: one of the two is called, once. */
export interface Settler {
  resolve(metadata: RecordMetadata): void;
  reject(error: Error): void;
}

const noHeaders: readonly HeaderToWrite[] = [];

/** A message with the key and value that the producer's serializer accepts. */
export interface ProducerMessage<Value = MessageBytes, Key = MessageBytes> extends Omit<MessageToSend, 'key' | 'value'> {
  /** Messages with the same key go to the same partition, in order. Default null: no key. */
  readonly key?: Key | null | undefined;
  /** null is a tombstone: a compacted topic deletes the key. */
  readonly value: Value | null;
}

/**
 * Takes a message in; throws, or rejects, where it is not taken, and else tells the settler what became of it. A promise comes back where it
 * has to wait.
 */
export type TakeMessage<Value = MessageBytes, Key = MessageBytes> = (
  message: ProducerMessage<Value, Key>,
  settler: Settler | undefined,
) => Promise<void> | undefined;

/** Refuses what cannot be written. TypeScript says the same; programs without types get it here. */
export function checkMessage(message: MessageToSend): void {
  checkEnvelope(message);
  const { key, value } = message;
  if (key !== undefined && key !== null && typeof key !== 'string' && !(key instanceof Uint8Array)) throw wrongBytes(message, 'key');
  if (value !== null && typeof value !== 'string' && !(value instanceof Uint8Array)) throw wrongBytes(message, 'value');
}

/** As much as can be said before a message is serialized. */
export function checkEnvelope(message: { readonly topic: string }): void {
  if (typeof message !== 'object' || message === null) throw new TypeError(`a message must be an object, not ${shown(message)}`);
  const { topic } = message;
  if (typeof topic !== 'string' || topic === '') throw new TypeError(`a message needs a topic: a non-empty string`);
}

/** Refuses what is no list of messages, such as kafkajs' `{ topicMessages }`. */
export function checkList(messages: readonly unknown[]): void {
  if (!Array.isArray(messages)) throw new TypeError(`sendBatch takes a list of messages, each with its topic, not ${typeof messages}`);
}

function wrongBytes(message: MessageToSend, field: 'key' | 'value'): TypeError {
  const { topic, [field]: value } = message;
  const missing = 'messages' in message ? `; a list of messages is for sendBatch` : '; null writes a tombstone';
  const toSerialize = `; a serializer turns it into bytes, such as serializer: { ${field}: jsonSerializer() }`;
  const hint = value === undefined ? missing : toSerialize;
  return new TypeError(`the ${field} of a message to '${topic}' must be a string, a Uint8Array or null, not ${typeof value}${hint}`);
}

/** The headers as the batch takes them. */
export function headersOf(headers: HeadersToSend | undefined): readonly HeaderToWrite[] {
  if (headers === undefined || headers === null) return noHeaders;
  if (typeof headers !== 'object') throw new TypeError(`headers must be an object or a list of pairs, not ${shown(headers)}`);
  const list = Symbol.iterator in headers ? pairsOf(headers) : listed(headers);
  for (const [key, value] of list) {
    if (typeof key !== 'string') throw new TypeError(`a header's key must be a string, not ${typeof key}`);
    if (value !== null && typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw new TypeError(`the header '${key}' must be a string, a Uint8Array or null, not ${typeof value}`);
    }
  }
  return list;
}

type HeadersObject = Exclude<HeadersToSend, Iterable<unknown>>;

/** A list as it is: there is one for every message. */
function pairsOf(headers: Iterable<HeaderToWrite>): readonly HeaderToWrite[] {
  return Array.isArray(headers) ? (headers as readonly HeaderToWrite[]) : [...headers];
}

function listed(headers: HeadersObject): readonly HeaderToWrite[] {
  const list: HeaderToWrite[] = [];
  for (const key of Object.keys(headers)) {
    const value = headers[key]!;
    if (Array.isArray(value)) for (const each of value as readonly MessageBytes[]) list.push([key, each]);
    else list.push([key, value as MessageBytes | null]);
  }
  return list;
}

/** Milliseconds since 1970. */
export function timestampOf(timestamp: Date | number | undefined, clock: Clock): number {
  if (timestamp === undefined) return clock.wallTime();
  const ms = timestamp instanceof Date ? timestamp.getTime() : timestamp;
  if (!Number.isSafeInteger(ms)) throw new RangeError(`a timestamp must be a valid Date or whole milliseconds, not ${shown(timestamp)}`);
  return ms;
}

/** A message that waits. */
export interface MessageCopy extends MessageToSend {
  readonly headers: readonly HeaderToWrite[];
}

/** The message with its bytes copied: it waits, and its owner may write into them meanwhile. */
export function copyOf(message: MessageToSend, headers: readonly HeaderToWrite[]): MessageCopy {
  const copiedHeaders = headers.map(([name, value]): HeaderToWrite => [name, copyBytes(value)]);
  return { ...message, key: copyBytes(message.key), value: copyBytes(message.value), headers: copiedHeaders };
}

function copyBytes<T extends MessageBytes | null | undefined>(bytes: T): T {
  return bytes instanceof Uint8Array ? (Buffer.from(bytes) as Uint8Array as T) : bytes;
}

/** The bytes that the message takes in a batch, rounded up. */
export function sizeOf(message: MessageToSend, headers: readonly HeaderToWrite[]): number {
  let size = recordOverhead + bytesOf(message.key) + bytesOf(message.value);
  for (const [key, value] of headers) size += headerOverhead + bytesOf(key) + bytesOf(value);
  return size;
}

/** What a message that somebody waits for costs besides its bytes: promises, functions that settle them, places in lists. */
export const overheadPerMessage = 256;

/** What a message takes while it waits, as far as that is known: what a serializer takes has no size. */
export function heldBytes({ key, value }: { readonly key?: unknown; readonly value: unknown }): number {
  return overheadPerMessage + lengthOf(key) + lengthOf(value);
}

function lengthOf(data: unknown): number {
  return typeof data === 'string' || data instanceof Uint8Array ? data.length : 0;
}

/** Length, attributes, time and offset deltas, and the lengths of the fields, all at their longest. */
const recordOverhead = 36;
const headerOverhead = 10;

function bytesOf(field: MessageBytes | null | undefined): number {
  if (field === null || field === undefined) return 0;
  return typeof field === 'string' ? Buffer.byteLength(field) : field.length;
}
