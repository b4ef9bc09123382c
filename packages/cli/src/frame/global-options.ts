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
    group: 'Cluster',
    flags: '-b, --brokers <list>',
    text: 'addresses, as host:port,host:port (TSKAFKA_BROKERS, KAFKA_BROKERS; default localhost:9092)',
    repeat: true,
  },
  {
    group: 'Cluster',
    flags: '-C, --profile <name>',
    text: 'a profile: a .properties file of this name in tskafka config path',
  },
  {
    group: 'Cluster',
    flags: '-F, --config <file>',
    text: "a .properties file of Java's client, or one of librdkafka or kcat, as it is",
  },
  { group: 'Cluster', flags: '-X <key=value>', text: 'a single key of such a file', repeat: true },
  {
    group: 'Cluster',
    flags: '--timeout <time>',
    text: 'how long to try to reach the cluster, such as 500ms or 30s (default 10s)',
    parse: duration,
  },
  { group: 'TLS and login', flags: '--tls', text: 'use TLS; any other --tls option implies it' },
  { group: 'TLS and login', flags: '--tls-ca <file>', text: "the CA that signed the brokers' certificates, in PEM" },
  { group: 'TLS and login', flags: '--tls-cert <file>', text: 'the client certificate' },
  { group: 'TLS and login', flags: '--tls-key <file>', text: 'the key of the client certificate' },
  { group: 'TLS and login', flags: '--tls-server-name <name>', text: 'the name in the certificate, if it differs from the address' },
  { group: 'TLS and login', flags: '--tls-insecure', text: 'do not verify the certificate' },
  {
    group: 'TLS and login',
    flags: '--sasl <mechanism>',
    text: 'log in with plain, scram-sha-256, scram-sha-512, oauthbearer or aws',
    repeat: true,
  },
  { group: 'TLS and login', flags: '--user <name>', text: 'the user name' },
  {
    group: 'TLS and login',
    flags: '--password-file <file>',
    text: 'a file with the password (default: TSKAFKA_SASL_PASSWORD, or you are asked)',
  },
  { group: 'TLS and login', flags: '--password-env <name>', text: 'a variable with the password' },
  { group: 'TLS and login', flags: '--password-command <command>', text: 'a command that prints the password' },
  { group: 'TLS and login', flags: '--password <password>', text: 'seen by all who list processes', hidden: true },
  { group: 'Output', flags: '--output <mode>', text: `${outputModes.join(', ')} (default table)` },
  { group: 'Output', flags: '-J, --json', text: 'lines of JSON: short for --output ndjson' },
  { group: 'Output', flags: '--tsv', text: 'short for --output tsv' },
  { group: 'Output', flags: '-q, --quiet', text: 'only data and errors, no headings or messages' },
  { group: 'Output', flags: '-v, --verbose', text: 'log connections; -vv also shows where an error was thrown' },
  {
    group: 'Output',
    flags: '--color <when>',
    text: 'color the output (respects NO_COLOR and FORCE_COLOR)',
    default: 'auto',
    choices: ['auto', 'always', 'never'],
  },
  { group: 'Output', flags: '--no-progress', text: 'do not show progress' },
  { group: 'Output', flags: '-y, --yes', text: 'do not ask before changing a protected cluster' },
];
