/**
 * A group's subscription by a regular expression, which the broker looks at (KIP-848). The whole name of a topic must match.
 *
 * Kafka reads it as RE2 does; here JavaScript does, which agrees in what people write for topics. Look-around, back references and escapes
 * that RE2 does not have are refused as Kafka refuses them.
 */
export class TopicRegex {
  readonly #pattern: RegExp;

  /** Throws a SyntaxError, with RE2's words, for what is no regular expression. */
  constructor(source: string) {
    const foreign = notInRe2.find(([pattern]) => pattern.test(source));
    if (foreign !== undefined) throw new SyntaxError(foreign[1]);
    const inlineFlags = /^\(\?([ims]+)\)/.exec(source);
    const body = source
      .slice(inlineFlags?.[0].length ?? 0)
      .replaceAll('(?P<', '(?<')
      .replace(/^\\A/, '^')
      .replace(/\\z$/, '$');
    try {
      new RegExp(body);
      this.#pattern = new RegExp(`^(?:${body})$`, inlineFlags?.[1] ?? '');
    } catch (error) {
      throw new SyntaxError(inWordsOfRe2(String(error), source), { cause: error });
    }
  }

  matches(topic: string): boolean {
    return this.#pattern.test(topic);
  }
}

/** Why it is no regular expression, in RE2's words; undefined when it is one. */
export function topicRegexFault(source: string): string | undefined {
  try {
    void new TopicRegex(source);
    return undefined;
  } catch (error) {
    return (error as SyntaxError).message;
  }
}

const notInRe2: readonly (readonly [pattern: RegExp, fault: string])[] = [
  [/(?<=(?<!\\)(?:\\\\)*)\(\?(?:=|!|<=|<!|>)/, 'invalid or unsupported Perl syntax'],
  [/(?<=(?<!\\)(?:\\\\)*)\\[1-9ceg-moquyF-OR-VX-Z]/, 'invalid escape sequence'],
  [/\{(?:\d+,)?(?:1\d{3}(?<!1000)|[2-9]\d{3}|\d{5,})\}/, 'invalid repeat count'],
];

/** Node's words for a fault, and RE2's. */
const faults: readonly (readonly [node: string, re2: string])[] = [
  ['Unterminated character class', 'missing closing ]'],
  ['Unterminated group', 'missing closing )'],
  ["Unmatched ')'", 'regexp/syntax: internal error'],
  ['numbers out of order', 'invalid repeat count'],
  ['Range out of order', 'invalid character class range'],
  ['\\ at end of pattern', 'trailing backslash at end of expression'],
  ['capture group name', 'invalid named capture'],
  ['Invalid group', 'invalid or unsupported Perl syntax'],
];

function inWordsOfRe2(error: string, source: string): string {
  if (error.includes('Nothing to repeat')) {
    return /(?:^|[(|])[*+?]/.test(source) ? 'missing argument to repetition operator' : 'invalid nested repetition operator';
  }
  // The fault comes behind the expression, which may say anything.
  return faults.find(([node]) => error.slice(error.lastIndexOf('/')).includes(node))?.[1] ?? 'invalid or unsupported Perl syntax';
}
