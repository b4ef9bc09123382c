import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { kcatIsWanted, kcatResult } from './kcat.ts';

/** The secured listeners of the tests are what other clients find, too: a witness against a cluster that only we can log in to. */

const kafka = broker.kafka!;
const { username, password } = kafka.sasl!;
const ca = join(kafka.plan.folder, 'tls', 'ca.crt');

const list = async (listener: 'SSL' | 'MTLS' | 'SASL_SSL' | 'SASL_PLAINTEXT', properties: Record<string, string>) => {
  const protocol = listener === 'MTLS' ? 'SSL' : listener;
  const all = { 'security.protocol': protocol, 'ssl.ca.location': ca, ...properties };
  const args = Object.entries(all).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
  return kcatResult(['-L', '-m', '10', ...args], { bootstrap: kafka.addresses(listener) });
};

// One that is refused tries on for ten seconds.
describe.runIf(kcatIsWanted)('kcat', { concurrent: true }, () => {
  it.each<[string, Parameters<typeof list>]>([
    ['TLS', ['SSL', {}]],
    ['PLAIN', ['SASL_SSL', { 'sasl.mechanism': 'PLAIN', 'sasl.username': username, 'sasl.password': password }]],
    [
      'OAUTHBEARER',
      [
        'SASL_PLAINTEXT',
        {
          'sasl.mechanism': 'OAUTHBEARER',
          'enable.sasl.oauthbearer.unsecure.jwt': 'true',
          'sasl.oauthbearer.config': 'principal=test',
        },
      ],
    ],
  ])('reaches the cluster by %s', async (_, args) => {
    const { stdout, code } = await list(...args);
    expect(stdout).toContain(`${broker.nodes} brokers:`);
    expect(code).toBe(0);
  });

  it('reaches the cluster by mutual TLS', async () => {
    const file = (name: string, text: string): string => {
      const path = join(kafka.plan.folder, 'tls', `kcat-${name}`);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const own = { 'ssl.certificate.location': file('cert', kafka.tls!.cert), 'ssl.key.location': file('key', kafka.tls!.key) };
    expect((await list('MTLS', own)).stdout).toContain(`${broker.nodes} brokers:`);
    expect((await list('MTLS', {})).code).not.toBe(0);
  });

  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'logs in by %s from librdkafka 2.6.1 on, and is no witness of it before',
    async (mechanism) => {
      // Older ones send their nonce twice, which Kafka refuses since 3.8.1 (librdkafka #4895); Debian 12 has 2.0.2.
      const [, major, minor, patch] = /librdkafka (\d+)\.(\d+)\.(\d+)/.exec((await kcatResult(['-V'])).stdout)!.map(Number);
      const works = major! * 1e6 + minor! * 1e3 + patch! >= 2_006_001;
      const { stdout, stderr } = await list('SASL_SSL', {
        'sasl.mechanism': mechanism,
        'sasl.username': username,
        'sasl.password': password,
      });
      if (works) expect(stdout).toContain(`${broker.nodes} brokers:`);
      else expect(stderr).toContain(`invalid credentials with SASL mechanism ${mechanism}`);
    },
  );
});
