import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a certificate of the tests is for; `days` below 0 makes one that has expired. */
interface CertificateRequest {
  /** As openssl writes it: `DNS:kafka.test,IP:127.0.0.1`. */
  readonly names?: string;
  readonly days?: number;
  readonly passphrase?: string;
}

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority for core's own tests, made anew for each run: openssl makes it and what it signs. */
export class TestAuthority {
  readonly ca: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'tskafka-certificates-'));
  #serial = 0;

  constructor(name: string) {
    this.#key('ca');
    this.#openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', `/CN=${name}`, '-days', '2', '-out', 'ca.crt');
    this.ca = this.#read('ca.crt');
  }

  /** Signs a certificate for `name`. */
  issue(name: string, { names, days = 2, passphrase }: CertificateRequest = {}): TestCertificate {
    const file = `cert${++this.#serial}`;
    this.#key(file, passphrase);
    const unlock = passphrase === undefined ? [] : ['-passin', `pass:${passphrase}`];
    this.#openssl('req', '-new', '-key', `${file}.key`, ...unlock, '-subj', `/CN=${name}`, '-out', `${file}.csr`);
    writeFileSync(join(this.#directory, `${file}.ext`), names === undefined ? '' : `subjectAltName=${names}\n`);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', String(this.#serial), '-days', String(days)];
    this.#openssl('x509', '-req', '-in', `${file}.csr`, ...signed, '-extfile', `${file}.ext`, '-out', `${file}.crt`);
    return { cert: this.#read(`${file}.crt`), key: this.#read(`${file}.key`) };
  }

  /** A certificate and its key as PKCS #12. */
  bundle({ cert, key }: TestCertificate, passphrase: string): Buffer {
    writeFileSync(join(this.#directory, 'bundle.pem'), key + cert);
    this.#openssl('pkcs12', '-export', '-in', 'bundle.pem', '-passout', `pass:${passphrase}`, '-out', 'bundle.p12');
    return readFileSync(join(this.#directory, 'bundle.p12'));
  }

  /** For a program that wants files. */
  files({ cert, key }: TestCertificate): { certFile: string; keyFile: string; caFile: string } {
    const [certFile, keyFile, caFile] = ['own.crt', 'own.key', 'ca.crt'].map((name) => join(this.#directory, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    return { certFile, keyFile, caFile };
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }

  #key(file: string, passphrase?: string): void {
    const lock = passphrase === undefined ? [] : ['-aes256', '-pass', `pass:${passphrase}`];
    this.#openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', ...lock, '-out', `${file}.key`);
  }

  #read(file: string): string {
    return readFileSync(join(this.#directory, file), 'utf8');
  }

  #openssl(...command: string[]): void {
    execFileSync('openssl', command, { cwd: this.#directory, stdio: 'pipe' });
  }
}
