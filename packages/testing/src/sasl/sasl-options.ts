import type { Clock, Random } from '@tskafka/core/protocol';
import type { MechanismServer, SaslMechanism } from './mechanism.ts';
import { type CheckToken, OauthbearerServer } from './oauthbearer-server.ts';
import { plainServer } from './plain-server.ts';
import { SaslServer } from './sasl-server.ts';
import { ScramServer } from './scram-server.ts';

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

/** What makes a SaslServer for each connection. */
export function saslServers(options: SaslOptions, clock: Clock, random: Random): () => SaslServer {
  const users = new Map(Object.entries(options.users ?? {}));
  const passwordOf = (user: string): string | undefined => users.get(user);
  const iterations = options.iterations ?? 4096;
  const scram = (hash: 'sha256' | 'sha512') => () => new ScramServer({ hash, iterations, random, passwordOf });
  const check: CheckToken = typeof options.oauthbearer === 'function' ? options.oauthbearer : () => true;
  const all: Readonly<Record<SaslMechanism, () => MechanismServer>> = {
    PLAIN: () => plainServer(passwordOf),
    'SCRAM-SHA-256': scram('sha256'),
    'SCRAM-SHA-512': scram('sha512'),
    OAUTHBEARER: () => new OauthbearerServer(check, clock),
  };
  const configured: SaslMechanism[] = [
    ...(users.size > 0 ? (['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) : []),
    ...(options.oauthbearer === undefined ? [] : (['OAUTHBEARER'] as const)),
  ];
  const offered = options.mechanisms ?? configured;
  if (offered.length === 0) throw new TypeError('sasl needs users, or oauthbearer, or a list of mechanisms');
  for (const name of offered) if (!(name in all)) throw new TypeError(`the mock has no SASL mechanism '${name}'`);
  const mechanisms = new Map(offered.map((name) => [name, all[name]]));
  return () => new SaslServer({ mechanisms, sessionLifetimeMs: options.sessionLifetimeMs ?? 0, clock });
}
