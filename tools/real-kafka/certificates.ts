import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from './programs.ts';

/** PEM texts for a client of a secure cluster. */
export interface Certificates {
  /** The authority that signed the brokers' certificates and the client's. */
  readonly ca: string;
  /** Another authority, which signed nothing that the cluster shows or trusts. */
  readonly otherCa: string;
  /** A client certificate (CN=client) and its key. */
  readonly cert: string;
  readonly key: string;
  /** A client certificate and key from the other authority. */
  readonly otherCert: string;
  readonly otherKey: string;
}

/** Makes certificates for one run into the folder; they last a day, as no cluster of this tool is older. */
export async function makeCertificates(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await Promise.all([makeAuthority(folder, 'ca'), makeAuthority(folder, 'other-ca')]);
  await Promise.all([signed(folder, 'broker', 'ca'), signed(folder, 'client', 'ca'), signed(folder, 'other-client', 'other-ca')]);
  // Kafka reads key and chain from one PEM file (KIP-651), so no Java key store is needed.
  const [key, certificate] = await Promise.all(['broker.key', 'broker.crt'].map((name) => readFile(join(folder, name), 'utf8')));
  await writeFile(join(folder, 'broker.pem'), `${key}${certificate}`);
}

export async function readCertificates(folder: string): Promise<Certificates> {
  const names = ['ca.crt', 'other-ca.crt', 'client.crt', 'client.key', 'other-client.crt', 'other-client.key'];
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const [ca, otherCa, cert, key, otherCert, otherKey] = texts as [string, string, string, string, string, string];
  return { ca, otherCa, cert, key, otherCert, otherKey };
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

async function makeAuthority(cwd: string, name: string): Promise<void> {
  await runOrThrow(
    'openssl',
    ['req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`],
    { cwd },
  );
}

async function signed(cwd: string, name: string, ca: string): Promise<void> {
  await runOrThrow('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`], { cwd });
  const authority = ['-CA', `${ca}.crt`, '-CAkey', `${ca}.key`, '-set_serial', `${Date.now()}`];
  await runOrThrow(
    'openssl',
    ['x509', '-req', '-in', `${name}.csr`, ...authority, '-days', '1', '-extfile', 'names.cnf', '-out', `${name}.crt`],
    { cwd },
  );
}
