import type { Clock } from '../clock.ts';
import { AuthenticationError, ProtocolError, UnsupportedVersionError } from '../errors.ts';
import { apiVersions } from '../protocol/apis/api-versions.ts';
import { saslAuthenticate } from '../protocol/apis/sasl-authenticate.ts';
import { saslHandshake } from '../protocol/apis/sasl-handshake.ts';
import { errorCodes, errorName } from '../protocol/error-codes.ts';
import { ApiVersions, type VersionRange } from './api-versions.ts';
import type { Connection } from './connection.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';

const unsupportedVersion = errorCodes.UNSUPPORTED_VERSION;
/** A session is renewed when this part of its life has passed (KIP-368). */
const renewAfter = 0.85;

export interface HandshakeOptions {
  readonly sasl: SaslMechanism | undefined;
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
  readonly clock: Clock;
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
    const list = offered.mechanisms.slice(0, 20).join(', ') || 'none';
    throw new AuthenticationError(`${connection.name} does not offer the SASL mechanism ${mechanism.name}: it offers ${list}`);
  }
  let lifetimeMs = 0;
  const exchange = async (authBytes: Buffer): Promise<Buffer> => {
    const answer = await connection.send(saslAuthenticate, { authBytes }, { signal, urgent: true });
    if (answer.errorCode !== 0) {
      const why = answer.errorMessage?.slice(0, 1000) ?? errorName(answer.errorCode);
      throw new AuthenticationError(`${connection.name} refused the SASL ${mechanism.name} login: ${why}`);
    }
    lifetimeMs = answer.sessionLifetimeMs;
    return answer.authBytes;
  };
  const { host, port } = connection.address;
  const session = await mechanism.authenticate({ host, port, signal, clock, exchange });
  if (!(lifetimeMs >= 0)) throw new ProtocolError(`${connection.name} gave the SASL session a lifetime of ${lifetimeMs} ms`);
  // Zero means that the broker lets a session live for ever, so there is nothing to renew.
  if (lifetimeMs === 0) return;
  const credentialMs = session?.expiresAt === undefined ? Infinity : session.expiresAt - clock.wallTime();
  renew(connection, mechanism, options, Math.min(lifetimeMs, credentialMs) * renewAfter - (clock.now() - started));
}

/**
 * Authenticates again on the same connection. Ordinary requests wait meanwhile; those already out are answered first, since a broker
 * answers in order, so no bytes can mix.
 */
function renew(connection: Connection, mechanism: SaslMechanism, options: HandshakeOptions, afterMs: number): void {
  const attempt = async (): Promise<void> => {
    if (connection.closed) return;
    connection.pause();
    try {
      await authenticate(connection, mechanism, { ...options, signal: new AbortController().signal });
      connection.resume();
    } catch (error) {
      connection.close(error as Error);
    }
  };
  options.clock.setTimeout(() => void attempt(), afterMs, { background: true });
}
