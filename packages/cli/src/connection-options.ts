import { readFileSync } from 'node:fs';
import type { ClientOptions } from '@tskafka/core';
import { type Command, Option } from 'commander';
import { UsageError } from './offset-spec.ts';

/** The options that every command has: where the cluster is, and who we are. */
export interface ConnectionFlags {
  readonly brokers?: string;
  readonly tls?: boolean;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly sasl?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly user?: string;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly timeout: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option('-b, --brokers <list>', 'addresses of the cluster (TSKAFKA_BROKERS, KAFKA_BROKERS; default localhost:9092)')
    .option('--tls', 'speak TLS; any other --tls option implies it')
    .option('--tls-ca <file>', "the authority that signed the brokers' certificates")
    .option('--tls-cert <file>', 'our certificate')
    .option('--tls-key <file>', 'its key')
    .addOption(new Option('--sasl <mechanism>', 'how to log in').choices(['plain', 'scram-sha-256', 'scram-sha-512']))
    .option('--user <name>', 'who logs in')
    .option('--password-file <file>', 'a file with the password')
    .option('--password-env <name>', 'a variable with the password (default TSKAFKA_SASL_PASSWORD)')
    .option('--timeout <seconds>', 'how long to look for a broker', '10');
}

/** What the client needs, from the flags and the environment. Secrets come from a file or the environment only: arguments are seen by all. */
export function clientOptions(flags: ConnectionFlags, environment: NodeJS.ProcessEnv): ClientOptions {
  const { TSKAFKA_BROKERS, KAFKA_BROKERS } = environment;
  const seconds = Number(flags.timeout);
  if (!(seconds > 0)) throw new UsageError(`--timeout ${flags.timeout} is not a number of seconds`);
  return {
    brokers: flags.brokers ?? TSKAFKA_BROKERS ?? KAFKA_BROKERS ?? 'localhost:9092',
    clientId: 'tskafka-cli',
    unavailableTimeoutMs: seconds * 1000,
    topicTimeoutMs: 1000,
    ...tls(flags),
    ...sasl(flags, environment),
  };
}

function tls({ tls: wanted, tlsCa, tlsCert, tlsKey }: ConnectionFlags): Pick<ClientOptions, 'ssl'> {
  if (!wanted && tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) return {};
  const read = (file: string | undefined): string | undefined => (file === undefined ? undefined : readFile(file));
  return { ssl: { ca: read(tlsCa), cert: read(tlsCert), key: read(tlsKey) } };
}

function sasl(
  { sasl: mechanism, user, passwordFile, passwordEnv }: ConnectionFlags,
  environment: NodeJS.ProcessEnv,
): Pick<ClientOptions, 'sasl'> {
  if (mechanism === undefined) {
    if (user !== undefined) throw new UsageError('--user needs --sasl plain, scram-sha-256 or scram-sha-512');
    return {};
  }
  if (user === undefined) throw new UsageError(`--sasl ${mechanism} needs --user`);
  const variable = passwordEnv ?? 'TSKAFKA_SASL_PASSWORD';
  const password = passwordFile === undefined ? environment[variable] : readFile(passwordFile).replace(/\r?\n$/, '');
  if (password === undefined)
    throw new UsageError(`--sasl ${mechanism} needs a password`, `put it into ${variable}, or name a file with --password-file`);
  return { sasl: { mechanism, username: user, password } };
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
