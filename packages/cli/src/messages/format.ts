import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import { unescapeBytes } from './escapes.ts';
import { jsonLine, type MessageToPrint } from './json-line.ts';

/** What a message becomes; `lag` is how many offsets are behind it. */
export type Formatter = (message: MessageToPrint, lag: number) => Buffer;
type Token = (message: MessageToPrint, lag: number) => Buffer | string;

const empty = Buffer.alloc(0);
const length = (bytes: Buffer | null): string => String(bytes === null ? -1 : bytes.length);

/** kcat's letters, and kcl's and rpk's `%v`, `%V`. */
const letters: Readonly<Record<string, Token>> = {
  t: ({ topic }) => topic,
  p: ({ partition }) => String(partition),
  o: ({ offset }) => String(offset),
  k: ({ key }) => key ?? empty,
  K: ({ key }) => length(key),
  s: ({ value }) => value ?? empty,
  S: ({ value }) => length(value),
  v: ({ value }) => value ?? empty,
  V: ({ value }) => length(value),
  R: ({ value }) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value === null ? -1 : value.length);
    return bytes;
  },
  T: ({ timestamp }) => String(timestamp),
  h: ({ headers }) => headers.map(([name, value]) => (value === null ? `${name}=NULL` : `${name}=${value.toString()}`)).join(','),
};

const named: Readonly<Record<string, Token>> = {
  time: ({ timestamp }) => (Math.abs(timestamp) <= 8.64e15 ? new Date(timestamp).toISOString() : String(timestamp)),
  json: (message) => jsonLine(message),
  lag: (_, lag) => String(lag),
  'key:base64': ({ key }) => key?.toString('base64') ?? '',
  'key:hex': ({ key }) => key?.toString('hex') ?? '',
  'value:base64': ({ value }) => value?.toString('base64') ?? '',
  'value:hex': ({ value }) => value?.toString('hex') ?? '',
};

/** Reads a format string, kcat's and more. Throws UsageError for a token that there is not. */
export function parseFormat(format: string): Formatter {
  const tokens: Token[] = [];
  for (const [text, name, letter] of format.matchAll(/%\{([^}]*)\}|%([\s\S]?)|(?:[^%])+/g)) {
    if (name !== undefined) tokens.push(namedToken(name));
    else if (letter === undefined) tokens.push(constant(unescapeBytes(text)));
    else if (letter === '%') tokens.push(constant(Buffer.from('%')));
    else if (Object.hasOwn(letters, letter)) tokens.push(letters[letter]!);
    else throw new UsageError(`-f: %${letter} is not known`, `it may be ${Object.keys(letters).map((each) => `%${each}`).join(' ')}, %{${Object.keys(named).join('}, %{')}}, %{header:NAME}`); // prettier-ignore
  }
  return (message, lag) => Buffer.concat(tokens.map((token) => bytesOf(token(message, lag))));
}

function namedToken(name: string): Token {
  if (Object.hasOwn(named, name)) return named[name]!;
  const header = /^header:(.+)$/.exec(name)?.[1];
  if (header === undefined)
    throw new UsageError(
      `-f: %{${name}} is not known`,
      didYouMean(name, [...Object.keys(named), 'header:NAME'], `it may be %{${Object.keys(named).join('}, %{')}}, %{header:NAME}`),
    );
  return ({ headers }) => headers.findLast(([each]) => each === header)?.[1] ?? empty;
}

function constant(bytes: Buffer): Token {
  return () => bytes;
}

function bytesOf(part: Buffer | string): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
