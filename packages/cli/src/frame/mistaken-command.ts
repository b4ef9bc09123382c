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
 * Why it cannot be meant: the name of a command is misspelt, or its noun is in the plural, and would be taken for the name of something. `topic creat orders`
 * would describe two topics, and `topics delete orders` has an argument too many. A word that stands alone is taken for what it says.
 */
export function mistakenCommand({ path, isDefault, takesWords, words }: TypedCommand, paths: readonly string[]): UsageError | undefined {
  const [word] = words;
  const isPlural = !path.includes(' ');
  if (word === undefined || word.startsWith('-') || !(isDefault || isPlural) || (takesWords && words.length === 1)) return undefined;
  const noun = isPlural ? path.replace(/s$/, '') : path.split(' ')[0]!;
  const names = paths.filter((each) => each.startsWith(`${noun} `)).map((each) => each.slice(noun.length + 1));
  // Where names may stand, one that is only a little like a command's is a name.
  const found = takesWords ? nearest(word, names, Math.max(1, Math.floor(word.length / 4))) : nearest(word, names);
  if (found === undefined && (isPlural || takesWords)) return undefined;
  const otherwise = isDefault && takesWords ? ` if not: tskafka ${path} ${words.join(' ')}` : '';
  const hint = found === undefined ? `tskafka ${noun} --help lists its commands` : `did you mean ${noun} ${found}?${otherwise}`;
  return new UsageError(`unknown command '${isPlural ? path : noun} ${word}'`, hint);
}
