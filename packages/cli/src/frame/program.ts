import { Argument, Command as Program, Option } from 'commander';
import type { CommandEntry, CommandList } from '../command-lists/command-list.ts';
import { commandLists, commands } from '../commands.ts';
import { version } from '../version.ts';
import type { Command, CommandOption } from './command.ts';
import { UsageError } from './failure.ts';
import { globalOptions } from './global-options.ts';
import { mistakenCommand } from './mistaken-command.ts';
import { didYouMean } from './nearest.ts';

const paths = commands.map(({ path }) => path);

/** Runs a command with what was typed. */
export type Runner = (command: Command, flags: object, args: readonly unknown[]) => Promise<void>;

/** The whole command line. A command's file is loaded when it is called. Errors are thrown: main.ts says what the process ends with. */
export function createProgram(run: Runner, onCalled: (path: string, isNamed: boolean) => void = () => {}): Program {
  const program = new Program('tskafka')
    .description('Produce to, consume from and inspect Kafka')
    .version(version)
    .usage('COMMAND [options]')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false)
    .addHelpText('after', '\ntskafka COMMAND --help shows examples and the options of a command');
  for (const { group, ...option } of globalOptions) program.addOption(optionOf(option).helpGroup(`${group}:`));
  let verbose = 0;
  program.on('option:verbose', () => program.setOptionValue('verbose', ++verbose));
  program.setOptionValue('verbose', 0);

  const entries = new Map<Program, CommandEntry>();
  const loadOne = async (parent: Program, called: Program): Promise<void> => {
    const entry = entries.get(called);
    if (entry === undefined) return;
    const isNamed = parent.args[0] === called.name();
    onCalled(entry.path, isNamed);
    const command = await entry.load();
    const words = isNamed ? parent.args.slice(1) : parent.args;
    const mistake = mistakenCommand({ path: entry.path, isDefault: !isNamed, takesWords: command.arguments.length > 0, words }, paths);
    if (mistake !== undefined) throw mistake;
    define(called, command, run);
  };
  program.hook('preSubcommand', loadOne);
  for (const list of commandLists) {
    for (const entry of list.commands) {
      const [first, second] = entry.path.split(' ') as [string, string?];
      const parent = second === undefined ? program : parentOf(program, first, list, loadOne);
      const called = parent
        .command(second ?? first, { hidden: entry.hidden ?? false, isDefault: entry.isDefault ?? false })
        .description(entry.summary)
        .usage(`${entry.path} [options]`);
      if (second === undefined) called.helpGroup(`${list.heading}:`);
      entries.set(called, entry);
    }
  }
  return program;
}

function parentOf(
  program: Program,
  name: string,
  { heading, parents, commands: below }: CommandList,
  loadOne: (parent: Program, called: Program) => Promise<void>,
): Program {
  const known = program.commands.find((each) => each.name() === name);
  if (known !== undefined) return known;
  const first = below.find(({ path, isDefault }) => isDefault && path.startsWith(`${name} `));
  const alone = first === undefined ? '' : `, and ${name} alone is ${first.path}`;
  return program
    .command(name)
    .description(parents?.[name] ?? '')
    .usage('COMMAND [options]')
    .helpGroup(`${heading}:`)
    .helpCommand(false)
    .addHelpText('after', `\ntskafka ${name} COMMAND --help shows examples and options${alone}`)
    .hook('preSubcommand', loadOne);
}

/** Gives commander what the command's file says. */
function define(program: Program, command: Command, run: Runner): void {
  for (const [name, text] of command.arguments) program.addArgument(new Argument(name, text));
  for (const option of command.options) program.addOption(optionOf(option));
  if (command.changes) program.option('--execute', 'make the change, instead of only showing the plan');
  program.usage(`[options]${command.arguments.map(([name]) => ` ${name}`).join('')}`);
  if (command.notes !== undefined) program.addHelpText('after', `\n${command.notes}`);
  if (command.examples.length > 0) program.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`);
  program.addHelpText('after', '\nOptions that every command has (cluster, TLS, login, output): tskafka --help');
  program.action(() => run(command, program.optsWithGlobals(), program.processedArgs));
}

/** commander checks choices itself, but not those of an option that may be given again. */
function oneOf(choices: readonly string[] | undefined, value: string, option: string): string {
  if (choices === undefined || choices.includes(value)) return value;
  throw new UsageError(`${option} ${value} is not known`, didYouMean(value, choices, `it may be ${choices.join(', ')}`));
}

function optionOf({ flags, text, parse, default: fallback, defaultText, choices, repeat, hidden }: CommandOption): Option {
  const option = new Option(flags, text);
  const name = flags.split(/[ ,]+/)[0]!;
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined || repeat) {
    const read = parse ?? ((value: string) => oneOf(choices, value, name));
    option.argParser((value: string, before: unknown) =>
      repeat ? [...((before as unknown[] | undefined) ?? []), read(value, name)] : read(value, name),
    );
  }
  if (fallback !== undefined) option.default(fallback, defaultText);
  return option.hideHelp(hidden ?? false);
}
