import type { ConnectionFlags } from '../connect/settings.ts';
import type { CommandOption } from './command.ts';
import { duration } from './parse.ts';
import { type OutputMode, outputModes } from './rows.ts';

/** What every command has. */
export interface GlobalFlags extends ConnectionFlags {
  readonly timeout?: number;
  readonly output?: OutputMode;
  readonly json?: boolean;
  readonly tsv?: boolean;
  readonly quiet?: boolean;
  /** How often `-v` was given. */
  readonly verbose: number;
  readonly color: 'auto' | 'always' | 'never';
  readonly progress: boolean;
  readonly yes?: boolean;
}

/** The options of every command, before or behind its name. */
export const globalOptions: readonly (CommandOption & { readonly group: string })[] = [
  {
    group: 'Where the cluster is',
    flags: '-b, --brokers <list>',
    text: 'addresses, host:port,host:port (TSKAFKA_BROKERS, KAFKA_BROKERS; default localhost:9092)',
    repeat: true,
  },
  {
    group: 'Where the cluster is',
    flags: '-C, --profile <name>',
    text: 'a profile: its settings are in a .properties file of that name (tskafka config path)',
  },
  {
    group: 'Where the cluster is',
    flags: '-F, --config <file>',
    text: "a .properties file of Java's client, or one of librdkafka or kcat, as it is",
  },
  { group: 'Where the cluster is', flags: '-X <key=value>', text: 'any one of their keys', repeat: true },
  {
    group: 'Where the cluster is',
    flags: '--timeout <time>',
    text: 'how long to try, such as 500ms or 30s (default 10s)',
    parse: duration,
  },
  { group: 'TLS and login', flags: '--tls', text: 'speak TLS; any other --tls option implies it' },
  { group: 'TLS and login', flags: '--tls-ca <file>', text: "the authority that signed the brokers' certificates, in PEM" },
  { group: 'TLS and login', flags: '--tls-cert <file>', text: 'our certificate' },
  { group: 'TLS and login', flags: '--tls-key <file>', text: 'its key' },
  { group: 'TLS and login', flags: '--tls-server-name <name>', text: 'the name that the certificate is for, where it is not the address' },
  { group: 'TLS and login', flags: '--tls-insecure', text: 'do not verify the certificate' },
  {
    group: 'TLS and login',
    flags: '--sasl <mechanism>',
    text: 'log in by plain, scram-sha-256, scram-sha-512, oauthbearer or aws',
    repeat: true,
  },
  { group: 'TLS and login', flags: '--user <name>', text: 'who logs in' },
  {
    group: 'TLS and login',
    flags: '--password-file <file>',
    text: 'the password is in this file (without any: TSKAFKA_SASL_PASSWORD, or it is asked for)',
  },
  { group: 'TLS and login', flags: '--password-env <name>', text: 'the password is in this variable' },
  { group: 'TLS and login', flags: '--password-command <command>', text: 'this command prints the password' },
  { group: 'TLS and login', flags: '--password <password>', text: 'seen by all who list processes', hidden: true },
  { group: 'Output', flags: '--output <mode>', text: `${outputModes.join(', ')} (default table)` },
  { group: 'Output', flags: '-J, --json', text: 'lines of JSON: short for --output ndjson' },
  { group: 'Output', flags: '--tsv', text: 'short for --output tsv' },
  { group: 'Output', flags: '-q, --quiet', text: 'data and errors only: no headings, no talk' },
  { group: 'Output', flags: '-v, --verbose', text: 'say what the connections do; -vv also where an error was thrown' },
  {
    group: 'Output',
    flags: '--color <when>',
    text: 'auto, always or never (NO_COLOR and FORCE_COLOR are heeded)',
    default: 'auto',
    choices: ['auto', 'always', 'never'],
  },
  { group: 'Output', flags: '--no-progress', text: 'no progress on the terminal' },
  { group: 'Output', flags: '-y, --yes', text: 'do not ask before a protected cluster is changed' },
];
