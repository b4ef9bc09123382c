import type { commandTree, CommandInTree } from '../packages/cli/src/frame/command-tree.ts';

type Tree = Awaited<ReturnType<typeof commandTree>>;

/** docs/cli.md, from what the commands say of themselves. */
export function cliPage({ commands, globalOptions }: Tree): string {
  const list = commands.map(({ name, summary }) => `| [\`${name}\`](#${anchor(name)}) | ${cell(summary)} |`);
  const shared = globalOptions.map(({ group, options }) => `### ${group}\n\n${table(options)}`);
  return [
    introduction,
    `## Commands\n\n| Command | What it does |\n| --- | --- |\n${list.join('\n')}`,
    `## Options of every command\n\nThey may stand before or after the name of the command.\n\n${shared.join('\n\n')}`,
    ...commands.map(section),
  ].join('\n\n');
}

const introduction = `<!-- Generated from the help of the commands by \`npm run docs\`. -->

# The command line

\`npx @tskafka/cli\` runs \`tskafka\`. It follows six rules:

1. Data goes to standard output, messages to standard error. \`--json\` is a contract, text is not.
2. Every command ends by itself, except with \`--follow\` or \`--watch\`.
3. Reading never creates, commits or changes anything: no topic, no group, no offset.
4. A command that changes the cluster shows its plan, and needs \`--execute\` to make the change.
5. It uses Kafka's words and kcat's letters.
6. A wrong argument is an error that suggests the nearest right one. It never falls back to a default.

## Exit codes

| Code | Meaning |
| --- | --- |
| 0 | success, also for an empty list, and when the reader of a pipe has seen enough |
| 1 | Kafka refused, or an item failed |
| 2 | the command line is wrong; nothing was done |
| 3 | a condition that you asked for does not hold, such as \`--count\` within \`--timeout\` |
| 4 | no broker was reached, or TLS or the login failed; nothing was done |
| 130, 143 | SIGINT or SIGTERM, after a clean end; a second one ends it at once |

An error is one line with what failed and where, one with the cause, and one with what to do. With \`--json\` it is one object on standard error. \`-vv\` shows where it was thrown.

## Profiles

A profile is a \`.properties\` file in \`tskafka config path\`, with the keys of Java's client or of librdkafka; \`-F FILE\` takes such a file from anywhere, as it is. What holds
comes from, the strongest first: options, \`-X\`, the environment (\`TSKAFKA_BROKERS\`, \`TSKAFKA_SASL_PASSWORD\`: any key as \`TSKAFKA_SASL_USERNAME\` is \`sasl.username\`), the file or
profile, the project's \`.tskafka.properties\` (which may name a profile, and nothing else), and \`KAFKA_BROKERS\`. \`tskafka config show\` says each value and where it came from. With
\`tskafka.readonly=true\` nothing is written; with \`tskafka.protected=true\` a change asks first, or needs \`--yes\`.`;

function section({ name, summary, arguments: names, options, examples, notes, changes, isDefault }: CommandInTree): string {
  const usage = `tskafka ${name}${names.map((each) => ` ${each.name}`).join('')}`;
  const all = changes ? [...options, { flags: '--execute', text: 'make the change, instead of only showing the plan' }] : options;
  const listed = names.filter(({ text }) => text !== '').map((each) => `- \`${each.name}\`: ${each.text}`);
  return [
    `## ${name}`,
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.${isDefault ? ` \`tskafka ${name.split(' ')[0]!}\` alone does the same.` : ''}`,
    `\`\`\`sh\n${usage}\n\n${examples.join('\n')}\n\`\`\``,
    ...(listed.length === 0 ? [] : [listed.join('\n')]),
    ...(all.length === 0 ? [] : [table(all)]),
    ...(notes === undefined ? [] : [notes.replaceAll('\n', ' ')]),
  ].join('\n\n');
}

function table(
  options: readonly {
    readonly flags: string;
    readonly text: string;
    readonly default?: string | undefined;
    readonly choices?: readonly string[] | undefined;
  }[],
): string {
  const rows = options.map(({ flags, text, default: fallback, choices }) => {
    const notes = [
      ...(choices === undefined ? [] : [`One of ${choices.join(', ')}.`]),
      ...(fallback === undefined ? [] : [`Default \`${fallback}\`.`]),
    ];
    const full = notes.length > 0 && !text.endsWith('.') ? `${text}.` : text;
    return `| \`${flags}\` | ${cell([full, ...notes].join(' '))} |`;
  });
  return `| Option | |\n| --- | --- |\n${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/[*_]/g, '\\$&');
}

function anchor(name: string): string {
  return name.replaceAll(' ', '-');
}
