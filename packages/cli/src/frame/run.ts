import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { printable } from '../terminal/printable.ts';
import { Call, modeOf, say } from './context.ts';
import type { Command } from './command.ts';
import { exitCodes, Failure, UsageError } from './failure.ts';
import type { GlobalFlags } from './global-options.ts';
import { hereFor } from './options-elsewhere.ts';
import { ProcessOutput } from './output.ts';
import { createProgram } from './program.ts';
import { fromPykafka } from './pykafka-names.ts';
import { wordsOf } from './words-of.ts';

const introduction = `tskafka: produce to, consume from and inspect Kafka

  tskafka topics                                   list topics
  tskafka topic create orders -p 6 --execute       create one
  echo hello | tskafka produce orders              send each line as a message
  tskafka consume orders                           print all messages, then stop
  tskafka consume orders -o @-15m.. --json         the last 15 minutes, as lines of JSON
  tskafka tail -f orders                           the last ten, then new messages
  tskafka lag billing                              show the lag of a group
  tskafka offsets reset billing --to @2026-11-23   read again from a date (a plan)
  tskafka doctor -b kafka:9092                     find out why it does not connect
  tskafka mock --port 9092 --topic orders:3        an in-memory Kafka

tskafka --help lists all commands and their common options
`;

/** Runs the command line, and sets what the process ends with. */
export async function run(typed: readonly string[]): Promise<void> {
  const output = new ProcessOutput();
  if (typed.length === 0) {
    await output.data(introduction);
    return output.flush();
  }
  if (typed.length === 1 && typed[0] === '--help-json') {
    const { commandTree } = await import('./command-tree.ts');
    await output.data(`${JSON.stringify(await commandTree(), null, 2)}\n`);
    return output.flush();
  }
  const ours = fromPykafka(typed);
  if (ours !== undefined) {
    output.talk(`this is now: tskafka ${printable(ours.join(' '))}`);
    return run(ours);
  }
  let called: Called | undefined;
  const program = createProgram(
    (command, flags, args) => runCommand(command, flags as GlobalFlags, args, output),
    (path, isNamed) => (called = { path, isNamed }),
  );
  const isCommand = (name: string): boolean => program.commands.some((each) => each.name() === name);
  try {
    await program.parseAsync(wordsOf(typed, isCommand), { from: 'user' });
  } catch (error) {
    const failure = usageOf(error, called);
    if (failure === undefined) return output.flush();
    const { json, output: mode } = program.opts<GlobalFlags>();
    say(failure, json ? 'ndjson' : (mode ?? 'table'), output);
    process.exitCode = failure.exitCode;
  }
  await output.flush();
}

/** The command that was found; by default, where its name was left away. */
interface Called {
  readonly path: string;
  readonly isNamed: boolean;
}

/** What commander says, in our form; undefined for what is no error: help and version. */
function usageOf(error: unknown, called: Called | undefined): Failure | undefined {
  if (error instanceof Failure) return error;
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0 || error.code === 'commander.help') return undefined;
  const [, message = error.message, suggestion] = /^(?:error: )?([^\n]*)(?:\n\(Did you mean ([\s\S]*?)\??\))?$/.exec(error.message) ?? [];
  const ofOthers = error.code === 'commander.unknownOption' ? hereFor(/'(-[^'=]+)/.exec(message)?.[1], called?.path) : undefined;
  const hint = ofOthers ?? (suggestion === undefined ? helpFor(called, error.code) : `did you mean ${suggestion.replace(/^one of /, '')}?`);
  return new UsageError(message.replace(/\.$/, ''), hint);
}

/** Whoever types `tskafka topic` alone may want to know what there is. */
function helpFor(called: Called | undefined, code: string): string {
  if (called === undefined) return 'tskafka --help lists the commands';
  const isNounAlone = !called.isNamed && code === 'commander.missingArgument';
  return isNounAlone ? `tskafka ${called.path.split(' ')[0]} --help lists its commands` : `tskafka ${called.path} --help`;
}

/** kafka-topics.sh has this option for what is `--set` here. */
function checkConfig({ config }: GlobalFlags): void {
  if (config?.includes('=') && !existsSync(config))
    throw new UsageError(`--config ${config} is no file`, 'a configuration of a topic is --set NAME=VALUE, one of the client -X KEY=VALUE');
}

async function runCommand(command: Command, flags: GlobalFlags, args: readonly unknown[], output: ProcessOutput): Promise<void> {
  modeOf(flags);
  checkConfig(flags);
  output.useColor(flags.color);
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    process.exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    // Somebody who asks twice does not want to wait for a clean end.
    if (interruption.signal.aborted) process.exit();
    interruption.abort(new DOMException(signal, 'AbortError'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const call = new Call(command, flags, output, interruption.signal);
  const interrupted = new Promise<void>((resolve) => {
    if (!command.endsItself) interruption.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([command.run(call.context, flags, args), call.unreachable, interrupted]);
  } catch (error) {
    if (!interruption.signal.aborted) {
      await output.flush();
      call.end(await call.explained(error));
    }
  } finally {
    await output.flush();
    await call.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  process.exitCode = interruption.signal.aborted ? process.exitCode : call.exitCode;
  // Whatever is still to be read is of no interest any more.
  process.stdin.destroy();
}
