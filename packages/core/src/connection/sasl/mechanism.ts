import type { Clock } from '../../clock.ts';

/** What a mechanism is given to prove who we are to one broker. */
export interface SaslContext {
  /** The broker's host, as the client was told it: a mechanism may sign it. */
  readonly host: string;
  readonly port: number;
  /** Aborted when the connection is given up; a mechanism that waits heeds it. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Sends the bytes as one SaslAuthenticate request and gives the broker's bytes; rejects when the broker refuses them. */
  exchange(clientBytes: Buffer): Promise<Buffer>;
}

/** What a mechanism may know about the session that it opened. */
export interface SaslSession {
  /** When the credential expires, in milliseconds since 1970: the client authenticates anew before that (KIP-368). */
  readonly expiresAt?: number;
}

/**
 * One way to authenticate, and the hook for those that are not built in.
 *
 * An object of this kind is kept by the client and may be inspected or printed: hold secrets in `#private` fields or closures.
 */
export interface SaslMechanism {
  /** Kafka's name of it, such as `SCRAM-SHA-512`. */
  readonly name: string;
  /** Resolves when the broker is convinced, and, where the mechanism allows it, we of the broker. Used once per connection and per re-authentication. */
  authenticate(context: SaslContext): Promise<SaslSession | void>;
}

/** A password, or what gives the one of today (rotated credentials); asked anew for every authentication. */
export type SecretSource = string | (() => string | Promise<string>);
