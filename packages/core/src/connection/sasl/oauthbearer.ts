import { AuthenticationError } from '../../errors.ts';
import { formatAddress } from '../../transport.ts';
import { askProvider } from './ask-provider.ts';
import type { SaslContext, SaslMechanism } from './mechanism.ts';

/** A token, and other properties of the login. */
export interface OauthBearerToken {
  /** The token itself, such as a JWT. */
  readonly value: string;
  /** When it expires, in milliseconds since 1970. Default: the `exp` of a JWT, otherwise unknown. */
  readonly expiresAt?: number;
  /** SASL extensions (KIP-342). Names consist of letters. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Returns a token for one login to one broker. Renewing it in time is up to the provider; `oidcTokens` does that. */
export type OauthBearerProvider = (
  context: Pick<SaslContext, 'host' | 'port' | 'signal' | 'clock'>,
) => OauthBearerToken | Promise<OauthBearerToken>;

/** Clocks differ: a token that expired less than this ago is left for the broker to judge. */
const clockSkewMs = 30_000;
const maxBrokerTextChars = 1000;

/** SASL/OAUTHBEARER (RFC 7628, KIP-255): sends a token, so the connection should be TLS. */
export function oauthBearer(provider: OauthBearerProvider, authorizationIdentity = ''): SaslMechanism {
  return {
    name: 'OAUTHBEARER',
    async authenticate(context) {
      const { host, port, signal, clock } = context;
      const where = formatAddress(context);
      const given: unknown = await askProvider('sasl.oauthBearerProvider', () => provider({ host, port, signal, clock }), context);
      const token = checkToken(given, where);
      const expiresAt = token.expiresAt ?? expiryOfJwt(token.value);
      if (expiresAt !== undefined && expiresAt < clock.wallTime() - clockSkewMs) {
        const seconds = Math.round((clock.wallTime() - expiresAt) / 1000);
        throw new AuthenticationError(`${where}: sasl.oauthBearerProvider returned a token that expired ${seconds} s ago`, {
          retriable: true,
        });
      }
      const answer = await context.exchange(clientMessage(token, authorizationIdentity));
      if (answer.length > 0) throw await refusal(answer, token.value, context);
      return { expiresAt };
    },
  };
}

function clientMessage({ value, extensions = {} }: OauthBearerToken, identity: string): Buffer {
  const authzid = identity === '' ? '' : `a=${identity.replaceAll('=', '=3D').replaceAll(',', '=2C')}`;
  const pairs = Object.entries(extensions).map(([name, text]) => `${name}=${text}\x01`);
  return Buffer.from(`n,${authzid},\x01auth=Bearer ${value}\x01${pairs.join('')}\x01`);
}

/**
 * The broker refused, and says why as JSON. It has not ended the login: it waits for our 0x01 to do so (RFC 7628 3.2.3), and
 * answers that with an error that says less.
 */
async function refusal(answer: Buffer, token: string, context: SaslContext): Promise<AuthenticationError> {
  const text = answer.toString('utf8').replaceAll(token, '[token]').slice(0, maxBrokerTextChars);
  await context.exchange(Buffer.from([1])).catch(() => {});
  return new AuthenticationError(`${formatAddress(context)}: the broker refused the OAUTHBEARER token: ${JSON.stringify(text)}`);
}

/** SOH parts the fields of the message: a value with one inside would say something else. */
function checkToken(given: unknown, where: string): OauthBearerToken {
  const refuse = (why: string): never => {
    throw new AuthenticationError(`${where}: sasl.oauthBearerProvider returned ${why}`);
  };
  if (typeof given !== 'object' || given === null) return refuse(`${given === null ? 'null' : typeof given} instead of { value }`);
  const token = given as OauthBearerToken;
  if (typeof token.value !== 'string') return refuse(`a token whose value is of type ${typeof token.value}`);
  if (!/^[\x21-\x7e]+$/.test(token.value)) return refuse('a token that is empty or has invalid characters');
  if (token.expiresAt !== undefined && !Number.isFinite(token.expiresAt))
    return refuse('an expiresAt that is not a number of milliseconds');
  for (const [name, text] of Object.entries(token.extensions ?? {})) {
    if (!/^[A-Za-z]+$/.test(name) || name === 'auth') return refuse(`an extension with the name ${JSON.stringify(name)}`);
    if (typeof text !== 'string' || !/^[\x21-\x7e \t\r\n]+$/.test(text))
      return refuse(`an extension ${name} with a value that is not text`);
  }
  return token;
}

/** The `exp` of a JWT. Nothing is verified: this is for renewing in time, and the broker judges the token. */
export function expiryOfJwt(token: string): number | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
