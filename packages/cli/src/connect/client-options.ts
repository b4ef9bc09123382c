import { readFileSync } from 'node:fs';
import type { ClientOptions, SaslOptions, SslOptions } from '@tskafka/core';
import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import type { Key } from './keys.ts';
import { parseJaas } from './properties.ts';
import { passwordOf } from './secret.ts';
import { readText, type Setting, type World } from './settings.ts';

export interface Login {
  /** Undefined when only the broker knows it. */
  readonly user: string | undefined;
  readonly mechanism: string;
  /** Where the password came from, for whoever has to look it up. */
  readonly origin: string;
}

export interface Connection {
  readonly options: ClientOptions;
  readonly login: Login | undefined;
}

type Settings = ReadonlyMap<Key, Setting>;

/** What the client is made with. Throws UsageError for what does not fit together. */
export async function connectionOf(settings: Settings, world: World): Promise<Connection> {
  const text = (key: Key): string | undefined => settings.get(key)?.value;
  const protocol = protocolOf(settings);
  const { sasl, login } = await saslOf(settings, protocol.sasl, world);
  const number = (key: Key): number | undefined => {
    const value = text(key);
    if (value !== undefined && !(Number(value) > 0))
      throw new UsageError(`${settings.get(key)!.origin}: ${key} ${value} is not a number of milliseconds`);
    return value === undefined ? undefined : Number(value);
  };
  const options = {
    brokers: withPorts(settings.get('bootstrap.servers')!),
    clientId: text('client.id') ?? 'tskafka-cli',
    ssl: protocol.tls ? sslOf(settings, world) : undefined,
    sasl,
    requestTimeoutMs: number('request.timeout.ms'),
    connectionSetupTimeoutMs: number('socket.connection.setup.timeout.ms') ?? 3000,
    apiTimeoutMs: number('default.api.timeout.ms'),
    topicTimeoutMs: 500,
  };
  return {
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as ClientOptions,
    login,
  };
}

/** An address without a port means 9092. */
function withPorts({ value, origin }: Setting): string[] {
  const addresses = value.split(',').map((address) => address.trim().replace(/^[a-zA-Z_]+:\/\//, ''));
  const named = addresses.filter((address) => address !== '');
  if (named.length === 0) throw new UsageError(`${origin} names no broker`, 'such as -b kafka-1:9092,kafka-2:9092');
  return named.map((address) => (/:\d+$/.test(address) ? address : `${address}:9092`));
}

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

function protocolOf(settings: Settings): { tls: boolean; sasl: boolean } {
  const given = settings.get('security.protocol');
  const name = given?.value.toUpperCase();
  if (name !== undefined && !protocols.includes(name)) {
    throw new UsageError(
      `${given!.origin}: security.protocol ${given!.value} is not known`,
      didYouMean(name, protocols, `it may be ${protocols.join(', ')}`),
    );
  }
  const mechanism = settings.get('sasl.mechanism');
  // An option that names a mechanism wins over a file that says PLAINTEXT; a file with a mechanism and no protocol means it.
  const sasl =
    name?.startsWith('SASL') === true ||
    (mechanism !== undefined && (name === undefined || mechanism.origin.startsWith('-') || name === 'SSL'));
  return { tls: name?.endsWith('SSL') === true, sasl };
}

function sslOf(settings: Settings, world: World): SslOptions {
  const text = (key: Key): string | undefined => settings.get(key)?.value;
  const pem = (location: Key, inline: Key): string | undefined => {
    const file = text(location);
    return file === undefined ? text(inline) : readPem(file);
  };
  const keystore = text('ssl.keystore.location');
  const isPkcs12 = text('ssl.keystore.type')?.toUpperCase() === 'PKCS12' || /\.(p12|pfx)$/i.test(keystore ?? '');
  const store = keystore === undefined || isPkcs12 ? undefined : readPem(keystore);
  const verify = text('enable.ssl.certificate.verification') !== 'false';
  if (!verify) world.warn("warning: the brokers' certificate is not verified, so anybody can pose as a broker");
  const checksName = !['', 'none'].includes(text('ssl.endpoint.identification.algorithm') ?? 'https');
  return Object.fromEntries(
    Object.entries({
      ca: pem('ssl.ca.location', 'ssl.ca.pem'),
      cert: pem('ssl.certificate.location', 'ssl.certificate.pem') ?? store,
      key: pem('ssl.key.location', 'ssl.key.pem') ?? store,
      pfx: keystore !== undefined && isPkcs12 ? readFileSync(keystore) : undefined,
      passphrase: text('ssl.key.password') ?? text('ssl.keystore.password'),
      servername: text('ssl.server.name'),
      rejectUnauthorized: verify ? undefined : false,
      checkServerIdentity: checksName ? undefined : () => undefined,
    }).filter(([, value]) => value !== undefined),
  ) as SslOptions;
}

/** Java keeps certificates in stores of its own; what converts one is worth more than a word about its format. */
function readPem(file: string): string {
  const text = readText(file);
  if (text.includes('-----BEGIN ')) return text;
  throw new UsageError(
    `${file} is not PEM`,
    `convert a Java key store: keytool -importkeystore -srckeystore ${file} -destkeystore store.p12 -deststoretype PKCS12 && openssl pkcs12 -in store.p12 -out store.pem -nodes`,
  );
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS'];

async function saslOf(settings: Settings, wanted: boolean, world: World): Promise<{ sasl?: SaslOptions; login?: Login }> {
  const text = (key: Key): string | undefined => settings.get(key)?.value;
  if (!wanted) {
    if (settings.get('sasl.username')?.origin === '--user')
      throw new UsageError('--user needs --sasl', `--sasl ${mechanisms.map((name) => name.toLowerCase()).join(', ')}`);
    return {};
  }
  const mechanism = (text('sasl.mechanism') ?? 'PLAIN').toUpperCase();
  const jaas = parseJaas(text('sasl.jaas.config') ?? '').options;
  if (mechanism === 'OAUTHBEARER') return oauthBearer(settings, jaas, world);
  if (mechanism === 'AWS') return aws(settings, world);
  if (!mechanisms.includes(mechanism)) {
    const { value, origin } = settings.get('sasl.mechanism')!;
    throw new UsageError(
      `${origin === '--sasl' ? origin : `${origin}: sasl.mechanism`} ${value} is not known`,
      didYouMean(mechanism, mechanisms, `it may be ${mechanisms.join(', ').toLowerCase()}`),
    );
  }
  const named = [...settings].find(([key]) => key === 'sasl.username' || (key === 'sasl.jaas.config' && jaas.has('username')));
  const user = named?.[0] === 'sasl.username' ? named[1].value : jaas.get('username');
  if (user === undefined) throw new UsageError(`--sasl ${mechanism.toLowerCase()} needs --user`);
  const { password, origin } = await passwordOf(settings, user, world);
  // Java's spelling, in the JAAS options and as a key of our own.
  const delegationToken = (text('sasl.tokenauth') ?? jaas.get('tokenauth')) === 'true';
  if (delegationToken && mechanism === 'PLAIN') throw new UsageError('a delegation token needs a SCRAM login', '--sasl scram-sha-256');
  const sasl = { mechanism: mechanism as 'PLAIN', username: user, password, ...(delegationToken && { delegationToken }) };
  return { sasl, login: { user, mechanism, origin } };
}

async function oauthBearer(
  settings: Settings,
  jaas: ReadonlyMap<string, string>,
  world: World,
): Promise<{ sasl: SaslOptions; login: Login }> {
  const text = (key: Key): string | undefined => settings.get(key)?.value;
  const endpoint = text('sasl.oauthbearer.token.endpoint.url');
  if (endpoint === undefined) {
    const token = text('sasl.oauthbearer.token') ?? (await passwordOf(settings, 'the token', world)).password;
    return {
      sasl: { mechanism: 'oauthbearer', oauthBearerProvider: () => ({ value: token }) },
      login: { user: subjectOf(token), mechanism: 'OAUTHBEARER', origin: 'sasl.oauthbearer.token' },
    };
  }
  const clientId = text('sasl.oauthbearer.client.id') ?? jaas.get('clientId') ?? text('sasl.username');
  if (clientId === undefined) throw new UsageError('sasl.oauthbearer.client.id is needed for sasl.oauthbearer.token.endpoint.url');
  const clientSecret =
    text('sasl.oauthbearer.client.secret') ?? jaas.get('clientSecret') ?? (await passwordOf(settings, clientId, world)).password;
  const extensions = text('sasl.oauthbearer.extensions');
  const pairs =
    extensions === undefined
      ? undefined
      : Object.fromEntries(extensions.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
  return {
    sasl: {
      mechanism: 'oauthbearer',
      oidc: {
        tokenEndpoint: endpoint,
        clientId,
        clientSecret,
        scope: text('sasl.oauthbearer.scope') ?? jaas.get('scope'),
        extensions: pairs,
      },
    },
    login: { user: clientId, mechanism: 'OAUTHBEARER', origin: endpoint },
  };
}

/** Whose token it is, where it says so in the open (JWT); the broker may call them otherwise. */
function subjectOf(token: string): string | undefined {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

function aws(settings: Settings, { environment }: World): { sasl: SaslOptions; login: Login } {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new UsageError('--sasl aws needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const authorizationIdentity = settings.get('sasl.username')?.value ?? accessKeyId;
  return {
    sasl: { mechanism: 'aws', authorizationIdentity, accessKeyId, secretAccessKey, sessionToken },
    login: { user: authorizationIdentity, mechanism: 'AWS', origin: 'AWS_SECRET_ACCESS_KEY' },
  };
}
