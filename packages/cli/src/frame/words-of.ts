import { splitGlobals } from './split-globals.ts';

/** The command line as commander reads it, from the one that was typed. `isCommand` knows the names of commands. */
export function wordsOf(typed: readonly string[], isCommand: (name: string) => boolean): string[] {
  const at = typed.findIndex((word) => isCommand(word) || word === 'help');
  if (at === -1) return [...typed];
  const [before, name, rest] = [typed.slice(0, at), typed[at]!, typed.slice(at + 1)];
  return [...before, ...ofCommand(name, rest, isCommand)];
}

function ofCommand(name: string, rest: readonly string[], isCommand: (name: string) => boolean): readonly string[] {
  switch (name) {
    case 'help':
      return rest[0] === undefined || isCommand(rest[0]) ? [...rest, '--help'] : rest;
    // As of all other plurals: `users list`, `brokers list`.
    case 'topics':
    case 'groups':
      return rest[0] === 'list' ? [name, ...rest.slice(1)] : [name, ...rest];
    // As Unix has it: `tail -5` is `tail -n 5`.
    case 'tail':
      return [name, ...rest.flatMap((word, i) => (/^-\d+$/.test(word) && !/^-/.test(rest[i - 1] ?? '') ? ['-n', word.slice(1)] : [word]))];
    // The first `--` is taken by the root, the second by the command: of the command line that is being completed, or is to be run, the options are words.
    // Names are asked of the cluster that it is about.
    case '__complete':
      return [...splitGlobals(rest.slice(1, -1)).globals, name, '--', ...rest];
    case 'mock': {
      const end = rest.indexOf('--');
      return end === -1 ? [name, ...rest] : [name, ...rest.slice(0, end), '--', '--', ...rest.slice(end + 1)];
    }
    default:
      return [name, ...rest];
  }
}
