import { checkOptions, wholeNumber } from '../../check-options.ts';
import { aws, type AwsLogin } from './aws.ts';
import { fromKafkajs, type KafkajsAuthenticationProvider } from './kafkajs-provider.ts';
import type { SaslMechanism, SecretSource } from './mechanism.ts';
import { oauthBearer, type OauthBearerProvider } from './oauthbearer.ts';
import { oidcTokens, type OidcOptions } from './oidc.ts';
import { plain } from './plain.ts';
import { scram } from './scram.ts';

type AnyCase<Name extends string> = Lowercase<Name> | Uppercase<Name>;

/** User name and password. PLAIN sends them in the clear, so use TLS with it. */
export interface SaslPasswordOptions {
  readonly mechanism: AnyCase<'plain' | 'scram-sha-256' | 'scram-sha-512'>;
  readonly username: string;
  /** The password, or a function that returns it. The function is called for every login, so changed credentials are picked up. */
  readonly password: SecretSource;
  /** SCRAM only: the most iterations that a broker may ask for. Default 1,000,000. */
  readonly maxIterations?: number;
  /** SCRAM only: the user name is the id of a delegation token (KIP-48), and the password its hmac in base64. Default false. */
  readonly delegationToken?: boolean;
}

/** A token, from a function or from a token endpoint (client credentials grant). */
export interface SaslOauthBearerOptions {
  readonly mechanism: AnyCase<'oauthbearer'>;
  readonly oauthBearerProvider?: OauthBearerProvider;
  readonly oidc?: OidcOptions;
  /** The identity to act as, if it differs from that of the token. */
  readonly authorizationIdentity?: string;
}

export interface SaslAwsOptions extends AwsLogin {
  readonly mechanism: AnyCase<'aws'>;
}

/** Your own mechanism. */
export interface SaslCustomOptions {
  readonly mechanism: SaslMechanism;
}

/** Your own mechanism, in the form of kafkajs. */
export interface SaslProviderOptions {
  readonly mechanism: string;
  readonly authenticationProvider: KafkajsAuthenticationProvider;
}

/** The login. kafkajs' forms are accepted too, and the case of `mechanism` does not matter. */
export type SaslOptions = SaslPasswordOptions | SaslOauthBearerOptions | SaslAwsOptions | SaslCustomOptions | SaslProviderOptions;

type Given = Readonly<Record<string, unknown>>;

const builtIn: Readonly<Record<string, (options: Given) => SaslMechanism>> = {
  plain: plainOf,
  'scram-sha-256': (options) => scramOf(options, 'sha256'),
  'scram-sha-512': (options) => scramOf(options, 'sha512'),
  oauthbearer: oauthBearerOf,
  aws: awsOf,
};

/**
 * The mechanism that the options ask for.
 *
 * @throws TypeError or RangeError that names what is wrong, and never its value, since that may be a secret.
 */
export function resolveSasl(options: SaslOptions): SaslMechanism {
  if (typeof options !== 'object' || options === null) throw new TypeError('sasl must be an object with a mechanism');
  // What is undefined was left out: configurations are often put together from parts.
  const given: Given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { mechanism, authenticationProvider } = given;
  if (typeof mechanism === 'object' && mechanism !== null) return customOf(given, mechanism as Partial<SaslMechanism>);
  if (typeof mechanism !== 'string') throw new TypeError(`sasl.mechanism must be one of ${known()}, or a mechanism of your own`);
  if (authenticationProvider !== undefined) {
    // A built-in's other options may stand beside it: kafkajs itself puts its provider into the object that it was given.
    if (typeof authenticationProvider !== 'function') throw new TypeError('sasl.authenticationProvider must be a function');
    return fromKafkajs(mechanism.toUpperCase(), authenticationProvider as KafkajsAuthenticationProvider);
  }
  const name = mechanism.toLowerCase();
  if (!Object.hasOwn(builtIn, name)) {
    throw new TypeError(`sasl.mechanism '${mechanism.slice(0, 50)}' is not known: it may be ${known()}, or a mechanism of your own`);
  }
  return builtIn[name]!(given);
}

function known(): string {
  return Object.keys(builtIn).join(', ');
}

function plainOf(options: Given): SaslMechanism {
  checkOptions('sasl', options, ['mechanism', 'username', 'password']);
  const username = text(options, 'username');
  const password = secret(options, 'password');
  // NUL parts the fields of the message.
  if (username.includes('\0')) throw new TypeError('sasl.username has a NUL character');
  if (typeof password === 'string' && password.includes('\0')) throw new TypeError('sasl.password has a NUL character');
  return plain(username, password);
}

function scramOf(options: Given, hash: 'sha256' | 'sha512'): SaslMechanism {
  checkOptions('sasl', options, ['mechanism', 'username', 'password', 'maxIterations', 'delegationToken']);
  const { maxIterations = 1_000_000, delegationToken = false } = options;
  if (typeof delegationToken !== 'boolean')
    throw new TypeError(`sasl.delegationToken must be true or false, not of type ${typeof delegationToken}`);
  return scram({
    hash,
    username: text(options, 'username'),
    password: secret(options, 'password'),
    maxIterations: wholeNumber('sasl.maxIterations', maxIterations as number, 4096, 0x7fffffff),
    delegationToken,
  });
}

function oauthBearerOf(options: Given): SaslMechanism {
  checkOptions('sasl', options, ['mechanism', 'oauthBearerProvider', 'oidc', 'authorizationIdentity']);
  const { oauthBearerProvider: provider, oidc } = options;
  const identity = options['authorizationIdentity'] === undefined ? '' : text(options, 'authorizationIdentity');
  if (provider !== undefined && oidc !== undefined) throw new TypeError('sasl: set oauthBearerProvider or oidc, not both');
  if (oidc !== undefined) return oauthBearer(oidcTokens(oidc as OidcOptions), identity);
  if (typeof provider !== 'function') {
    throw new TypeError('sasl.oauthBearerProvider must be a function that returns { value }; or set sasl.oidc');
  }
  return oauthBearer(provider as OauthBearerProvider, identity);
}

function awsOf(options: Given): SaslMechanism {
  checkOptions('sasl', options, ['mechanism', 'authorizationIdentity', 'accessKeyId', 'secretAccessKey', 'sessionToken']);
  return aws({
    authorizationIdentity: text(options, 'authorizationIdentity'),
    accessKeyId: text(options, 'accessKeyId'),
    secretAccessKey: text(options, 'secretAccessKey'),
    sessionToken: options['sessionToken'] === undefined || options['sessionToken'] === '' ? '' : text(options, 'sessionToken'),
  });
}

function customOf(options: Given, { name, authenticate }: Partial<SaslMechanism>): SaslMechanism {
  checkOptions('sasl', options, ['mechanism']);
  if (typeof name !== 'string' || name === '' || typeof authenticate !== 'function') {
    throw new TypeError('sasl.mechanism as an object needs a name and an authenticate function');
  }
  return options['mechanism'] as SaslMechanism;
}

function text(options: Given, name: string): string {
  const value = options[name];
  if (typeof value !== 'string')
    throw new TypeError(`sasl.${name} must be a string, ${value === undefined ? 'and it is missing' : `not of type ${typeof value}`}`);
  if (value === '') throw new TypeError(`sasl.${name} is empty`);
  return value;
}

function secret(options: Given, name: string): SecretSource {
  const value = options[name];
  if (typeof value === 'function') return value as SecretSource;
  if (typeof value !== 'string') {
    throw new TypeError(
      `sasl.${name} must be a string or a function, ${value === undefined ? 'and it is missing' : `not of type ${typeof value}`}`,
    );
  }
  if (value === '') throw new TypeError(`sasl.${name} is empty`);
  return value;
}
