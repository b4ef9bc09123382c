import { AuthenticationError, KafkaError, ProtocolError, SocketDisconnectedError } from '../errors.ts';
import { type BrokerAddress, formatAddress } from '../transport.ts';
import { AddressesFailed } from './connect-first.ts';

const socketReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the other side reset the connection',
  EPIPE: 'the other side closed the connection',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the name server does not answer',
  EMFILE: 'this process has too many open files',
  ENFILE: 'this system has too many open files',
  EADDRNOTAVAIL: 'no local port is free, or the address cannot be reached from here',
};

const unknownCa = "the broker's certificate is not signed by a known CA: set ssl.ca";
const refusedCertificates: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: "the broker's certificate is not signed by its CA",
  CERT_HAS_EXPIRED: "the broker's certificate has expired",
  CERT_NOT_YET_VALID: "the broker's certificate is not valid yet",
  CERT_REVOKED: "the broker's certificate is revoked",
  INVALID_PURPOSE: "the broker's certificate is not for servers",
};

/** TLS alerts by which a broker refuses us, as the end of OpenSSL's code. */
const alerts: readonly (readonly [RegExp, string])[] = [
  [/ALERT_CERTIFICATE_REQUIRED$/, 'the broker asks for a client certificate: set ssl.cert and ssl.key'],
  [/ALERT_UNKNOWN_CA$/, 'the broker does not know the CA of our certificate'],
  [
    /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN))$/,
    'the broker refuses our certificate, or the lack of one',
  ],
  [/ALERT_(ACCESS_DENIED|UNRECOGNIZED_NAME)$/, 'the broker refuses our certificate, or the host name that we use for it'],
  [
    /ALERT_HANDSHAKE_FAILURE$/,
    'the broker refuses the TLS handshake: it may ask for a client certificate (ssl.cert, ssl.key), or for other ciphers',
  ],
];
const versionMismatch = /ALERT_PROTOCOL_VERSION$|_UNSUPPORTED_PROTOCOL$|_NO_PROTOCOLS_AVAILABLE$/;
const notTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|RECORD_LAYER_FAILURE/;
const cutOff: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'];

/**
 * One line for a connection that failed or broke: where, why, and the system's own code; the original is the cause.
 *
 * What the next attempt meets again (a certificate, a port that speaks something else) is not retriable.
 */
export function connectError(address: BrokerAddress, error: unknown, duringTlsHandshake = false): KafkaError {
  if (error instanceof KafkaError) return error;
  const where = oneLine(formatAddress(address));
  const { code = '', message } = error as NodeJS.ErrnoException;
  const refusal = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? wrongName(address, error) : refusedCertificates[code];
  const alert = refusal ?? alerts.find(([pattern]) => pattern.test(code))?.[1];
  if (alert !== undefined) return new AuthenticationError(`${where}: ${alert} (${code})`, { cause: error });
  if (versionMismatch.test(code)) {
    return new AuthenticationError(`${where}: no TLS version in common with the broker (${code})`, { cause: error });
  }
  if (notTls.test(code) || (code === 'EPROTO' && /wrong version number/.test(message))) {
    return new ProtocolError(`${where}: the port does not speak TLS: remove ssl, or use the broker's TLS port (${code})`, { cause: error });
  }
  const reason =
    duringTlsHandshake && cutOff.includes(code)
      ? `the connection was closed during the TLS handshake: does this port speak TLS? (${code})`
      : reasonOf(error);
  return new SocketDisconnectedError(`${where}: ${reason}`, { cause: error, retriable: true });
}

function wrongName({ host }: BrokerAddress, error: unknown): string {
  const { cert, host: wanted = host } = error as { host?: string; cert?: { subjectaltname?: string; subject?: { CN?: unknown } } };
  const names = cert?.subjectaltname ?? String(cert?.subject?.CN ?? 'nobody');
  return `the broker's certificate is for ${oneLine(names)}, not for ${oneLine(wanted)}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressesFailed) {
    const { failures } = error;
    const first = reasonOf(failures[0]!.error);
    if (failures.every((failure) => reasonOf(failure.error) === first)) {
      return failures.length === 1 ? first : `${first}, at ${failures.map(({ ip }) => ip).join(', ')}`;
    }
    return failures.map((failure) => `${failure.ip}: ${reasonOf(failure.error)}`).join('; ');
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = socketReasons[code];
  return reason === undefined ? oneLine(message) : `${reason} (${code})`;
}

/** Names come from the network: no control characters, no line without end. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
