import { errorName } from '@tskafka/core/protocol';
import type { LoggedRequest } from '../broker/request-log.ts';
import type { MockRecord } from '../mock-topic.ts';
import { hasRecords, isHeartbeat, isPoll } from './background.ts';

/** How many things a message of a failed wait names at most. */
const most = 8;
const longestText = 60;

/** The records, one a line, as a person compares them. */
export function describeRecords(records: readonly MockRecord[]): string {
  return list(
    records.map(({ partition, offset, key, value, headers }) => {
      const named = headers.map(([name, content]) => `${name}: ${describeBytes(content)}`);
      return `  ${partition}@${offset} ${describeBytes(key)} -> ${describeBytes(value)}${named.length > 0 ? ` {${named.join(', ')}}` : ''}`;
    }),
    'records',
  );
}

/**
 * The newest requests, one a line, with the errors that they were answered with. Heartbeats and polls without records that went well would hide the rest:
 * they are told of where there is nothing else.
 */
export function describeRequests(requests: readonly LoggedRequest[]): string {
  if (requests.length === 0) return 'No client has sent a request.';
  const telling = newest(requests, tells);
  const lines = (telling.length > 0 ? telling : newest(requests, () => true)).map((entry) => {
    const errors = entry.response === undefined ? 'no answer yet' : [...new Set(errorsIn(entry.response))].map(errorName).join(', ');
    return `  ${describeRequest(entry)}: ${errors || 'no error'}`;
  });
  return `The newest requests:\n${lines.join('\n')}`;
}

function newest(requests: readonly LoggedRequest[], which: (entry: LoggedRequest) => boolean): LoggedRequest[] {
  const found: LoggedRequest[] = [];
  for (let i = requests.length - 1; i >= 0 && found.length < most; i--) if (which(requests[i]!)) found.unshift(requests[i]!);
  return found;
}

function tells(entry: LoggedRequest): boolean {
  const { response } = entry;
  if (!isHeartbeat(entry) && !isPoll(entry)) return true;
  if (response === undefined) return false;
  return (isPoll(entry) && hasRecords(response)) || !errorsIn(response).next().done;
}

/** Who asked whom for what. */
export function describeRequest({ api, version, clientId, broker }: LoggedRequest): string {
  return `${api} v${version} of ${clientId ?? 'a client without an id'} to broker ${broker}`;
}

/** Text as JSON writes it, cut where it is long; other bytes in hexadecimal. */
function describeBytes(bytes: Buffer | null): string {
  if (bytes === null) return 'null';
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return cut(`0x${bytes.toString('hex')}`);
  return JSON.stringify(cut(text));
}

function list(lines: readonly string[], what: string): string {
  if (lines.length <= most) return lines.join('\n');
  return [...lines.slice(0, most), `  … and ${lines.length - most} ${what} more`].join('\n');
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

/** The error codes anywhere in an answer. */
function* errorsIn(answer: unknown): Generator<number> {
  if (typeof answer !== 'object' || answer === null || ArrayBuffer.isView(answer)) return;
  for (const [name, value] of Object.entries(answer)) {
    if (name === 'errorCode' && typeof value === 'number' && value !== 0) yield value;
    else yield* errorsIn(value);
  }
}
