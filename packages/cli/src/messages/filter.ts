import { UsageError } from '../frame/failure.ts';
import type { Scope } from './expression.ts';
import type { MessageToPrint } from './json-line.ts';

export interface FilterFlags {
  readonly grep?: string;
  readonly key?: string;
  readonly header?: readonly (readonly [name: string, value: string | null])[];
  readonly where?: string;
  readonly invert?: boolean;
}

export type Filter = (message: MessageToPrint) => boolean;

/** What the options ask for; undefined when they ask for everything. All of them must hold, and `--invert` turns the whole round. */
export async function filterOf({ grep, key, header = [], where, invert = false }: FilterFlags): Promise<Filter | undefined> {
  const tests: Filter[] = [];
  if (grep !== undefined) tests.push(matching('--grep', grep, ({ value }) => value));
  if (key !== undefined) tests.push(matching('--key', key, (message) => message.key));
  for (const [name, wanted] of header) {
    tests.push(({ headers }) => headers.some(([each, value]) => each === name && (wanted === null || value?.toString() === wanted)));
  }
  if (where !== undefined) {
    // A language is loaded by those who speak it.
    const { parseExpression } = await import('./expression.ts');
    const expression = parseExpression(where, names);
    tests.push((message) => Boolean(expression(new MessageScope(message) as unknown as Scope)));
  }
  if (tests.length === 0) return undefined;
  return (message) => tests.every((test) => test(message)) !== invert;
}

function matching(option: string, source: string, bytesOf: (message: MessageToPrint) => Buffer | null): Filter {
  let regex: RegExp;
  try {
    regex = new RegExp(source);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
  return (message) => {
    const bytes = bytesOf(message);
    return bytes !== null && regex.test(bytes.toString());
  };
}

const names = ['topic', 'partition', 'offset', 'time', 'timestamp', 'key', 'value', 'headers'];

/** Only what an expression asks for is decoded. */
class MessageScope {
  readonly #message: MessageToPrint;

  constructor(message: MessageToPrint) {
    this.#message = message;
  }

  get topic(): string {
    return this.#message.topic;
  }

  get partition(): number {
    return this.#message.partition;
  }

  get offset(): number {
    return this.#message.offset;
  }

  get timestamp(): number {
    return this.#message.timestamp;
  }

  get time(): string {
    return new Date(this.#message.timestamp).toISOString();
  }

  get key(): string | null {
    return this.#message.key?.toString() ?? null;
  }

  /** What the JSON says, where it is JSON. */
  get value(): unknown {
    const text = this.#message.value?.toString();
    if (text === undefined) return null;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  get headers(): ReadonlyMap<string, string | null> {
    return new Map(this.#message.headers.map(([name, value]) => [name, value?.toString() ?? null]));
  }
}
