import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { serve, type ServedLogin } from '../mock-bundle.ts';
import { command } from '../frame/command.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import { wholeNumber } from '../frame/parse.ts';

interface Flags {
  readonly nodes?: number;
  readonly port?: number;
  readonly host?: string;
  readonly topic?: readonly string[];
  readonly seed?: readonly string[];
  readonly sasl?: readonly string[];
  readonly fault?: readonly string[];
  readonly kafkaVersion?: string;
  readonly realism?: boolean;
}

/** `tskafka mock`: a cluster in memory for clients on this machine, until it is interrupted or a command has ended. What it holds is gone then. */
export const mock = command<Flags, [words: string[]]>({
  arguments: [['[command...]', 'after --: a command to run with KAFKA_BROKERS and TSKAFKA_BROKERS set; the mock ends with it']],
  options: [
    { flags: '--nodes <number>', text: 'the number of brokers', parse: wholeNumber, defaultText: '3' },
    {
      flags: '--port <number>',
      text: 'the port of the first broker; the next ones follow',
      parse: port,
      defaultText: 'free ports',
    },
    { flags: '--topic <name[:number]>', text: 'create a topic, with this many partitions', repeat: true },
    { flags: '--seed <file>', text: 'load messages, in the format of consume --json', repeat: true },
    { flags: '--sasl <login>', text: 'require a login: plain:USER:PASSWORD, scram-sha-512:USER:PASSWORD, or oauthbearer', repeat: true },
    { flags: '--fault <fault>', text: "inject a fault: 'Produce NOT_LEADER_OR_FOLLOWER 5%', 'Fetch drop 1%'", repeat: true },
    { flags: '--host <address>', text: 'the address to listen on and to advertise; 0.0.0.0 means every address', defaultText: '127.0.0.1' },
    { flags: '--kafka-version <release>', text: 'offer the API versions of this release, such as 2.8', defaultText: '4.3' },
    { flags: '--realism', text: 'be as slow with new topics, coordinators and answers as a real cluster' },
  ],
  examples: [
    'tskafka mock --port 9092',
    'tskafka mock --nodes 1 --topic orders:3',
    'tskafka mock --topic orders:3 -- npm test',
    'tskafka consume orders --json > orders.jsonl && tskafka mock --seed orders.jsonl',
    'tskafka mock --sasl plain:alice:secret --sasl scram-sha-512:bob:secret',
    "tskafka mock --fault 'Produce NOT_LEADER_OR_FOLLOWER 5%' --fault 'Fetch delay 200ms 10%' -- npm test",
  ],
  notes:
    'It listens on 127.0.0.1, unless --host is given, and prints the addresses of the brokers once clients can connect. A fault is the name of a request, then an error of Kafka, drop, or delay TIME, and optionally a percentage. With --sasl, the command after -- gets the first login in its environment (TSKAFKA_SASL_MECHANISM, TSKAFKA_SASL_USERNAME, TSKAFKA_SASL_PASSWORD).',
  endsItself: true,
  async run({ show, talk, warn, signal, exitWith }, { nodes, topic, seed, fault, ...options }, words) {
    await using served = await serve({
      ...options,
      ...(nodes !== undefined && { brokers: nodes }),
      ...(topic !== undefined && { topics: topic }),
      ...(seed !== undefined && { seeds: seed }),
      ...(fault !== undefined && { faults: fault }),
    }).catch(cannotBeMeant);
    const { brokers, logins } = served;
    if (options.host !== undefined && !['127.0.0.1', '::1', 'localhost'].includes(options.host) && options.sasl === undefined)
      warn(`warning: whoever reaches ${options.host} may use this cluster; --sasl asks for a login`);
    // Behind options of its own commander leaves the `--` that the frame has put there.
    const [program, ...args] = words[0] === '--' ? words.slice(1) : words;
    if (program !== undefined)
      return exitWith(
        await endOf(
          program,
          args,
          { KAFKA_BROKERS: brokers.join(','), TSKAFKA_BROKERS: brokers.join(','), ...environmentOf(logins[0]) },
          signal,
        ),
      );
    await show({ brokers }, () => `${brokers.join(',')}\n`);
    talk('Ctrl-C ends it');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
});

function port(text: string, option: string): number {
  const number = wholeNumber(text, option);
  if (number > 65_535) throw new UsageError(`${option} ${text} is not a port`, 'ports go up to 65535; 0 means any free port');
  return number;
}

/** What is wrong with an option, or with a file that one names; a port that is taken stays as Node says it. */
function cannotBeMeant(error: Error): never {
  if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(error.message, 'tskafka mock --help');
  throw error;
}

function environmentOf(login: ServedLogin | undefined): Record<string, string> {
  if (login === undefined) return {};
  const { mechanism, user, password } = login;
  return { TSKAFKA_SASL_MECHANISM: mechanism, TSKAFKA_SASL_USERNAME: user, TSKAFKA_SASL_PASSWORD: password };
}

/** Runs the program with this terminal, and gives what it ends with, as a shell would. */
function endOf(program: string, args: readonly string[], found: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  const env = { ...process.env, ...found };
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
