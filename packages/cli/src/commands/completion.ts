import { listGroups } from '@tskafka/core';
import { commands } from '../commands.ts';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import { globalOptions } from '../frame/global-options.ts';
import { splitGlobals } from '../frame/split-globals.ts';
import { profileNames } from '../connect/settings.ts';

/** What each shell runs: it asks `tskafka __complete` for words, one in a line. */
const scripts: Readonly<Record<string, string>> = {
  bash: `_tskafka() {
  local IFS=$'\\n'
  COMPREPLY=($(tskafka __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tskafka tskafka
`,
  zsh: `#compdef tskafka
_tskafka() {
  local -a words_found
  words_found=("\${(@f)$(tskafka __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a words_found || _files
}
compdef _tskafka tskafka
`,
  fish: `function __tskafka_complete
  tskafka __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c tskafka -a '(__tskafka_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName tskafka -ScriptBlock {
  param($word, $ast)
  $typed = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $typed += '' }
  tskafka __complete -- $typed 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};

/** `tskafka completion`: the script that a shell loads. */
export const completion = command<object, [shell: string]>({
  arguments: [['<shell>', Object.keys(scripts).join(', ')]],
  examples: ['source <(tskafka completion bash)', 'tskafka completion fish > ~/.config/fish/completions/tskafka.fish'],
  async run({ data }, _, shell) {
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined)
      throw new UsageError(
        `there is no script for ${shell}`,
        didYouMean(shell, Object.keys(scripts), `it may be ${Object.keys(scripts).join(', ')}`),
      );
    await data(script);
  },
});

/** So long a shell may wait for names from the cluster. */
const patienceMs = 500;

/** What could stand where the cursor is; the shells' scripts ask it. Silent where anything fails. */
export const complete = command<object, [words: string[]]>({
  arguments: [['[word...]', 'the words typed so far; the last is incomplete']],
  examples: [],
  async run({ data, connect, world: { environment } }, _, words) {
    const begun = words.at(-1) ?? '';
    const before = words.slice(0, -1);
    const named = splitGlobals(before).rest.filter((word) => !word.startsWith('-'));
    const entry = commands.find(({ path }) => path === named.slice(0, 2).join(' ')) ?? commands.find(({ path }) => path === named[0]);
    const found = await candidates();
    for (const word of new Set(found)) if (word.startsWith(begun)) await data(`${word}\n`);

    async function candidates(): Promise<readonly string[]> {
      if (['-C', '--profile', '--to-profile'].includes(before.at(-1) ?? '')) return profileNames(environment);
      if (begun.startsWith('-')) {
        const own = (await entry?.load())?.options ?? [];
        return [...own, ...globalOptions].filter(({ hidden }) => !hidden).map(({ flags }) => /--?[\w-]+(?= |$)/.exec(flags)![0]);
      }
      const below = commands.filter(
        ({ path, hidden }) =>
          !hidden && path.split(' ').length > named.length && path.split(' ').slice(0, named.length).join(' ') === named.join(' '),
      );
      if (below.length > 0) return below.map(({ path }) => path.split(' ')[named.length]!);
      const wanted = (await entry?.load())?.arguments[0]?.[0] ?? '';
      if (!/topic|from|to\b/.test(wanted) && !/group/.test(wanted)) return [];
      const signal = AbortSignal.timeout(patienceMs);
      const client = await connect({ unavailableTimeoutMs: patienceMs });
      if (/group/.test(wanted)) {
        const { groups } = await listGroups(client, { signal });
        return groups.map(({ group }) => group);
      }
      return client.topics({ signal });
    }
  },
});
