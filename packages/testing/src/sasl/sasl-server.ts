import type { Clock } from '@tskafka/core/protocol';
import type { MechanismServer, MechanismStep, SaslMechanism } from './mechanism.ts';

export interface SaslServerOptions {
  readonly mechanisms: ReadonlyMap<SaslMechanism, () => MechanismServer>;
  /** How long a connection lives without authenticating again; 0 for ever (KIP-368). */
  readonly sessionLifetimeMs: number;
  readonly clock: Clock;
}

export type SaslStep =
  | { readonly kind: 'token'; readonly token: Buffer; /** 0: for ever. */ readonly sessionLifetimeMs: number }
  | { readonly kind: 'refused'; readonly message: string };

/** Who a connection is, before and after it has said so. One for each connection of a cluster that asks for SASL. */
export class SaslServer {
  readonly #options: SaslServerOptions;
  #mechanism: { readonly name: SaslMechanism; readonly server: MechanismServer } | undefined;
  /** The mechanism and user of the connection; on authenticating again neither may change. */
  #identity: { readonly mechanism: SaslMechanism; readonly user: string; readonly byToken: boolean } | undefined;
  #expiresAt = Infinity;
  #raw = false;

  constructor(options: SaslServerOptions) {
    this.#options = options;
  }

  get mechanisms(): readonly string[] {
    return [...this.#options.mechanisms.keys()];
  }

  /** Whether requests other than those of the handshake are taken: not while it authenticates, nor once its session is over. */
  get authenticated(): boolean {
    return this.#identity !== undefined && this.#mechanism === undefined && this.#options.clock.now() < this.#expiresAt;
  }

  /** True after a handshake of version 0: what follows are the mechanism's bytes alone, without a request around them. */
  get expectsRawTokens(): boolean {
    return this.#raw && this.#mechanism !== undefined;
  }

  /** True after a handshake, until the mechanism has come to an end. */
  get expectsToken(): boolean {
    return this.#mechanism !== undefined;
  }

  get user(): string | undefined {
    return this.#identity?.user;
  }

  /** Whether the client has logged in with a delegation token. */
  get byToken(): boolean {
    return this.#identity?.byToken ?? false;
  }

  /** Chooses the mechanism; false when it is not offered. */
  begin(mechanism: string, rawTokens: boolean): boolean {
    const name = mechanism as SaslMechanism;
    const create = this.#options.mechanisms.get(name);
    if (create === undefined) return false;
    this.#mechanism = { name, server: create() };
    this.#raw = rawTokens;
    return true;
  }

  /** Takes the client's next token, and gives ours; undefined when the client has chosen no mechanism. */
  async step(token: Buffer): Promise<SaslStep | undefined> {
    const mechanism = this.#mechanism;
    if (mechanism === undefined) return undefined;
    const step = await mechanism.server.step(token);
    if (step.kind === 'challenge') return { kind: 'token', token: step.token, sessionLifetimeMs: 0 };
    this.#mechanism = undefined;
    if (step.kind === 'refused') {
      const during = this.#identity === undefined ? 'authentication' : 're-authentication';
      const message =
        step.message ?? `Authentication failed during ${during} due to invalid credentials with SASL mechanism ${mechanism.name}`;
      return { kind: 'refused', message };
    }
    return this.#accept(mechanism.name, step);
  }

  #accept(mechanism: SaslMechanism, step: Extract<MechanismStep, { kind: 'accepted' }>): SaslStep {
    const before = this.#identity;
    if (before !== undefined && (before.user !== step.user || before.mechanism !== mechanism)) {
      const message = `Cannot change principals during re-authentication from User.${before.user}: User.${step.user}`;
      return { kind: 'refused', message };
    }
    this.#identity = { mechanism, user: step.user, byToken: step.byToken ?? false };
    const { sessionLifetimeMs: configured, clock } = this.#options;
    // A credential that is over by now ends the session with it.
    const limits = [configured > 0 ? configured : Infinity, Math.max(0, step.lifetimeMs ?? Infinity)];
    const lifetimeMs = Math.trunc(Math.min(...limits));
    const sessionLifetimeMs = lifetimeMs === Infinity ? 0 : lifetimeMs;
    this.#expiresAt = clock.now() + lifetimeMs;
    return { kind: 'token', token: step.token, sessionLifetimeMs };
  }
}
