import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure, UsageError } from '../frame/failure.ts';
import { didYouMean, nearest } from '../frame/nearest.ts';
import { type Key, keyNames, keyOf, keys, variableOf } from './keys.ts';
import { parseProperties } from './properties.ts';

/** A value and where it came from, for people: `-b`, `TSKAFKA_BROKERS`, a file. */
export interface Setting {
  readonly value: string;
  readonly origin: string;
  /** The origin is a file of settings. */
  readonly isInFile: boolean;
}

/** The options that say how to connect, as they were typed. */
export interface ConnectionFlags {
  readonly brokers?: readonly string[];
  readonly profile?: string;
  readonly config?: string;
  /** `key=value` pairs. */
  readonly X?: readonly string[];
  readonly tls?: boolean;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsServerName?: string;
  readonly tlsInsecure?: boolean;
  /** The last one holds, as of other options; `mock` takes them all. */
  readonly sasl?: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly passwordCommand?: string;
}

export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly warn: (line: string) => void;
}

type Add = (key: Key, value: string | undefined, origin: string, isInFile?: boolean) => void;

/** Settings of which the first that comes holds. */
function collect(): { readonly settings: Map<Key, Setting>; readonly add: Add } {
  const settings = new Map<Key, Setting>();
  const add: Add = (key, value, origin, isInFile = false) => {
    if (value !== undefined && !settings.has(key)) settings.set(key, { value, origin, isInFile });
  };
  return { settings, add };
}

/** Every setting that holds, those of the strongest source first: options, -X, environment, -F or --profile, the chosen profile, the project's file. */
export function settingsOf(flags: ConnectionFlags, world: World): Map<Key, Setting> {
  const { settings, add } = collect();
  fromFlags(flags, add);
  for (const pair of flags.X ?? []) {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    const key = keyOf(name);
    if (at === -1) throw new UsageError(`-X ${pair} is not KEY=VALUE`);
    if (key === undefined) throw new UsageError(`-X ${name} is not known`, didYouMean(name, keyNames, 'tskafka config keys lists them'));
    add(key, pair.slice(at + 1), `-X ${name}`);
  }
  if (flags.config !== undefined && flags.profile !== undefined)
    throw new UsageError('-C and -F both say where the cluster is', 'use one of them');
  const { environment } = world;
  const typed = flags.config ?? profileFile(settings.get('profile')?.value, environment);
  for (const key of keys) add(key, environment[variableOf(key)], variableOf(key));
  const ofProject = profileOfProject(world);
  const chosen =
    typed ??
    environment['TSKAFKA_CONFIG'] ??
    profileFile(settings.get('profile')?.value ?? currentProfile(environment) ?? ofProject, environment);
  const ofFile = chosen === undefined ? new Map<Key, string>() : readConfiguration(chosen, world);
  for (const [key, value] of ofFile) add(key, value, chosen!, true);
  add('profile', ofProject, projectFileName);
  const isNamed = settings.has('bootstrap.servers');
  add('bootstrap.servers', environment['KAFKA_BROKERS'], 'KAFKA_BROKERS');
  add('bootstrap.servers', 'localhost:9092', 'default');
  const { value, origin } = settings.get('bootstrap.servers')!;
  if (typed !== undefined && origin === variableOf('bootstrap.servers') && value !== (ofFile.get('bootstrap.servers') ?? value))
    world.warn(`warning: the brokers are ${value} (${origin}), and not those of ${typed}`);
  if (chosen !== undefined && !isNamed) world.warn(`warning: ${chosen} has no bootstrap.servers, so it is ${value} (${origin})`);
  return settings;
}

/**
 * The settings of a second cluster: what its own options say, and nothing that may be meant for the first, as the environment and the chosen profile
 * are. Else what is for one would be written to the other, and the password of one would be told to the other.
 */
export function settingsElsewhere(flags: ConnectionFlags, world: World): Map<Key, Setting> {
  const { settings, add } = collect();
  fromFlags(flags, add);
  const file = flags.config ?? profileFile(flags.profile, world.environment);
  if (file !== undefined) for (const [key, value] of readConfiguration(file, world)) add(key, value, file, true);
  if (!settings.has('bootstrap.servers')) throw new UsageError(`${file} has no bootstrap.servers`, 'write it there');
  return settings;
}

/** The option that leads to this cluster again. */
export function optionFor(settings: ReadonlyMap<Key, Setting>): string {
  const { value, origin, isInFile } = settings.get('bootstrap.servers')!;
  if (!isInFile) return `-b ${value.split(',')[0]!.trim()}`;
  const profile = settings.get('profile')?.value;
  return profile !== undefined && basename(origin) === `${profile}.properties` ? `-C ${profile}` : `-F ${origin}`;
}

function fromFlags(flags: ConnectionFlags, add: Add): void {
  add('bootstrap.servers', flags.brokers?.join(','), '-b');
  add('profile', flags.profile, '-C');
  add('ssl.ca.location', flags.tlsCa, '--tls-ca');
  add('ssl.certificate.location', flags.tlsCert, '--tls-cert');
  add('ssl.key.location', flags.tlsKey, '--tls-key');
  add('ssl.server.name', flags.tlsServerName, '--tls-server-name');
  if (flags.tlsInsecure) add('enable.ssl.certificate.verification', 'false', '--tls-insecure');
  const tls =
    flags.tls ?? [flags.tlsCa, flags.tlsCert, flags.tlsKey, flags.tlsServerName, flags.tlsInsecure].some((given) => given !== undefined);
  add('sasl.mechanism', flags.sasl?.at(-1), '--sasl');
  add('sasl.username', flags.user, '--user');
  add('sasl.password', flags.password, '--password');
  add('sasl.password.file', flags.passwordFile, '--password-file');
  add('sasl.password.env', flags.passwordEnv, '--password-env');
  add('sasl.password.command', flags.passwordCommand, '--password-command');
  if (tls) add('security.protocol', flags.sasl === undefined ? 'SSL' : 'SASL_SSL', '--tls');
}

/** A key that is nearly one of ours is a mistake; other keys of Java's and librdkafka's mean nothing here, and a file with them is taken as it is. */
function readConfiguration(file: string, { warn }: World): Map<Key, string> {
  const found = new Map<Key, string>();
  for (const [name, value] of parseProperties(readText(file))) {
    const key = keyOf(name);
    if (key !== undefined) found.set(key, value);
    else if (name.startsWith('tskafka.') || isMisspelt(name))
      throw new UsageError(`${file}: ${name} is not known`, didYouMean(name, keyNames));
  }
  const hasPassword = found.has('sasl.password') || found.has('sasl.jaas.config');
  if (hasPassword && process.platform !== 'win32' && (statSync(file).mode & 0o044) !== 0) {
    warn(`warning: ${file} holds a password, and others can read it: chmod 600 ${file}`);
  }
  return found;
}

/** Taken for nothing, it would lead to another cluster than the one that is meant. */
function isMisspelt(name: string): boolean {
  return !othersKeys.has(name) && nearest(name, keyNames, 2) !== undefined;
}

/** Of Java and librdkafka, no mistakes though they look like keys of ours. */
const othersKeys: ReadonlySet<string> = new Set(['ssl.crl.location', 'ssl.key', 'topics', 'group.ids']);

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Where profiles live: a .properties file for each. */
export function profileFolder({ TSKAFKA_HOME, XDG_CONFIG_HOME, APPDATA }: World['environment']): string {
  if (TSKAFKA_HOME !== undefined) return TSKAFKA_HOME;
  if (process.platform === 'win32' && APPDATA !== undefined) return join(APPDATA, 'tskafka');
  return join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'tskafka');
}

export function profileNames(environment: World['environment']): string[] {
  const folder = profileFolder(environment);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.properties'));
  return files.map((file) => file.slice(0, -'.properties'.length)).sort();
}

/** The profile that `config use` has chosen. */
export function currentProfile(environment: World['environment']): string | undefined {
  const file = join(profileFolder(environment), 'current');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
}

export function profileFile(name: string | undefined, environment: World['environment']): string | undefined {
  if (name === undefined) return undefined;
  if (!/^[\w.-]+$/.test(name)) throw new UsageError(`${name} is not a profile's name`);
  const file = join(profileFolder(environment), `${name}.properties`);
  if (existsSync(file)) return file;
  const names = profileNames(environment);
  throw new Failure(`there is no profile ${name}`, {
    code: 'NO_PROFILE',
    cause: `${file} does not exist`,
    hint: didYouMean(name, names, names.length === 0 ? `write it: it holds bootstrap.servers=host:9092` : `tskafka config list`),
    exitCode: 2,
  });
}

const projectFileName = '.tskafka.properties';

/** The profile of a project, from the working folder up to the root of its repository. It may be a stranger's: no brokers, no secrets, no commands. */
function profileOfProject({ workingDirectory }: World): string | undefined {
  for (let folder = resolve(workingDirectory); ; folder = dirname(folder)) {
    const file = join(folder, projectFileName);
    if (existsSync(file)) {
      const found = parseProperties(readText(file));
      const other = [...found.keys()].find((name) => name !== 'profile');
      if (other !== undefined) throw new UsageError(`${file} may not set ${other}`, 'it may set profile: put the rest into that');
      return found.get('profile');
    }
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}
