import type { SaslMechanism } from '../sasl/mechanism.ts';
import type { SaslOptions } from '../sasl/sasl-options.ts';

/** A user who may log in. */
export interface ServedLogin {
  readonly mechanism: SaslMechanism;
  readonly user: string;
  readonly password: string;
}

const withPassword: readonly string[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** `plain:alice:secret` is a user, and how she logs in; `oauthbearer` takes any token. Throws RangeError for what is neither. */
export function saslOf(texts: readonly string[]): { readonly sasl: SaslOptions; readonly logins: readonly ServedLogin[] } {
  const logins: ServedLogin[] = [];
  const mechanisms = new Set<SaslMechanism>();
  for (const text of texts) {
    const [, word = '', user, password] = /^([^:]*)(?::([^:]+):(.+))?$/s.exec(text) ?? [];
    const mechanism = word.toUpperCase();
    if (withPassword.includes(mechanism) && user !== undefined && password !== undefined)
      logins.push({ mechanism: mechanism as SaslMechanism, user, password });
    else if (mechanism !== 'OAUTHBEARER' || user !== undefined)
      throw new RangeError(
        `'${word}' with what follows is not a login: write it like plain:USER:PASSWORD, scram-sha-512:USER:PASSWORD, or oauthbearer`,
      );
    mechanisms.add(mechanism as SaslMechanism);
  }
  const users = Object.fromEntries(logins.map((login) => [login.user, login.password]));
  const oauthbearer = mechanisms.has('OAUTHBEARER') ? ({ oauthbearer: true } as const) : {};
  return { sasl: { users, mechanisms: [...mechanisms], ...oauthbearer }, logins };
}
