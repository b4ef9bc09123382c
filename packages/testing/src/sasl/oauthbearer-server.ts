import type { Clock } from '@tskafka/core/protocol';
import { type MechanismServer, type MechanismStep, noToken } from './mechanism.ts';

/** Whether a token is good; true also for whom, and how long. */
export type CheckToken = (token: string) => TokenVerdict | Promise<TokenVerdict>;
export type TokenVerdict = boolean | { readonly user?: string; readonly lifetimeMs?: number };

/** OAUTHBEARER (RFC 7628): a bearer token. */
export class OauthbearerServer implements MechanismServer {
  readonly #check: CheckToken;
  readonly #clock: Clock;
  #error: string | undefined;

  constructor(check: CheckToken, clock: Clock) {
    this.#check = check;
    this.#clock = clock;
  }

  async step(token: Buffer): Promise<MechanismStep> {
    const message = token.toString('utf8');
    // What the client says to our error, so that the exchange has an end.
    if (this.#error !== undefined) return { kind: 'refused', message: this.#error };
    const match = /^n,(?:a=([^,]*))?,\u0001(?:.*\u0001)?auth=[Bb]earer +([^\u0001]+)\u0001(?:.*\u0001)?\u0001$/.exec(message);
    if (match === null) return { kind: 'refused' };
    const bearer = match[2]!;
    const verdict = await this.#check(bearer);
    if (verdict === false) {
      this.#error = JSON.stringify({ status: 'invalid_token' });
      return { kind: 'challenge', token: Buffer.from(this.#error) };
    }
    const claims = claimsOf(bearer);
    const told = verdict === true ? {} : verdict;
    const user = told.user ?? claims.sub ?? 'oauthbearer';
    const authorizationId = match[1] ?? '';
    if (authorizationId !== '' && authorizationId !== user) {
      const different = `that is different from the token's principal name (${user})`;
      return { kind: 'refused', message: `Authentication failed: Client requested an authorization id (${authorizationId}) ${different}` };
    }
    const lifetimeMs = told.lifetimeMs ?? (claims.exp === undefined ? undefined : claims.exp * 1000 - this.#clock.wallTime());
    return {
      kind: 'accepted',
      token: noToken,
      user,
      ...(lifetimeMs !== undefined && { lifetimeMs }),
    };
  }
}

/** What a JWT says of itself; nothing when the token is something else. */
function claimsOf(token: string): { readonly sub?: string; readonly exp?: number } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return {};
    const { sub, exp } = claims as Record<string, unknown>;
    return { ...(typeof sub === 'string' && { sub }), ...(typeof exp === 'number' && { exp }) };
  } catch {
    return {};
  }
}
