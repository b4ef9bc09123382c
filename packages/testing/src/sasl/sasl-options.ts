import type { Clock, Random } from '@tskafka/core/protocol';
import { checkNames } from '../checks.ts';
import type { MechanismServer, SaslMechanism } from './mechanism.ts';
import { type CheckToken, OauthbearerServer } from './oauthbearer-server.ts';
import { plainServer } from './plain-server.ts';
import { SaslServer } from './sasl-server.ts';
import type { DelegationTokens } from '../security/delegation-tokens.ts';
import { principalParts } from '../security/principal.ts';
import type { ScramMechanism, ScramUsers } from '../security/scram-users.ts';
import { type ScramIdentity, ScramServer } from './scram-server.ts';

/** Who may connect, and how. */
export interface SaslOptions {
  /** Passwords by user, for PLAIN and SCRAM. */
  readonly users?: Readonly<Record<string, string>>;
  /** Takes or refuses the tokens of OAUTHBEARER; `true` takes any. A JWT's `sub` and `exp` are looked at, its signature never. */
  readonly oauthbearer?: true | CheckToken;
  /** Default: PLAIN and SCRAM where there are users, OAUTHBEARER where it is configured. */
  readonly mechanisms?: readonly SaslMechanism[];
  /** How long a connection lives before it must authenticate again (KIP-368). Default: for ever. */
  readonly sessionLifetimeMs?: number;
  /** How often SCRAM hashes a password. Default 4096, the least that clients accept. */
  readonly iterations?: number;
}

const scramMechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** What of a cluster logins depend on. */
interface SaslState {
  readonly clock: Clock;
  readonly random: Random;
  readonly scramUsers: ScramUsers;
  readonly tokens: DelegationTokens;
}

/** What makes a SaslServer for each connection. Its users can log in by SCRAM from then on, as those that are added later. */
export function saslServers(options: SaslOptions, { clock, random, scramUsers, tokens }: SaslState): () => SaslServer {
  checkNames('sasl', options, ['users', 'oauthbearer', 'mechanisms', 'sessionLifetimeMs', 'iterations']);
  const users = new Map(Object.entries(options.users ?? {}));
  const passwordOf = (user: string): string | undefined => users.get(user);
  const iterations = options.iterations ?? 4096;
  const scram = (mechanism: ScramMechanism) => {
    const userOf = (user: string): ScramIdentity | undefined => {
      const credential = scramUsers.credential(mechanism, user);
      return credential && { user, credential };
    };
    const ownerOf = (tokenId: string): ScramIdentity | undefined => {
      const token = tokens.byId(tokenId);
      if (token === undefined) return undefined;
      const lifetimeMs = token.expiresAt - clock.wallTime();
      return { user: principalParts(token.owner).name, credential: tokens.credential(mechanism, token), lifetimeMs };
    };
    return () => new ScramServer({ mechanism, random, userOf, ownerOf });
  };
  const check: CheckToken = typeof options.oauthbearer === 'function' ? options.oauthbearer : () => true;
  const all: Readonly<Record<SaslMechanism, () => MechanismServer>> = {
    PLAIN: () => plainServer(passwordOf),
    'SCRAM-SHA-256': scram('SCRAM-SHA-256'),
    'SCRAM-SHA-512': scram('SCRAM-SHA-512'),
    OAUTHBEARER: () => new OauthbearerServer(check, clock),
  };
  const configured: SaslMechanism[] = [
    ...(users.size > 0 ? (['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) : []),
    ...(options.oauthbearer === undefined ? [] : (['OAUTHBEARER'] as const)),
  ];
  const offered = options.mechanisms ?? configured;
  if (offered.length === 0) throw new TypeError('sasl needs users, or oauthbearer, or a list of mechanisms');
  for (const name of offered) if (!(name in all)) throw new TypeError(`the mock has no SASL mechanism '${name}'`);
  for (const mechanism of scramMechanisms.filter((name) => offered.includes(name))) {
    for (const [user, password] of users) scramUsers.addPassword(mechanism, user, password, iterations);
  }
  const mechanisms = new Map(offered.map((name) => [name, all[name]]));
  return () => new SaslServer({ mechanisms, sessionLifetimeMs: options.sessionLifetimeMs ?? 0, clock });
}
