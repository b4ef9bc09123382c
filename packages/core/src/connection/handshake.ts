import type { Clock } from '../clock.ts';
import {
  AuthenticationError,
  KafkaError,
  ProtocolError,
  SocketDisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from '../errors.ts';
import { apiVersions } from '../protocol/apis/api-versions.ts';
import { saslAuthenticate } from '../protocol/apis/sasl-authenticate.ts';
import { saslHandshake } from '../protocol/apis/sasl-handshake.ts';
import { errorCodes, errorName, quotable } from '../protocol/error-codes.ts';
import { LinkedAbort, raceWithSignal } from '../signal.ts';
import { timeLimit } from '../time-limit.ts';
import { ApiVersions, type VersionRange } from './api-versions.ts';
import type { Connection } from './connection.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';

const unsupportedVersion = errorCodes.UNSUPPORTED_VERSION;
/** A session is renewed when this part of its life has passed (KIP-368). */
const partBeforeRenewal = 0.85;
/** Brokers refuse to authenticate again within a second; and a token that seems to have expired must not make a loop without a pause. */
const renewAtLeastMs = 1100;

export interface HandshakeOptions {
  readonly sasl: SaslMechanism | undefined;
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
  readonly clock: Clock;
  /** How long a renewal of the login may take. Default 10,000 ms. */
  readonly renewalTimeoutMs?: number;
  /** Gives up: the setup has taken too long, or nobody wants the connection any more. */
  readonly signal: AbortSignal;
}

/** Makes an open connection ready: agrees on versions (KIP-35, KIP-511), authenticates, and renews that before it expires. */
export async function handshake(connection: Connection, options: HandshakeOptions): Promise<void> {
  connection.versions = await negotiate(connection, options);
  if (options.sasl !== undefined) await authenticate(connection, options.sasl, options);
  connection.acceptLongFrames();
}

/** Asks in our highest version. A broker that does not know it says which it knows, in the form of version 0. */
async function negotiate(connection: Connection, options: HandshakeOptions): Promise<ApiVersions> {
  const { clientSoftwareName, clientSoftwareVersion, signal } = options;
  const ask = (version: number) =>
    connection.sendVersion(answersInVersion0(version), version, version >= 3 ? { clientSoftwareName, clientSoftwareVersion } : {}, {
      signal,
      urgent: true,
    });
  let version = apiVersions.maxVersion;
  let answer = await ask(version);
  if (answer.errorCode === unsupportedVersion) {
    const hint = answer.apiKeys.find((range) => range.apiKey === apiVersions.key)?.maxVersion ?? 0;
    version = hint >= 0 && hint < version ? hint : 0;
    answer = await ask(version);
  }
  if (answer.errorCode === unsupportedVersion && version > 0) answer = await ask(0);
  if (answer.errorCode !== 0) {
    throw new UnsupportedVersionError(`${connection.name} refused to say which versions it speaks: ${errorName(answer.errorCode)}`);
  }
  const ranges = new Map<number, VersionRange>(
    answer.apiKeys.map((range) => [range.apiKey, { min: range.minVersion, max: range.maxVersion }]),
  );
  const features = new Map(answer.finalizedFeatures.map((feature) => [feature.name, feature.maxVersionLevel]));
  return new ApiVersions(ranges, features);
}

/** An error 35 comes in the form of version 0, whatever version was asked (KIP-511). */
function answersInVersion0(version: number): typeof apiVersions {
  if (version === 0) return apiVersions;
  return {
    ...apiVersions,
    readResponse(r, asked) {
      const refused = r.remaining >= 2 && r.buffer.readInt16BE(r.position) === unsupportedVersion;
      r.flexible = r.flexible && !refused;
      return apiVersions.readResponse(r, refused ? 0 : asked);
    },
  };
}

async function authenticate(connection: Connection, mechanism: SaslMechanism, options: HandshakeOptions): Promise<void> {
  const { clock, signal } = options;
  const started = clock.now();
  const offered = await connection.send(saslHandshake, { mechanism: mechanism.name }, { minVersion: 1, signal, urgent: true });
  if (offered.errorCode !== 0) {
    const list = quotable(offered.mechanisms.slice(0, 20).join(', ')) || 'none';
    throw new AuthenticationError(`${connection.name} does not offer the SASL mechanism ${mechanism.name}: it offers ${list}`);
  }
  let lifetimeMs = 0;
  const exchange = async (authBytes: Buffer): Promise<Buffer> => {
    const answer = await connection.send(saslAuthenticate, { authBytes }, { signal, urgent: true });
    if (answer.errorCode !== 0) {
      const why = quotable(answer.errorMessage ?? errorName(answer.errorCode));
      throw new AuthenticationError(`${connection.name} refused the SASL ${mechanism.name} login: ${why}`);
    }
    lifetimeMs = answer.sessionLifetimeMs;
    return answer.authBytes;
  };
  const { host, port } = connection.address;
  // A mechanism of the user's own may not heed the signal.
  const session = await raceWithSignal(mechanism.authenticate({ host, port, signal, clock, exchange }), signal);
  if (!(lifetimeMs >= 0)) throw new ProtocolError(`${connection.name} gave the SASL session a lifetime of ${lifetimeMs} ms`);
  // Zero means that the broker lets a session live for ever, so there is nothing to renew.
  if (lifetimeMs === 0) return;
  const credentialMs = session?.expiresAt === undefined ? Infinity : session.expiresAt - clock.wallTime();
  const delayMs = Math.min(lifetimeMs, credentialMs) * partBeforeRenewal - (clock.now() - started);
  renewAfter(Math.max(delayMs, renewAtLeastMs), connection, mechanism, options);
}

/**
 * Authenticates again on the same connection. Ordinary requests wait meanwhile. Those already out are answered first: a broker
 * answers in order, and may hold one of them for long, which must not count as the time of the renewal.
 */
function renewAfter(delayMs: number, connection: Connection, mechanism: SaslMechanism, options: HandshakeOptions): void {
  const { clock, renewalTimeoutMs = 10_000 } = options;
  const renew = async (): Promise<void> => {
    connection.ending.removeEventListener('abort', cancel);
    await connection.pause();
    const patience = new LinkedAbort(connection.ending);
    const message = `${connection.name}: the login was not renewed within ${renewalTimeoutMs} ms`;
    const late = timeLimit(clock, () => patience.abort(new TimeoutError(message, { retriable: true })), renewalTimeoutMs);
    try {
      await authenticate(connection, mechanism, { ...options, signal: patience.signal });
      connection.resume();
    } catch (error) {
      connection.close(notRenewed(connection, error as Error));
    } finally {
      late.cancel();
      patience.unlink();
    }
  };
  const timer = clock.setTimeout(() => void renew(), delayMs, { background: true });
  const cancel = (): void => timer.cancel();
  connection.ending.addEventListener('abort', cancel, { once: true });
}

/** What waited for the renewal goes over another connection, whose login tells whether the broker lets us in at all. */
function notRenewed(connection: Connection, error: Error): Error {
  if (error instanceof KafkaError && error.retriable) return error;
  return new SocketDisconnectedError(`${connection.name}: the login was not renewed: ${error.message}`, { cause: error, retriable: true });
}
