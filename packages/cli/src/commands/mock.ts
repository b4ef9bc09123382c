import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { serve } from '../mock-bundle.ts';
import { command } from '../frame/command.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import { wholeNumber } from '../frame/parse.ts';

interface Flags {
  readonly nodes?: number;
  readonly port?: number;
  readonly topic?: readonly string[];
  readonly kafkaVersion?: string;
  readonly realism?: boolean;
}

/** `tskafka mock`: a cluster in memory for clients on this machine, until it is interrupted or a command has ended. What it holds is gone then. */
export const mock = command<Flags, [words: string[]]>({
  arguments: [['[command...]', 'behind --: run this with KAFKA_BROKERS and TSKAFKA_BROKERS set, and end as it ends']],
  options: [
    { flags: '--nodes <number>', text: 'how many brokers', parse: wholeNumber, defaultText: '3' },
    {
      flags: '--port <number>',
      text: 'the port of the first broker; the next ones follow',
      parse: port,
      defaultText: 'any that are free',
    },
    { flags: '--topic <name[:number]>', text: 'a topic that is there from the start, with so many partitions', repeat: true },
    { flags: '--kafka-version <release>', text: 'offer the API versions of this release, such as 2.8', defaultText: '4.3' },
    { flags: '--realism', text: 'take some time over new topics, coordinators and answers, as a real cluster does' },
  ],
  examples: ['tskafka mock --port 9092', 'tskafka mock --nodes 1 --topic orders:3', 'tskafka mock --topic orders:3 -- npm test'],
  notes: 'Listens on 127.0.0.1 only. The addresses of the brokers are printed once clients can connect.',
  endsItself: true,
  async run({ show, talk, signal, exitWith }, { nodes, topic, ...options }, words) {
    await using served = await serve({
      ...options,
      ...(nodes !== undefined && { brokers: nodes }),
      ...(topic !== undefined && { topics: topic }),
    });
    const { brokers } = served;
    // Behind options of its own commander leaves the `--` that the frame has put there.
    const [program, ...args] = words[0] === '--' ? words.slice(1) : words;
    if (program !== undefined) return exitWith(await endOf(program, args, brokers.join(','), signal));
    await show({ brokers }, () => `${brokers.join(',')}\n`);
    talk('Ctrl-C ends it');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
});

function port(text: string, option: string): number {
  const number = wholeNumber(text, option);
  if (number > 65_535) throw new UsageError(`${option} ${text} is not a port`, 'ports go up to 65535; 0 is any that is free');
  return number;
}

/** Runs the program with this terminal, and gives what it ends with, as a shell would. */
function endOf(program: string, args: readonly string[], brokers: string, signal: AbortSignal): Promise<number> {
  const env = { ...process.env, KAFKA_BROKERS: brokers, TSKAFKA_BROKERS: brokers };
  const child = spawn(program, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  // At Ctrl-C the terminal tells both of us; a signal to this process alone is passed on.
  signal.addEventListener('abort', () => void child.kill((signal.reason as Error).message as NodeJS.Signals), { once: true });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new Failure(`${program} cannot be run`, { code: 'COMMAND', cause: error.message, exitCode: 127 }));
    });
    child.on('close', (code, killedBy) => resolve(code ?? 128 + constants.signals[killedBy!]));
  });
}
