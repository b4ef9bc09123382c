import type { Clock } from '../../clock.ts';

/** What a mechanism gets to log in to one broker. */
export interface SaslContext {
  /** The host of the broker, as the client knows it. A mechanism may sign it. */
  readonly host: string;
  readonly port: number;
  /** Aborted when the connection is given up. A mechanism that waits must respect it. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Sends the bytes as a SaslAuthenticate request and returns the broker's bytes. Rejects if the broker refuses them. */
  exchange(clientBytes: Buffer): Promise<Buffer>;
}

/** What a mechanism may know about its session. */
export interface SaslSession {
  /** When the credential expires, in milliseconds since 1970. The client logs in again before that (KIP-368). */
  readonly expiresAt?: number;
}

/**
 * A way to log in, and the hook for mechanisms that are not built in.
 *
 * The client keeps this object, and it may be inspected or printed: keep secrets in `#private` fields or closures.
 */
export interface SaslMechanism {
  /** Kafka's name for it, such as `SCRAM-SHA-512`. */
  readonly name: string;
  /**
   * Resolves once the broker accepts the login and, if the mechanism supports it, the broker has proven itself. Called once per connection
   * and per re-authentication.
   */
  authenticate(context: SaslContext): Promise<SaslSession | void>;
}

/** A password, or a function that returns the current one, called for every login. */
export type SecretSource = string | (() => string | Promise<string>);
