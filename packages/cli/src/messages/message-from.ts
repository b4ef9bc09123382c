import type { MessageToSend } from '@tskafka/core';
import { UsageError } from '../frame/failure.ts';
import { unescapeBytes } from './escapes.ts';
import { fromJsonLine } from './json-line.ts';

export interface RecordFlags {
  readonly key?: string;
  readonly keyDelimiter?: string;
  readonly headerDelimiter?: string;
  readonly header?: readonly (readonly [name: string, value: string | null])[];
  readonly partition?: number;
  readonly keepPartitions?: boolean;
  readonly timestamp?: number;
  readonly nulls?: boolean;
}

/**
 * Makes a message of a record of the input, the `number`th, which was read at `readAt`, where that is its time; throws UsageError for one that
 * cannot be read.
 */
export type MessageFrom = (record: Buffer, number: number, readAt?: number) => MessageToSend;

/** How lines become messages: `key DELIM value`, before them `name=value,name=value HEADER-DELIM`, or all in JSON. */
export function messageFrom(topic: string, flags: RecordFlags, isJson: boolean): MessageFrom {
  const { key: fixedKey, header: fixedHeaders = [], partition, timestamp, nulls = false, keepPartitions = false } = flags;
  if (fixedKey !== undefined && flags.keyDelimiter !== undefined) throw new UsageError('-k and -K both set the key: use one of them');
  if (isJson && (flags.keyDelimiter ?? flags.headerDelimiter) !== undefined)
    throw new UsageError('--json has keys and headers of its own: leave the delimiters out');
  if (keepPartitions && !isJson) throw new UsageError('--keep-partitions needs --json, which has the partitions');
  if (isJson) {
    return (record, number, readAt) => {
      const given = fromJson(record, number);
      return {
        topic,
        key: fixedKey ?? given.key,
        value: given.value,
        headers: fixedHeaders.length === 0 ? given.headers : [...given.headers, ...fixedHeaders],
        timestamp: timestamp ?? given.timestamp ?? readAt,
        partition: partition ?? (keepPartitions ? given.partition : undefined),
      };
    };
  }
  const keyDelimiter = delimiter(flags.keyDelimiter, '-K');
  const headerDelimiter = delimiter(flags.headerDelimiter, '--header-delimiter');
  const orNull = <T extends Buffer | string>(part: T): T | null => (nulls && part.length === 0 ? null : part);
  const key = fixedKey === undefined ? null : orNull(fixedKey);
  const headers = fixedHeaders.length === 0 ? undefined : fixedHeaders;
  if (keyDelimiter === undefined && headerDelimiter === undefined) {
    return (record, _number, readAt) => ({ topic, key, value: orNull(record), headers, timestamp: timestamp ?? readAt, partition });
  }
  return (record, _number, readAt) => {
    const [ofRecord, rest] = headerDelimiter === undefined ? [undefined, record] : cut(record, headerDelimiter);
    const [ownKey, value] = keyDelimiter === undefined ? [undefined, rest] : cut(rest, keyDelimiter);
    return {
      topic,
      key: ownKey === undefined ? key : orNull(ownKey),
      value: orNull(value),
      headers: ofRecord === undefined || ofRecord.length === 0 ? headers : [...headersIn(ofRecord.toString()), ...fixedHeaders],
      timestamp: timestamp ?? readAt,
      partition,
    };
  };
}

export function delimiter(text: string | undefined, option: string): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = unescapeBytes(text);
  if (bytes.length === 0) throw new UsageError(`${option} must not be empty`);
  return bytes;
}

/** What stands before the first delimiter, and what behind it; all is behind where there is none. */
function cut(record: Buffer, at: Buffer): readonly [Buffer | undefined, Buffer] {
  const found = record.indexOf(at);
  return found === -1 ? [undefined, record] : [record.subarray(0, found), record.subarray(found + at.length)];
}

function headersIn(text: string): readonly (readonly [string, string | null])[] {
  return text.split(',').map((pair) => {
    const at = pair.search(/[=:]/);
    return at === -1 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}

function fromJson(record: Buffer, number: number) {
  try {
    return fromJsonLine(record.toString());
  } catch (error) {
    throw new UsageError(
      `message ${number} of the input cannot be read: ${(error as Error).message}`,
      'each line is an object with key, value and headers, as consume --json prints them',
    );
  }
}
