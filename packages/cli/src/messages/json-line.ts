/** A message as `consume --json` prints it: nothing is lost, and the keys come in a fixed order. */
export interface MessageToPrint {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/** With `parse` a value that is JSON stands in the line as it is; that is for reading only, since it may lose digits and spaces. */
export function jsonLine({ topic, partition, offset, timestamp, key, value, headers }: MessageToPrint, parse = false): string {
  return JSON.stringify({
    topic,
    partition,
    offset,
    timestamp,
    time: isoTime(timestamp),
    ...field('key', key),
    ...((parse && parsed(value)) || field('value', value)),
    headers: headers.map(([name, bytes]) => [name, bytes === null ? null : (utf8(bytes) ?? { base64: bytes.toString('base64') })]),
  });
}

function parsed(value: Buffer | null): object | undefined {
  try {
    return { value: JSON.parse(value!.toString()) as unknown };
  } catch {
    return undefined;
  }
}

/** The time in ISO's form; undefined for one that a Date cannot hold. */
function isoTime(timestamp: number): string | undefined {
  return Math.abs(timestamp) <= 8.64e15 ? new Date(timestamp).toISOString() : undefined;
}

/** Text as it is; bytes that are no text in base64, and a field beside that says so. */
function field(name: 'key' | 'value', bytes: Buffer | null): object {
  if (bytes === null) return { [name]: null };
  const text = utf8(bytes);
  return text === undefined ? { [name]: bytes.toString('base64'), [`${name}Encoding`]: 'base64' } : { [name]: text };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that these bytes are; undefined when they are none. */
function utf8(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** What `produce --json` sends: the other way round. Fields that say where a message was are not taken. */
export interface MessageFromJson {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
  readonly timestamp: number | undefined;
  readonly partition: number | undefined;
}

/** Reads a line that `jsonLine` wrote, or one of a person's own: only `value` is needed. Throws SyntaxError or TypeError that says what is wrong. */
export function fromJsonLine(line: string): MessageFromJson {
  const given: unknown = JSON.parse(line);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError('a message is an object, such as {"key":"k","value":"v"}');
  const { key = null, value, headers = [], timestamp, partition, keyEncoding, valueEncoding } = given as Record<string, unknown>;
  if (value === undefined) throw new TypeError('it has no value; null is a tombstone');
  if (timestamp !== undefined && !Number.isSafeInteger(timestamp)) throw new TypeError('timestamp must be whole milliseconds');
  if (partition !== undefined && !Number.isSafeInteger(partition)) throw new TypeError('partition must be a whole number');
  const pairs = Array.isArray(headers) ? (headers as unknown[]) : Object.entries(headers as object);
  return {
    key: bytesOf('key', key, keyEncoding),
    value: bytesOf('value', value, valueEncoding),
    headers: pairs.map(headerOf),
    timestamp: timestamp as number | undefined,
    partition: partition as number | undefined,
  };
}

function bytesOf(name: string, value: unknown, encoding: unknown): Buffer | null {
  if (value === null) return null;
  if (encoding !== undefined && encoding !== 'base64') throw new TypeError(`${name}Encoding must be base64`);
  if (typeof value === 'string') return encoding === 'base64' ? Buffer.from(value, 'base64') : Buffer.from(value);
  return Buffer.from(JSON.stringify(value));
}

function headerOf(pair: unknown): readonly [string, Buffer | null] {
  if (!Array.isArray(pair) || typeof pair[0] !== 'string') throw new TypeError('headers are pairs, such as [["name","value"]]');
  const value: unknown = pair[1] ?? null;
  if (typeof value === 'object' && value !== null && 'base64' in value) return [pair[0], Buffer.from(String(value.base64), 'base64')];
  return [pair[0], value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))];
}
