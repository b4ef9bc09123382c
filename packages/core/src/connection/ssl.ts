import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { checkOptions } from '../check-options.ts';
import { channels, publish } from '../diagnostics.ts';
import { nodeTls } from './node-tls.ts';

/** The options of `node:tls`, except for those that say where to connect. */
export type TlsOptions = Omit<ConnectionOptions, (typeof clientsOwn)[number]>;

/**
 * The options of `node:tls`, such as `ca`, `cert`, `key`, `passphrase`, `pfx`, `servername`, `minVersion`, `checkServerIdentity`.
 *
 * The certificate of the broker is verified unless `rejectUnauthorized` is false, and the minimum version is TLSv1.2. A function is called
 * before each connection, so that renewed certificates are picked up.
 */
export type SslOptions = TlsOptions | (() => TlsOptions | Promise<TlsOptions>);

const clientsOwn = ['host', 'port', 'path', 'socket', 'lookup', 'timeout', 'allowHalfOpen', 'onread'] as const;
const pemOptions = ['ca', 'cert', 'key', 'crl'] as const;
/** What node:tls knows. A newer option of the context can be had by `secureContext`. */
const knownOptions = [
  ...pemOptions,
  ...['pfx', 'passphrase', 'servername', 'rejectUnauthorized', 'checkServerIdentity', 'minVersion', 'maxVersion', 'ciphers'],
  ...['sigalgs', 'ecdhCurve', 'honorCipherOrder', 'secureOptions', 'secureProtocol', 'secureContext', 'session', 'sessionTimeout'],
  ...['sessionIdContext', 'ticketKeys', 'dhparam', 'minDHSize', 'ALPNProtocols', 'requestOCSP', 'requestCert', 'pskCallback'],
  ...['allowPartialTrustChain', 'privateKeyEngine', 'privateKeyIdentifier', 'clientCertEngine', 'highWaterMark', 'enableTrace'],
];

/**
 * Checks TLS options, reads their certificates and keys, and fills in the defaults.
 *
 * No error here has a value or a cause: what went wrong may be that a key or its passphrase stands in the wrong option.
 *
 * @throws TypeError for an unknown or wrong option, a certificate or key that cannot be read, a wrong passphrase.
 */
export function resolveTlsOptions(options: TlsOptions): TlsOptions {
  checkTlsOptions(options);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as TlsOptions;
  const resolved: TlsOptions = {
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not switch verification off.
    rejectUnauthorized: true,
    ...(given.secureProtocol === undefined ? { minVersion: 'TLSv1.2' } : {}), // Node refuses both together
    ...given,
  };
  if (resolved.rejectUnauthorized === false) {
    publish(channels.warning, () => ({ message: 'ssl.rejectUnauthorized is false: anybody can pose as a broker' }));
  }
  try {
    return { ...resolved, secureContext: resolved.secureContext ?? nodeTls().createSecureContext(resolved) };
  } catch (error) {
    throw new TypeError(`ssl: ${whyNoContext(error as OpensslError, resolved.passphrase !== undefined)}`);
  }
}

function checkTlsOptions(options: TlsOptions): void {
  checkOptions('ssl', options, [...knownOptions, ...clientsOwn]);
  for (const name of clientsOwn) {
    if (name in options) throw new TypeError(`ssl.${name} cannot be set: the client decides where and how to connect`);
  }
  const { rejectUnauthorized, passphrase } = options;
  if (rejectUnauthorized !== undefined && typeof rejectUnauthorized !== 'boolean') {
    throw new TypeError(`ssl.rejectUnauthorized must be true or false, not of type ${typeof rejectUnauthorized}`);
  }
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    throw new TypeError(`ssl.passphrase must be a string, not of type ${typeof passphrase}`);
  }
  for (const name of pemOptions) {
    const value: unknown = options[name];
    for (const item of Array.isArray(value) ? value : [value]) checkPem(name, item);
  }
}

/** Node takes whatever stands in `ca` and then knows no CA; for `cert` and `key` it says "no start line". */
function checkPem(name: string, item: unknown): void {
  const pem = typeof item === 'object' && item !== null && 'pem' in item ? item.pem : item;
  if (typeof pem !== 'string' && !(pem instanceof Uint8Array)) return; // createSecureContext says what it thinks of the type
  const bytes = Buffer.from(pem as string);
  if (bytes.length === 0) return; // as good as unset, to Node too
  if (!bytes.includes('-----BEGIN ')) {
    throw new TypeError(`ssl.${name} is not PEM ("-----BEGIN ..."): it takes the contents of a file, not its name`);
  }
  if (name !== 'ca') return;
  try {
    new X509Certificate(bytes);
  } catch {
    throw new TypeError('ssl.ca has a certificate that cannot be read');
  }
}

interface OpensslError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly opensslErrorStack?: readonly string[];
}

function whyNoContext({ code, message, reason, opensslErrorStack }: OpensslError, withPassphrase: boolean): string {
  // One wrong passphrase of 256 makes bytes that end as they should, and are no key.
  const isNoKey = opensslErrorStack?.some((line) => line.includes('PKCS12 routines::decode error')) === true;
  if (code === 'ERR_OSSL_BAD_DECRYPT' || code === 'ERR_OSSL_INTERRUPTED_OR_CANCELLED' || message === 'mac verify failure' || isNoKey) {
    return withPassphrase ? 'the passphrase does not open the private key' : 'the private key is encrypted, and there is no passphrase';
  }
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'key is not the private key of cert';
  if (message === 'not enough data') return 'pfx is not PKCS #12';
  if (code?.startsWith('ERR_INVALID_ARG')) return message.split(' Received')[0]!;
  if (code?.startsWith('ERR_OSSL')) return `a certificate or key cannot be read (${reason ?? code})`;
  return message;
}
