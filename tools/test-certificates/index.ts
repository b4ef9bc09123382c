import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** What a certificate of the tests is for; `days` below 0 makes one that has expired. */
export interface CertificateRequest {
  /** As openssl writes it: `DNS:kafka.test,IP:127.0.0.1`. */
  readonly names?: string;
  readonly days?: number;
  /** Encrypts the key. */
  readonly passphrase?: string;
}

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

const dayMs = 24 * 60 * 60 * 1000;
const plainKeys = new WeakMap<TestCertificate, string>();

/** An authority for tests, made anew for each run, without any program but Node. */
export class TestAuthority {
  readonly ca: string;
  readonly #name: string;
  readonly #keys = newKeys();
  #serial = 0;

  constructor(name: string) {
    this.#name = name;
    this.ca = this.#sign(name, this.#keys.publicKey, 2, [{ name: 'basicConstraints', cA: true, critical: true }]);
  }

  /** Signs a certificate for `name`. */
  issue(name: string, { names, days = 2, passphrase }: CertificateRequest = {}): TestCertificate {
    const keys = newKeys();
    const cert = this.#sign(name, keys.publicKey, days, names === undefined ? [] : [{ name: 'subjectAltName', altNames: altNames(names) }]);
    const issued = { cert, key: passphrase === undefined ? keys.pem : encrypted(keys.pem, passphrase) };
    plainKeys.set(issued, keys.pem);
    return issued;
  }

  /** A certificate and its key as PKCS #12. */
  bundle(certificate: TestCertificate, passphrase: string): Buffer {
    const key = forge.pki.privateKeyFromPem(plainKeys.get(certificate) ?? certificate.key);
    const bundle = forge.pkcs12.toPkcs12Asn1(key, [forge.pki.certificateFromPem(certificate.cert)], passphrase, { algorithm: '3des' });
    return Buffer.from(forge.asn1.toDer(bundle).getBytes(), 'binary');
  }

  #sign(name: string, publicKey: forge.pki.rsa.PublicKey, days: number, extensions: object[]): string {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = publicKey;
    certificate.serialNumber = (++this.#serial).toString(16).padStart(2, '0');
    const end = Date.now() + days * dayMs;
    certificate.validity.notAfter = new Date(end);
    certificate.validity.notBefore = new Date(Math.min(end, Date.now()) - dayMs);
    certificate.setSubject([{ name: 'commonName', value: name }]);
    certificate.setIssuer([{ name: 'commonName', value: this.#name }]);
    certificate.setExtensions(extensions);
    certificate.sign(this.#keys.privateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  }
}

/** Node makes the keys: it is a hundred times quicker at it. */
function newKeys(): { pem: string; publicKey: forge.pki.rsa.PublicKey; privateKey: forge.pki.rsa.PrivateKey } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    pem: privateKey,
    publicKey: forge.pki.publicKeyFromPem(publicKey) as forge.pki.rsa.PublicKey,
    privateKey: forge.pki.privateKeyFromPem(privateKey),
  };
}

function encrypted(pem: string, passphrase: string): string {
  return createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string;
}

function altNames(names: string): object[] {
  return names.split(',').map((entry) => {
    const [kind, ...rest] = entry.split(':');
    return kind === 'IP' ? { type: 7, ip: rest.join(':') } : { type: 2, value: rest.join(':') };
  });
}
