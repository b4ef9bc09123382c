import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionOf } from './client-options.ts';
import { type ConnectionFlags, settingsOf } from './settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
  writeFileSync(join(folder, 'secret'), 'of the option\n');
  writeFileSync(join(folder, 'java.properties'), jaas('alice', 'of the file'));
  writeFileSync(join(folder, 'plain.properties'), 'sasl.username=bob\nsasl.password=of the file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function jaas(user: string, password: string): string {
  return `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}";`;
}

async function login(flags: ConnectionFlags, environment: Record<string, string> = {}): Promise<unknown> {
  const world = {
    environment: { TSKAFKA_HOME: folder, TSKAFKA_BROKERS: 'kafka:9092', ...environment },
    workingDirectory: folder,
    warn: () => {},
  };
  const { options } = await connectionOf(settingsOf({ sasl: ['plain'], ...flags }, world), world);
  const { username, password } = options.sasl as { username: string; password: string };
  return `${username}: ${password}`;
}

it.each<[string, ConnectionFlags, Record<string, string>, string]>([
  ['a file of Java', { profile: 'java' }, {}, 'alice: of the file'],
  ['an option before a file', { profile: 'plain', passwordFile: 'secret' }, {}, 'bob: of the option'],
  ['an option before a file of Java', { profile: 'java', passwordFile: 'secret' }, {}, 'alice: of the option'],
  ['an option before the environment', { user: 'me', passwordFile: 'secret' }, { TSKAFKA_SASL_PASSWORD: 'x' }, 'me: of the option'],
  ['the environment before a file', { profile: 'plain' }, { TSKAFKA_SASL_PASSWORD_ENV: 'P', P: 'elsewhere' }, 'bob: elsewhere'],
  ['-X before a file', { profile: 'plain', X: [jaas('carol', 'of -X')] }, {}, 'carol: of -X'],
])('who logs in, and by what password, the strongest source says: %s', async (_, flags, environment, expected) => {
  const { passwordFile } = flags;
  const found = passwordFile === undefined ? flags : { ...flags, passwordFile: join(folder, passwordFile) };
  expect(await login(found, environment)).toBe(expected);
});

it.each<[string, ConnectionFlags, string]>([
  ['an option', { sasl: ['kerberos'], user: 'me' }, '--sasl kerberos is not known'],
  ['a file', { sasl: undefined, profile: 'gssapi' } as ConnectionFlags, 'gssapi.properties: sasl.mechanism GSSAPI is not known'],
])('a mechanism that is not known is said to be where it was written: %s', async (_, flags, message) => {
  writeFileSync(join(folder, 'gssapi.properties'), 'sasl.mechanism=GSSAPI\nsasl.username=me\n');
  await expect(login(flags)).rejects.toThrow(message);
});
