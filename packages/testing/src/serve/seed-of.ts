import type { RecordToAppend } from '../mock-topic.ts';

/** A record, and where it is to be. */
export interface SeededRecord extends RecordToAppend {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Reads lines of JSON as `tskafka consume --json` writes them: all that is needed is `topic` and `value`. Where a message was is kept, but
 * for its offset. Throws RangeError that names the line.
 */
export function seedOf(text: string, of: string): SeededRecord[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return recordOf(JSON.parse(line) as Record<string, unknown>);
    } catch (error) {
      throw new RangeError(`${of}, line ${i + 1}: ${(error as Error).message}`);
    }
  });
}

function recordOf({
  topic,
  partition = 0,
  timestamp,
  key,
  value,
  headers = [],
  keyEncoding,
  valueEncoding,
}: Record<string, unknown>): SeededRecord {
  if (typeof topic !== 'string' || topic === '') throw new TypeError('it names no topic');
  if (!Number.isInteger(partition) || (partition as number) < 0 || (partition as number) > 9999)
    throw new TypeError('its partition is not a whole number from 0 to 9,999');
  if (timestamp !== undefined && !Number.isSafeInteger(timestamp))
    throw new TypeError('its timestamp is not a whole number of milliseconds');
  if (value === undefined) throw new TypeError('it has no value; null is a tombstone');
  const pairs = Array.isArray(headers) ? (headers as unknown[]) : Object.entries(headers as object);
  return {
    ...{
      topic,
      partition: partition as number,
      key: bytesOf(key, keyEncoding),
      value: bytesOf(value, valueEncoding),
      headers: pairs.map(headerOf),
    },
    ...(timestamp !== undefined && { timestamp: timestamp as number }),
  };
}

/** Text as it is, or in base64 where that is said; anything else as JSON. */
function bytesOf(value: unknown, encoding: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  if (encoding !== undefined && encoding !== 'base64') throw new TypeError('its encoding is not base64');
  if (typeof value === 'string') return Buffer.from(value, encoding);
  return Buffer.from(JSON.stringify(value));
}

function headerOf(pair: unknown): readonly [string, Buffer | null] {
  if (!Array.isArray(pair) || typeof pair[0] !== 'string') throw new TypeError('its headers are not pairs such as [["name","value"]]');
  const value: unknown = pair[1];
  const isBinary = typeof value === 'object' && value !== null && 'base64' in value;
  return [pair[0], isBinary ? Buffer.from(String(value.base64), 'base64') : bytesOf(value, undefined)];
}
