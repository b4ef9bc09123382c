import type { MockRecord } from '../mock-topic.ts';

/** A record as a test writes it down: bytes as text, or as what their JSON says. */
export interface RecordView {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: unknown;
  readonly value: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What is expected of a record. What is left out matches all. Text and Buffers are compared as bytes, anything else as parsed JSON. */
export type ExpectedRecord = Partial<RecordView>;

/** The record in the form in which `expected` speaks of it, so that the two can be compared and a difference be shown. */
export function viewOf(record: MockRecord, expected: ExpectedRecord = {}): RecordView {
  const { partition, offset, timestamp, key, value, headers } = record;
  return {
    partition,
    offset,
    timestamp,
    key: bytesAs(expected.key, key),
    value: bytesAs(expected.value, value),
    headers: Object.fromEntries(headers.map(([name, content]) => [name, bytesAs(expected.headers?.[name], content)])),
  };
}

/** Only what `expected` speaks of. */
export function partOf(view: RecordView, expected: ExpectedRecord): ExpectedRecord {
  const named = Object.entries(view).filter(([name]) => Object.hasOwn(expected, name));
  return Object.fromEntries(named.map(([name, part]) => [name, name === 'headers' ? headersIn(expected, part as object) : part]));
}

function headersIn({ headers = {} }: ExpectedRecord, there: object): object {
  return Object.fromEntries(Object.entries(there).filter(([name]) => Object.hasOwn(headers, name)));
}

function bytesAs(expected: unknown, bytes: Buffer | null): unknown {
  if (bytes === null || Buffer.isBuffer(expected)) return bytes;
  const text = bytes.toString();
  const isObject = typeof expected === 'object' && expected !== null && !isMatcher(expected);
  if (!isObject && typeof expected !== 'number' && typeof expected !== 'boolean') return readable(bytes, text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Bytes that are no text stay bytes. */
function readable(bytes: Buffer, text: string): string | Buffer {
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

/** `expect.stringContaining(…)` and its like, of vitest and of jest. One that is about an object gets one. */
function isMatcher(expected: object): boolean {
  if (!('asymmetricMatch' in expected)) return false;
  return !/^(ObjectContaining|ArrayContaining)$/.test((expected as { toString(): string }).toString());
}
