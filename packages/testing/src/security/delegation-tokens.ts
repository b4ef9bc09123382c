import { createHmac } from 'node:crypto';
import type { Clock, Random } from '@tskafka/core/protocol';
import { randomUuid } from '../random-uuid.ts';
import { credentialOf, iterationLimits, randomBytes, type ScramCredential, type ScramMechanism } from './scram-users.ts';

/** A token that logs in for its owner by SCRAM, without the owner's password (KIP-48). Times are in milliseconds since 1970. */
export interface DelegationToken {
  readonly id: string;
  readonly hmac: Buffer;
  /** Principals, such as `User:alice`. */
  readonly owner: string;
  readonly requester: string;
  readonly renewers: readonly string[];
  readonly issuedAt: number;
  readonly maxTimestamp: number;
  expiresAt: number;
}

export interface DelegationTokenOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Empty: there are no tokens. */
  readonly secretKey: string;
  readonly maxLifetimeMs: number;
  readonly renewLifetimeMs: number;
  readonly expiryCheckIntervalMs: number;
}

/** The delegation tokens of a cluster. */
export class DelegationTokens {
  readonly #options: DelegationTokenOptions;
  readonly #tokens = new Map<string, DelegationToken>();
  readonly #start: number;

  constructor(options: DelegationTokenOptions) {
    this.#options = options;
    this.#start = options.clock.wallTime();
  }

  copyFrom(other: DelegationTokens): void {
    for (const [id, token] of other.#tokens) this.#tokens.set(id, { ...token });
  }

  get enabled(): boolean {
    return this.#options.secretKey !== '';
  }

  get all(): readonly DelegationToken[] {
    this.#sweep();
    return [...this.#tokens.values()];
  }

  byId(id: string): DelegationToken | undefined {
    this.#sweep();
    return this.#tokens.get(id);
  }

  byHmac(hmac: Uint8Array): DelegationToken | undefined {
    return this.all.find((token) => token.hmac.equals(hmac));
  }

  isExpired({ maxTimestamp, expiresAt }: DelegationToken): boolean {
    const now = this.#options.clock.wallTime();
    return maxTimestamp < now || expiresAt < now;
  }

  create(owner: string, requester: string, renewers: readonly string[], lifetimeMs: number): DelegationToken {
    const { clock, random, secretKey, maxLifetimeMs, renewLifetimeMs } = this.#options;
    const issuedAt = clock.wallTime();
    const maxTimestamp = issuedAt + (lifetimeMs > 0 ? Math.min(maxLifetimeMs, lifetimeMs) : maxLifetimeMs);
    const id = randomUuid(random);
    const hmac = createHmac('sha512', secretKey).update(id).digest();
    const expiresAt = Math.min(maxTimestamp, issuedAt + renewLifetimeMs);
    const token: DelegationToken = { id, hmac, owner, requester, renewers, issuedAt, maxTimestamp, expiresAt };
    this.#tokens.set(id, token);
    return token;
  }

  /** Lets the token live for that long from now on, but no longer than it was made for. */
  renew(token: DelegationToken, periodMs: number): void {
    const { clock, renewLifetimeMs } = this.#options;
    const lifetime = periodMs > 0 ? Math.min(renewLifetimeMs, periodMs) : renewLifetimeMs;
    token.expiresAt = Math.min(token.maxTimestamp, clock.wallTime() + lifetime);
  }

  /** Lets the token end then; a negative period ends it now. Gives its new end. */
  expire(token: DelegationToken, periodMs: number): number {
    const now = this.#options.clock.wallTime();
    if (periodMs < 0) {
      this.#tokens.delete(token.id);
      return now;
    }
    token.expiresAt = Math.min(token.maxTimestamp, now + periodMs);
    return token.expiresAt;
  }

  /** With what the token logs in: its id is the user, its HMAC the password. */
  credential(mechanism: ScramMechanism, { hmac }: DelegationToken): ScramCredential {
    return credentialOf(mechanism, hmac.toString('base64'), randomBytes(this.#options.random, 20), iterationLimits.least);
  }

  /** Expired tokens stay until the controller next looks for them. */
  #sweep(): void {
    const { clock, expiryCheckIntervalMs: interval } = this.#options;
    const lastLook = this.#start + Math.floor((clock.wallTime() - this.#start) / interval) * interval;
    for (const { id, maxTimestamp, expiresAt } of this.#tokens.values()) {
      if (maxTimestamp < lastLook || expiresAt < lastLook) this.#tokens.delete(id);
    }
  }
}

export function isOwnerOrRenewer({ owner, requester, renewers }: DelegationToken, principal: string): boolean {
  return owner === principal || requester === principal || renewers.includes(principal);
}

/** Who may renew a token, and end it. */
export function mayRenew({ owner, renewers }: DelegationToken, principal: string): boolean {
  return owner === principal || renewers.includes(principal);
}
