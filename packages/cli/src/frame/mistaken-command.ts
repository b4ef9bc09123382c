import { UsageError } from './failure.ts';
import { nearest } from './nearest.ts';

/** What was typed where a command stands, and how it would be read. */
export interface TypedCommand {
  /** `topic describe`, `topics`. */
  readonly path: string;
  /** Whether its own name was left away, as in `topic orders`. */
  readonly isDefault: boolean;
  /** Whether it takes words at all. */
  readonly takesWords: boolean;
  /** What stands behind it. */
  readonly words: readonly string[];
}

/**
 * Why it cannot be meant: the name of a command is misspelt, is one of another noun, or its noun is in the plural, and it would be taken for the name of
 * something. `topic creat orders` would describe two topics, and `topics delete orders` has an argument too many. A word that stands alone is taken for
 * what it says.
 */
export function mistakenCommand({ path, isDefault, takesWords, words }: TypedCommand, paths: readonly string[]): UsageError | undefined {
  const [word] = words;
  const noun = path.includes(' ') ? path.split(' ')[0]! : path.replace(/s$/, '');
  const isPlural = path === `${noun}s` && paths.some((each) => each.startsWith(`${noun} `));
  if (word === undefined || word.startsWith('-') || !(isDefault || isPlural) || (takesWords && words.length === 1)) return undefined;
  const meant = below(noun, word, takesWords, paths) ?? elsewhere(noun, word, paths);
  if (meant === undefined && (isPlural || takesWords)) return undefined;
  const otherwise = isDefault && takesWords ? ` if not: tskafka ${path} ${words.join(' ')}` : '';
  const hint = meant === undefined ? `tskafka ${noun} --help lists its commands` : `did you mean ${meant}?${otherwise}`;
  return new UsageError(`unknown command '${isPlural ? path : noun} ${word}'`, hint);
}

/** The noun's own command that is spelt nearly so. Where names may stand, one that is only a little like a command's is a name. */
function below(noun: string, word: string, takesWords: boolean, paths: readonly string[]): string | undefined {
  const names = paths.filter((path) => path.startsWith(`${noun} `)).map((path) => path.slice(noun.length + 1));
  const found = takesWords ? nearest(word, names, Math.max(1, Math.floor(word.length / 4))) : nearest(word, names);
  return found && `${noun} ${found}`;
}

/** Under these nouns others keep commands that are elsewhere here. */
const widerElsewhere: readonly string[] = ['topic', 'group'];

/** The command that has this name without the noun, or with the only other one: `topic consume orders`, `group reset billing`. */
function elsewhere(noun: string, word: string, paths: readonly string[]): string | undefined {
  if (!widerElsewhere.includes(noun)) return undefined;
  const named = paths.filter((path) => path.endsWith(` ${word}`));
  return paths.includes(word) ? word : named.length === 1 ? named[0] : undefined;
}
