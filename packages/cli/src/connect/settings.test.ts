import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type ConnectionFlags, optionFor, settingsOf, type World } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
const project = join(folder, '.tskafka.properties');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(project, { force: true }));
for (const name of ['staging', 'prod', 'file']) writeFileSync(join(folder, `${name}.properties`), `bootstrap.servers=${name}:9092\n`);
const file = join(folder, 'file.properties');

function brokersOf(flags: ConnectionFlags, environment: World['environment'] = {}): string | undefined {
  const world = { environment: { TSKAFKA_HOME: folder, ...environment }, workingDirectory: folder, warn: () => {} };
  return settingsOf(flags, world).get('bootstrap.servers')?.value;
}

it.each<[string, ConnectionFlags, World['environment'], string]>([
  ['nothing', {}, {}, 'localhost:9092'],
  ['-C', { profile: 'prod' }, {}, 'prod:9092'],
  ['-C before the environment', { profile: 'prod' }, { TSKAFKA_CONFIG: file, TSKAFKA_PROFILE: 'staging' }, 'prod:9092'],
  ['-X before the environment', { X: ['profile=prod'] }, { TSKAFKA_CONFIG: file }, 'prod:9092'],
  ['-F before the environment', { config: file }, { TSKAFKA_CONFIG: '/nowhere', TSKAFKA_PROFILE: 'staging' }, 'file:9092'],
  ['a file before a profile in the environment', {}, { TSKAFKA_CONFIG: file, TSKAFKA_PROFILE: 'staging' }, 'file:9092'],
  ['a profile in the environment', {}, { TSKAFKA_PROFILE: 'staging' }, 'staging:9092'],
])('where the cluster is: %s', (_, flags, environment, brokers) => {
  expect(brokersOf(flags, environment)).toBe(brokers);
});

it('says the option that leads to the same cluster', () => {
  const world = { environment: { TSKAFKA_HOME: folder }, workingDirectory: folder, warn: () => {} };
  const optionOf = (flags: ConnectionFlags): string => optionFor(settingsOf(flags, world));
  expect(optionOf({})).toBe('-b localhost:9092');
  expect(optionOf({ brokers: ['a:1,b:2'] })).toBe('-b a:1');
  expect(optionOf({ profile: 'prod' })).toBe('-C prod');
  expect(optionOf({ config: file })).toBe(`-F ${file}`);
});

it('who names a cluster is told where the environment names another', () => {
  const warnings: string[] = [];
  const environment = { TSKAFKA_HOME: folder, TSKAFKA_BROKERS: 'local:9092' };
  const world = { environment, workingDirectory: folder, warn: (line: string) => void warnings.push(line) };
  expect(settingsOf({ profile: 'prod' }, world).get('bootstrap.servers')?.value).toBe('local:9092');
  expect(warnings).toEqual([`warning: the brokers are local:9092 (TSKAFKA_BROKERS), and not those of ${join(folder, 'prod.properties')}`]);
  settingsOf({ profile: 'prod', brokers: ['there:9092'] }, world);
  settingsOf({}, world);
  expect(warnings).toHaveLength(1);
});

it('-C and -F at once would be two clusters', () => {
  expect(() => brokersOf({ profile: 'prod', config: file })).toThrow('-C and -F both say where the cluster is');
});

it('a project says which profile is meant, and nothing else', () => {
  writeFileSync(project, 'profile=staging\n');
  expect(brokersOf({})).toBe('staging:9092');
  expect(brokersOf({ profile: 'prod' })).toBe('prod:9092');
  writeFileSync(project, 'profile=staging\nbootstrap.servers=evil:9092\n');
  expect(() => brokersOf({})).toThrow(`${project} may not set bootstrap.servers`);
});
