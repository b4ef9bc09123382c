import { commandLists, commands } from '../commands.ts';
import type { CommandOption } from './command.ts';
import { globalOptions } from './global-options.ts';

interface OptionInTree {
  readonly flags: string;
  readonly text: string;
  readonly default?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

export interface CommandInTree {
  readonly name: string;
  readonly summary: string;
  readonly isDefault: boolean;
  readonly changes: boolean;
  readonly arguments: readonly { readonly name: string; readonly text: string }[];
  readonly options: readonly OptionInTree[];
  readonly examples: readonly string[];
  readonly notes: string | undefined;
}

/** All commands as data: what `--help-json` prints and docs/cli.md is made of. */
export async function commandTree() {
  const shown = commands.filter(({ hidden }) => !hidden);
  const tree = await Promise.all(
    shown.map(async ({ path, summary, isDefault = false, load }): Promise<CommandInTree> => {
      const { arguments: names, options, examples, notes, changes } = await load();
      return {
        name: path,
        summary,
        isDefault,
        changes,
        arguments: names.map(([name, text]) => ({ name, text })),
        options: optionsOf(options),
        examples,
        notes,
      };
    }),
  );
  const groups = [...new Set(globalOptions.map(({ group }) => group))];
  return {
    name: 'tskafka',
    parents: Object.assign({}, ...commandLists.map(({ parents }) => parents)) as Readonly<Record<string, string>>,
    globalOptions: groups.map((group) => ({ group, options: optionsOf(globalOptions.filter((option) => option.group === group)) })),
    commands: tree,
  };
}

function optionsOf(options: readonly CommandOption[]): OptionInTree[] {
  return options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, text, default: fallback, defaultText, choices }) => ({
      flags,
      text,
      default: defaultText ?? (fallback === undefined ? undefined : String(fallback)),
      choices,
    }));
}
