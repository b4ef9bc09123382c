import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockCluster } from '@tskafka/testing';
import { TestAuthority } from '@tskafka/test-certificates';
import { broker } from '../broker.ts';

/** Where TLS is spoken, and files of what a client needs for it. */
export interface TlsListeners {
  readonly brokers: string;
  /** Where a client has to show a certificate. */
  readonly mutual: string;
  readonly file: (name: 'ca' | 'otherCa' | 'cert' | 'key' | 'otherCert' | 'otherKey') => string;
  close(): Promise<void>;
}

/** Those of the real cluster; or of a mock that is like it, in certificates of the same kind. */
export async function openTlsListeners(): Promise<TlsListeners> {
  const folder = mkdtempSync(join(tmpdir(), 'tskafka-tls-'));
  const { texts, brokers, mutual, close } = broker.kafka === undefined ? await ofMock() : ofKafka();
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return {
    brokers,
    mutual,
    file: (name) => join(folder, name),
    close: async () => {
      rmSync(folder, { recursive: true });
      await close();
    },
  };
}

function ofKafka() {
  const kafka = broker.kafka!;
  const { ca, otherCa, cert, key, otherCert, otherKey } = kafka.tls!;
  return {
    texts: { ca, otherCa, cert, key, otherCert, otherKey },
    brokers: kafka.addresses('SSL'),
    mutual: kafka.addresses('MTLS'),
    close: () => Promise.resolve(),
  };
}

async function ofMock() {
  const [authority, other] = [new TestAuthority('ca'), new TestAuthority('other-ca')];
  const own = authority.issue('broker', { names: 'DNS:localhost,IP:127.0.0.1' });
  const [client, stranger] = [authority.issue('client'), other.issue('other-client')];
  const mock = await MockCluster.start({ brokers: broker.nodes });
  const ssl = await mock.listen({ tls: own });
  const mtls = await mock.listen({ tls: { ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: true } });
  const texts = {
    ca: authority.ca,
    otherCa: other.ca,
    cert: client.cert,
    key: client.key,
    otherCert: stranger.cert,
    otherKey: stranger.key,
  };
  return { texts, brokers: ssl.brokers.join(','), mutual: mtls.brokers.join(','), close: () => mock.close() };
}
