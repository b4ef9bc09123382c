import { globalOptions } from './global-options.ts';

const flagsOf = (hasValue: boolean): ReadonlySet<string> =>
  new Set(globalOptions.filter(({ flags }) => flags.includes('<') === hasValue).flatMap(({ flags }) => flags.match(/--?[\w-]+/g) ?? []));
const withValue = flagsOf(true);
const switches = flagsOf(false);

/** The options of every command that are among these words, with their values, and the other words. An option whose value is missing is one of those. */
export function splitGlobals(words: readonly string[]): { readonly globals: string[]; readonly rest: string[] } {
  const globals: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (withValue.has(word) && i + 1 < words.length) globals.push(word, words[++i]!);
    else if (switches.has(word) || (word.includes('=') && withValue.has(word.slice(0, word.indexOf('='))))) globals.push(word);
    else rest.push(word);
  }
  return { globals, rest };
}
