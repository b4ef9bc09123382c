import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';

/** What an expression speaks of, by name. */
export type Scope = Readonly<Record<string, unknown>>;
export type Expression = (scope: Scope) => unknown;

const binary: Readonly<Record<string, readonly [power: number, apply: (a: unknown, b: unknown) => unknown]>> = {
  '==': [3, (a, b) => a === b],
  '!=': [3, (a, b) => a !== b],
  '=~': [3, (a, b) => a !== undefined && a !== null && regexOf(b).test(String(a))],
  '!~': [3, (a, b) => a === undefined || a === null || !regexOf(b).test(String(a))],
  '<': [4, (a, b) => comparable(a, b) && (a as number) < (b as number)],
  '<=': [4, (a, b) => comparable(a, b) && (a as number) <= (b as number)],
  '>': [4, (a, b) => comparable(a, b) && (a as number) > (b as number)],
  '>=': [4, (a, b) => comparable(a, b) && (a as number) >= (b as number)],
  '+': [5, (a, b) => (typeof a === 'string' || typeof b === 'string' ? `${text(a)}${text(b)}` : Number(a) + Number(b))],
  '-': [5, (a, b) => Number(a) - Number(b)],
  '*': [6, (a, b) => Number(a) * Number(b)],
  '/': [6, (a, b) => Number(a) / Number(b)],
  '%': [6, (a, b) => Number(a) % Number(b)],
};
const pattern =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\/(?:\\.|[^/\\\n])+\/i?)|([A-Za-z_$][\w$]*)|(===|!==|==|!=|=~|!~|<=|>=|&&|\|\||\?\.|[-+*/%<>!().[\],]))/y;

/**
 * A filter as it is typed: JavaScript's operators on what the scope names, `=~ /regex/`, and nothing else. No code of the user's is run, and no function is
 * called, so an expression from elsewhere can do no harm. What is not there is undefined, and compares as false.
 *
 * @throws UsageError where it cannot be read, with the place.
 */
export function parseExpression(source: string, names: readonly string[]): Expression {
  const parser = new Parser(source, names);
  return parser.whole();
}

class Parser {
  readonly #source: string;
  readonly #names: readonly string[];
  #at = 0;
  #kind = -1;
  #token = '';
  /** Where a `/` begins a regular expression and does not divide. */
  #operandNext = true;

  constructor(source: string, names: readonly string[]) {
    this.#source = source;
    this.#names = names;
    this.#advance();
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#token !== '') throw this.#error(`'${this.#token}' is too much`);
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('||')) {
      const [a, b] = [left, this.#and()];
      left = (scope) => a(scope) || b(scope);
    }
    return left;
  }

  #and(): Expression {
    let left = this.#operation(3);
    while (this.#take('&&')) {
      const [a, b] = [left, this.#operation(3)];
      left = (scope) => a(scope) && b(scope);
    }
    return left;
  }

  #operation(power: number): Expression {
    let left = this.#unary();
    for (;;) {
      const name = this.#token.replace(/^(==|!=)=$/, '$1');
      const operator = this.#kind === 5 && Object.hasOwn(binary, name) ? binary[name]! : undefined;
      if (operator === undefined || operator[0] < power) return left;
      this.#advance(true);
      const [a, b, apply] = [left, this.#operation(operator[0] + 1), operator[1]];
      left = (scope) => apply(a(scope), b(scope));
    }
  }

  #unary(): Expression {
    if (this.#take('!')) {
      const operand = this.#unary();
      return (scope) => !operand(scope);
    }
    if (this.#take('-')) {
      const operand = this.#unary();
      return (scope) => -Number(operand(scope));
    }
    return this.#postfix(this.#primary());
  }

  #primary(): Expression {
    const [kind, token] = [this.#kind, this.#token];
    if (this.#take('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    if (kind < 1 || kind === 5) throw this.#error(token === '' ? 'the expression is incomplete' : `'${token}' is not expected`);
    this.#advance(false);
    if (kind === 1) return constant(Number(token));
    if (kind === 2) return constant(token.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c));
    if (kind === 3) return constant(regexOfLiteral(token));
    const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null, undefined };
    if (Object.hasOwn(words, token)) return constant(words[token]);
    if (!this.#names.includes(token))
      throw this.#error(`there is no ${token}`, didYouMean(token, this.#names, `there are ${this.#names.join(', ')}`));
    return (scope) => scope[token];
  }

  #postfix(operand: Expression): Expression {
    let left = operand;
    for (;;) {
      if (this.#token === '.' || this.#token === '?.') {
        this.#advance(true);
        const [from, name] = [left, this.#token];
        if (this.#kind !== 4) throw this.#error('a name is missing after the dot');
        this.#advance(false);
        left = (scope) => member(from(scope), name);
      } else if (this.#take('[')) {
        const [from, index] = [left, this.#or()];
        this.#expect(']');
        left = (scope) => member(from(scope), index(scope));
      } else return left;
    }
  }

  #take(token: string): boolean {
    if (this.#token !== token || this.#kind !== 5) return false;
    this.#advance(true);
    return true;
  }

  #expect(token: string): void {
    if (this.#token !== token) throw this.#error(`'${token}' is missing`);
    this.#advance(false);
  }

  #advance(operandNext = true): void {
    this.#operandNext = operandNext;
    pattern.lastIndex = this.#at;
    let match = pattern.exec(this.#source);
    if (match?.[3] !== undefined && !this.#operandNext) {
      const slash = match.index + match[0].indexOf('/');
      match = Object.assign(['/', undefined, undefined, undefined, undefined, '/'], { index: slash }) as unknown as RegExpExecArray;
      this.#at = slash + 1;
    } else if (match !== null) this.#at = pattern.lastIndex;
    if (match === null) {
      const rest = this.#source.slice(this.#at).trim();
      if (rest !== '') throw this.#error(`'${rest.slice(0, 10)}' cannot be read`);
      this.#kind = 0;
      this.#token = '';
      return;
    }
    this.#kind = [1, 2, 3, 4, 5].find((kind) => match[kind] !== undefined)!;
    this.#token = match[this.#kind]!;
  }

  #error(message: string, hint = "such as: value.total > 100 && headers.type == 'sale' && key =~ /^eu-/"): UsageError {
    return new UsageError(`--where: ${message} (at ${this.#at} of ${this.#source})`, hint);
  }
}

function constant(value: unknown): Expression {
  return () => value;
}

/** Own properties of data only: no prototypes, no methods. */
function member(of: unknown, name: unknown): unknown {
  if (typeof of === 'string' || Array.isArray(of)) return name === 'length' ? of.length : typeof name === 'number' ? of[name] : undefined;
  if (of instanceof Map) return of.get(name);
  if (typeof of !== 'object' || of === null || !Object.hasOwn(of, String(name))) return undefined;
  return (of as Readonly<Record<string, unknown>>)[String(name)];
}

function comparable(a: unknown, b: unknown): boolean {
  return (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function regexOf(value: unknown): RegExp {
  return value instanceof RegExp ? value : new RegExp(String(value));
}

function regexOfLiteral(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  try {
    return new RegExp(literal.slice(1, end), literal.slice(end + 1));
  } catch (error) {
    throw new UsageError(`--where: ${(error as Error).message}`);
  }
}
