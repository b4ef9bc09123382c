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

export function jsonLine({ topic, partition, offset, timestamp, key, value, headers }: MessageToPrint): string {
  return JSON.stringify({
    topic,
    partition,
    offset,
    timestamp,
    time: isoTime(timestamp),
    ...field('key', key),
    ...field('value', value),
    headers: headers.map(([name, bytes]) => [name, bytes === null ? null : (utf8(bytes) ?? { base64: bytes.toString('base64') })]),
  });
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

/** The text that these bytes are; undefined when they are none. */
function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
