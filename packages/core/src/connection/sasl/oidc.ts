import { isIP } from 'node:net';
import { checkOptions, duration } from '../../check-options.ts';
import type { Clock } from '../../clock.ts';
import { AuthenticationError, KafkaError, TimeoutError } from '../../errors.ts';
import { raceWithSignal } from '../../signal.ts';
import type { SecretSource } from './mechanism.ts';
import { expiryOfJwt, type OauthBearerProvider, type OauthBearerToken } from './oauthbearer.ts';

/** How to get tokens with the client credentials grant (RFC 6749 4.4, KIP-768). */
export interface OidcOptions {
  /** The URL of the endpoint: https, or http only for addresses of this machine. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** The secret, or a function that returns it, called for every token. */
  readonly clientSecret: SecretSource;
  readonly scope?: string;
  /** Further fields of the form, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where to send the id and secret: in the Authorization header, or in the form. Default `basic`. */
  readonly clientAuthentication?: 'basic' | 'post';
  /** SASL extensions for the broker, such as `logicalCluster`. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** How long the endpoint may take. If a login gives up earlier, the next one gets the token. Default 5,000 ms. */
  readonly timeoutMs?: number;
  /** Replaces the global `fetch`, for example for a proxy or your own CA. */
  readonly fetch?: typeof fetch;
}

const optionNames = [
  ...['tokenEndpoint', 'clientId', 'clientSecret', 'scope', 'parameters'],
  ...['clientAuthentication', 'extensions', 'timeoutMs', 'fetch'],
];
const maxAnswerBytes = 256 * 1024;
/** A token serves for this part of its life: sessions renew a little later than that, and then get a new one. */
const usedLife = 0.8;

/**
 * Tokens from a token endpoint, fetched once for all brokers and again when 80 % of their life has passed. One that is still good serves on while
 * the endpoint cannot be asked.
 *
 * @throws TypeError or RangeError for a wrong option; never with the secret.
 */
export function oidcTokens(options: OidcOptions): OauthBearerProvider {
  checkOptions('sasl.oidc', options, optionNames);
  const endpoint = checkEndpoint(options.tokenEndpoint);
  const timeoutMs = duration('sasl.oidc.timeoutMs', options.timeoutMs, 5_000);
  checkTexts(options);
  let current: { readonly token: OauthBearerToken; readonly usableUntil: number; readonly expiresAt: number } | undefined;
  let flight: Promise<OauthBearerToken> | undefined;

  const fetchOnce = async (clock: Clock): Promise<OauthBearerToken> => {
    const askedAt = clock.wallTime();
    const { value, lifeMs } = await fetchToken(options, endpoint, timeoutMs, clock);
    const expiresAt = lifeMs === undefined ? expiryOfJwt(value) : askedAt + lifeMs;
    const token = { value, expiresAt, extensions: options.extensions };
    // A token without a known end is asked for anew each time.
    current = expiresAt === undefined ? undefined : { token, usableUntil: askedAt + (expiresAt - askedAt) * usedLife, expiresAt };
    return token;
  };

  return async ({ clock, signal }) => {
    if (current !== undefined && clock.wallTime() < current.usableUntil) return current.token;
    flight ??= fetchOnce(clock).finally(() => (flight = undefined));
    try {
      return await raceWithSignal(flight, signal);
    } catch (error) {
      // An endpoint that is out of order for a while stops nobody whose token is still good.
      const isOutOfOrder = !signal.aborted && error instanceof KafkaError && error.retriable;
      if (isOutOfOrder && current !== undefined && clock.wallTime() < current.expiresAt) return current.token;
      throw error;
    }
  };
}

/** Tokens are worth stealing, and an endpoint named by a configuration must not become a way to read files or inner networks. */
function checkEndpoint(text: unknown): URL {
  if (typeof text !== 'string' || !URL.canParse(text)) throw new TypeError('sasl.oidc.tokenEndpoint must be a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('sasl.oidc.tokenEndpoint must not contain a user name or password: set clientId and clientSecret');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new TypeError(`sasl.oidc.tokenEndpoint must be https, not ${url.protocol}//${url.host}`);
  }
  url.hash = '';
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

function checkTexts(options: OidcOptions): void {
  const { clientId, clientSecret, scope, parameters = {}, clientAuthentication = 'basic' } = options;
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('sasl.oidc.clientId must be a non-empty string');
  if (typeof clientSecret !== 'function' && (typeof clientSecret !== 'string' || clientSecret === '')) {
    throw new TypeError('sasl.oidc.clientSecret must be a function or a non-empty string');
  }
  if (scope !== undefined && typeof scope !== 'string') throw new TypeError('sasl.oidc.scope must be a string');
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'string') throw new TypeError(`sasl.oidc.parameters.${name} must be a string`);
  }
  if (clientAuthentication !== 'basic' && clientAuthentication !== 'post') {
    throw new TypeError("sasl.oidc.clientAuthentication must be 'basic' or 'post'");
  }
}

interface IssuedToken {
  readonly value: string;
  readonly lifeMs: number | undefined;
}

async function fetchToken(options: OidcOptions, endpoint: URL, timeoutMs: number, clock: Clock): Promise<IssuedToken> {
  const where = `token endpoint ${endpoint.origin}${endpoint.pathname}`;
  const giveUp = new AbortController();
  const timer = clock.setTimeout(() => {
    giveUp.abort(new TimeoutError(`${where} did not answer within ${timeoutMs} ms`, { retriable: true }));
  }, timeoutMs);
  try {
    const secret = typeof options.clientSecret === 'string' ? options.clientSecret : await options.clientSecret();
    const response = await (options.fetch ?? fetch)(endpoint, {
      ...form(options, secret),
      redirect: 'manual', // a redirect would carry the secret to wherever it points
      signal: giveUp.signal,
    });
    const body = await readCapped(response, where);
    if (response.status !== 200) throw refusal(where, response.status, body, secret);
    return readToken(where, body);
  } catch (error) {
    if (giveUp.signal.aborted) throw giveUp.signal.reason;
    if (error instanceof KafkaError) throw error;
    // fetch hides the reason in its cause. Without the error itself: see ask-provider.ts.
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
    throw new AuthenticationError(`${where} cannot be asked: ${reason}`, { retriable: true });
  } finally {
    timer.cancel();
  }
}

function form(options: OidcOptions, secret: string): RequestInit {
  const { clientId, scope, parameters, clientAuthentication = 'basic' } = options;
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }), ...parameters });
  const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  if (clientAuthentication === 'post') {
    body.set('client_id', clientId);
    body.set('client_secret', secret);
  } else {
    headers['authorization'] = `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(secret)}`).toString('base64')}`;
  }
  return { method: 'POST', headers, body: body.toString() };
}

/** RFC 6749 2.3.1 wants both parts encoded before they are joined by a colon. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

async function readCapped(response: Response, where: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > maxAnswerBytes)
      throw new AuthenticationError(`${where} answered with more than ${maxAnswerBytes} bytes`, { retriable: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readToken(where: string, body: string): IssuedToken {
  const answer = parseObject(body);
  const { access_token: value, token_type: type, expires_in: expiresIn } = answer ?? {};
  if (typeof value !== 'string') throw new AuthenticationError(`${where} answered without an access_token`);
  if (type !== undefined && String(type).toLowerCase() !== 'bearer')
    throw new AuthenticationError(`${where} returned a token that is not a bearer token`);
  const seconds = Number(expiresIn ?? NaN);
  return { value, lifeMs: seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined };
}

/** RFC 6749 5.2 says what an error looks like; anything else is told by its status alone. */
function refusal(where: string, status: number, body: string, secret: string): KafkaError {
  const { error, error_description: description } = parseObject(body) ?? {};
  const said = [error, description].filter((text) => typeof text === 'string').join(': ');
  const shown = said.replaceAll(secret, '[secret]').slice(0, 300);
  const hint = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  const message = `${where} answered with status ${status}${hint}${shown === '' ? '' : `: ${JSON.stringify(shown)}`}`;
  return new AuthenticationError(message, { retriable: status >= 500 || status === 429 });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
