import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { root } from './run.ts';
import { jsonLines, topicWith, tskafka } from './tskafka.ts';
import { within } from './within.ts';

describe('tskafka copy', () => {
  it('copies keys, values, headers, times and partitions', async () => {
    const from = await topicWith('k:v\nk:\n', ' -K : -Z -H h=1 --timestamp 1795418150078');
    const { name: to } = await broker.createTopic({ partitions: 2 });
    const { stderr, code } = await tskafka(`copy ${from} ${to}`);
    expect({ stderr, code }).toEqual({ stderr: expect.stringMatching(/^copied 2 messages from /) as string, code: 0 });
    const copied = (await tskafka(`consume ${to} --json`)).stdout;
    expect(copied.replaceAll(to, from)).toBe((await tskafka(`consume ${from} --json`)).stdout);
  });

  it('takes a range and a filter, and refuses what cannot be', async () => {
    const from = await topicWith('a\nb\nc\nd\n');
    const { name: to } = await broker.createTopic();
    await tskafka(`copy ${from} ${to} -o 1..3 -p 0 --grep c`);
    expect((await tskafka(`consume ${to}`)).stdout).toBe('c\n');
    expect((await tskafka(`copy ${from} ${from}`)).code).toBe(2);
    expect((await tskafka(`copy ${from} ${broker.freshName('nope')}`)).code).toBe(1);
  });

  it('the other cluster is what its options say, and nothing that is meant for the first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [here, from] = [await broker.overTcp(), await topicWith('a\n')];
    const { name: to } = await broker.createTopic();
    writeFileSync(join(folder, 'here.properties'), `bootstrap.servers=${here}\n`);
    writeFileSync(join(folder, 'gone.properties'), 'bootstrap.servers=127.0.0.1:1\n');
    writeFileSync(join(folder, 'readonly.properties'), `bootstrap.servers=${here}\ntskafka.readonly=true\n`);
    writeFileSync(join(folder, 'none.properties'), 'client.id=x\n');
    const env = { TSKAFKA_HOME: folder, TSKAFKA_SASL_PASSWORD: 'secret', TSKAFKA_SASL_MECHANISM: undefined };
    const copy = async (args: string, more = {}) => tskafka(`copy ${from} ${to} ${args}`, { env: { ...env, ...more } });
    // The environment names the first cluster, and would win over a profile.
    expect(await copy('--to-profile gone')).toMatchObject({ code: 4, stderr: expect.stringContaining('127.0.0.1:1') });
    expect(await copy('--to-profile here')).toMatchObject({ code: 0 });
    expect(await copy(`--to-brokers ${here}`, { TSKAFKA_PROFILE: 'readonly' })).toMatchObject({ code: 0 });
    expect(await copy('--to-profile readonly')).toMatchObject({ code: 1, stderr: expect.stringContaining('this cluster is read-only') });
    expect(await copy('--to-profile none')).toMatchObject({ code: 2, stderr: expect.stringContaining('none.properties has no bootstrap.servers') }); // prettier-ignore
    expect((await tskafka(`consume ${to}`)).stdout).toBe('a\na\n');
    expect(await tskafka(`copy ${from} ${from} --to-brokers ${here}`)).toMatchObject({ code: 2, stdout: '' });
    expect(await copy('--to-profile here --to-config here.properties')).toMatchObject({ code: 2, stderr: expect.stringContaining('use one of them') }); // prettier-ignore
  });
});

describe('tskafka replay', () => {
  it('sends dead letters back without what their headers say of the failure, with --execute only', async () => {
    const { name: origin } = await broker.createTopic();
    const headers = [['mine', '1'], ['tskafka.dead-letter.topic', origin], ['tskafka.dead-letter.error', 'Error']]; // prettier-ignore
    const dead = await topicWith(`${JSON.stringify({ key: 'k', value: 'v', headers })}\n{"value":"no letter"}\n`, ' --json');
    const plan = await tskafka(`replay ${dead} --json`);
    expect(jsonLines(plan.stdout)).toEqual([{ to: origin, messages: 1 }]);
    expect((await tskafka(`consume ${origin}`)).stdout).toBe('');
    expect((await tskafka(`replay ${dead} --execute`)).code).toBe(0);
    expect(jsonLines((await tskafka(`consume ${origin} --json`)).stdout)).toEqual([
      expect.objectContaining({ key: 'k', value: 'v', headers: [['mine', '1']] }),
    ]);
  });
});

describe('tskafka doctor', () => {
  it('finds a cluster that is well', async () => {
    const { stdout, code } = await tskafka('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ name .*\n✓ tcp .*connected.*\n✓ kafka {2}cluster .*no login\n/);
  });

  it('says where the way ends', async () => {
    const { stdout, stderr, code } = await tskafka('doctor --json -b 127.0.0.1:1');
    expect(code).toBe(4);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ step: 'tcp', ok: false, where: '127.0.0.1:1' });
    expect(jsonLines(stderr)).toMatchObject([{ error: { code: 'UNHEALTHY' } }]);
  });
});

describe('tskafka bench', () => {
  it.each([
    ['produce', 'produced'],
    ['consume', 'consumed'],
    ['latency', 'sent and received'],
  ])('%s measures, and leaves no topic behind', async (what, word) => {
    const { stdout, stderr, code } = await tskafka(`bench ${what} -n 200 --size 100 --json`);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(jsonLines(stdout)).toMatchObject([{ what: word, messages: 200, bytes: 20_000, perSecond: expect.any(Number) as number }]);
    expect((await tskafka('topics')).stdout).not.toContain('tskafka-bench');
  });
});

it('tskafka bench consume reads no more of a topic of your own than it is told to, and leaves it there', async () => {
  const topic = await topicWith('x\n'.repeat(10));
  const { stdout } = await tskafka(`bench consume ${topic} -n 3 --json`);
  expect(jsonLines(stdout)).toMatchObject([{ what: 'consumed', messages: 3, bytes: 3 }]);
  expect((await tskafka(`consume ${topic}`)).stdout).toBe('x\n'.repeat(10));
});

describe('tskafka config', () => {
  it('takes a profile, the chosen one, and files of Java and kcat as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    const bootstrap = await broker.overTcp();
    writeFileSync(join(folder, 'prod.properties'), `bootstrap.servers=${bootstrap}\nkey.deserializer=x\ntskafka.readonly=true\n`, {
      mode: 0o600,
    });
    writeFileSync(join(folder, 'kcat.conf'), `metadata.broker.list=${bootstrap}\n`);
    const env = { TSKAFKA_HOME: folder, TSKAFKA_BROKERS: undefined, KAFKA_BROKERS: '127.0.0.1:1' };
    expect((await tskafka('topics -C prod', { env })).code).toBe(0);
    expect((await tskafka(`topics -F ${folder}/kcat.conf`, { env })).code).toBe(0);
    expect((await tskafka('topics', { env })).code).toBe(4);
    expect((await tskafka('config use prod', { env })).code).toBe(0);
    expect((await tskafka('topics', { env })).code).toBe(0);
    expect((await tskafka('config list', { env })).stdout).toMatch(/^prod +yes$/m);
    expect((await tskafka('config show --tsv', { env })).stdout).toContain(`bootstrap.servers\t${bootstrap}\t${folder}/prod.properties\n`);
    const refused = await tskafka('produce x', { env, input: 'x\n' });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: this cluster is read-only\ncause: tskafka\.readonly=true/) as string,
    });
    rmSync(folder, { recursive: true });
  });

  it('takes the stronger of options, -X, environment, and profile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    writeFileSync(join(folder, 'p.properties'), 'bootstrap.servers=profile:1\nclient.id=of-profile\n');
    const env = { TSKAFKA_HOME: folder, TSKAFKA_BROKERS: undefined, KAFKA_BROKERS: 'fallback:5' };
    const brokersOf = async (args: string, more = {}): Promise<string | undefined> => {
      const { stdout } = await tskafka(`config show --tsv ${args}`.trim(), { env: { ...env, ...more } });
      return /^bootstrap\.servers\t(.*)$/m.exec(stdout)?.[1];
    };
    const variable = { TSKAFKA_BROKERS: 'variable:2' };
    expect(await brokersOf('')).toBe('fallback:5\tKAFKA_BROKERS');
    expect(await brokersOf('-C p')).toBe(`profile:1\t${folder}/p.properties`);
    expect(await brokersOf('', { TSKAFKA_PROFILE: 'p' })).toBe(`profile:1\t${folder}/p.properties`);
    expect(await brokersOf('-C p', variable)).toBe('variable:2\tTSKAFKA_BROKERS');
    expect(await brokersOf('-C p -X bootstrap.servers=x:3', variable)).toBe('x:3\t-X bootstrap.servers');
    expect(await brokersOf('-C p -X bootstrap.servers=x:3 -b option:4', variable)).toBe('option:4\t-b');
    rmSync(folder, { recursive: true });
  });

  it('never goes to another cluster because of a slip in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    writeFileSync(join(folder, 'slip.properties'), 'boostrap.servers=kafka:9092\n');
    writeFileSync(join(folder, 'none.properties'), 'client.id=me\nssl.crl.location=x\nlinger.ms=5\n');
    const env = { TSKAFKA_HOME: folder, TSKAFKA_BROKERS: undefined, KAFKA_BROKERS: await broker.overTcp() };
    expect(await tskafka('topics -C slip', { env })).toEqual({
      stdout: '',
      stderr: `error: ${folder}/slip.properties: boostrap.servers is not known\nhint:  did you mean bootstrap.servers?\n`,
      code: 2,
    });
    const { stderr, code } = await tskafka('topics -q -C none', { env });
    const warning = `warning: ${folder}/none.properties has no bootstrap.servers, so it is ${env.KAFKA_BROKERS} (KAFKA_BROKERS)\n`;
    expect({ stderr, code }).toEqual({ stderr: warning, code: 0 });
    rmSync(folder, { recursive: true });
  });
});

describe('tskafka', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s that asks for words', async (shell) => {
    expect((await tskafka(`completion ${shell}`)).stdout).toContain('__complete');
  });

  it('completes commands, options and topics', async () => {
    const topic = await topicWith('x\n');
    expect((await tskafka('__complete -- cons')).stdout).toBe('consume\n');
    expect((await tskafka('__complete -- consume --rea')).stdout).toBe('--read-uncommitted\n');
    // Nobody who has pressed the tab key waits for long: a broker that hesitates completes nothing.
    const completed = async () => (await tskafka(`__complete -- tail ${topic.slice(0, -2)}`)).stdout;
    await until('the topic is completed', async () => (await completed()).includes(`${topic}\n`));
    expect(await tskafka(['__complete', '--', 'tail', ''], { brokers: '127.0.0.1:1' })).toMatchObject({ stdout: '' });
    // Of the cluster that the line is about, and not of the one of the environment.
    const elsewhere = ['__complete', '--', '-b', await broker.overTcp()];
    expect((await tskafka([...elsewhere, 'topic', 'cre'], { brokers: '127.0.0.1:1' })).stdout).toBe('create\n');
    await until('it is completed there', async () => (await tskafka([...elsewhere, 'tail', topic], { brokers: '127.0.0.1:1' })).stdout.includes(topic)); // prettier-ignore
  });

  it("takes PyKafka's names", async () => {
    const topic = await topicWith('0\n1\n2\n');
    const { stdout, stderr, code } = await tskafka(`consume_topic ${topic} -l 2`);
    expect({ stdout, stderr, code }).toEqual({ stdout: '0\n1\n', stderr: `this is now: tskafka consume ${topic} -c 2\n`, code: 0 });
  });

  it('prints its commands as data, each with an example', async () => {
    const { commands } = JSON.parse((await tskafka('--help-json')).stdout) as {
      commands: { name: string; examples: string[]; summary: string }[];
    };
    for (const { name, examples, summary } of commands) {
      expect(summary, name).not.toBe('');
      expect(examples.join('\n'), name).toContain('tskafka');
    }
  });

  it('says its version without loading anything, and every command shows its help', async () => {
    expect((await within(40, () => tskafka('--version'))).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await tskafka('consume --help')).stdout).toMatch(/^Usage: tskafka consume/);
    expect((await tskafka('--help')).stdout).toContain('bench');
  });

  it('is small: a command loads less than 400 KB (those that both write and read, 480), and the mock is loaded by its own alone', () => {
    const dist = join(root, 'packages/cli/dist');
    const source = (file: string): string => readFileSync(join(dist, file), 'utf8');
    const loadedBy = (file: string, loaded = new Set<string>()): Set<string> => {
      if (loaded.has(file)) return loaded;
      loaded.add(file);
      for (const [, name] of source(file).matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) loadedBy(name!, loaded);
      return loaded;
    };
    const always = loadedBy(
      readdirSync(dist).find((file) => file.startsWith('run-'))!,
      loadedBy('main.js'),
    );
    const size = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
    const withMock: string[] = [];
    for (const file of readdirSync(dist)) {
      if (file === 'mock-bundle.js') continue;
      const loaded = loadedBy(file, new Set(always));
      if (loaded.has('mock-bundle.js')) withMock.push(file);
      else expect(size(loaded), file).toBeLessThan(/^(bench|copy)-/.test(file) ? 480_000 : 400_000);
    }
    expect(withMock).toEqual([expect.stringMatching(/^mock-/)]);
    expect(size(loadedBy('main.js'))).toBeLessThan(10_000);
  });
});
