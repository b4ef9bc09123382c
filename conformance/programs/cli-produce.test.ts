import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { jsonLines, topicWith, tskafka } from './tskafka.ts';

describe('tskafka produce', () => {
  it('sends a message for each line, and says how many', async () => {
    const { name } = await broker.createTopic();
    const { stdout, stderr, code } = await tskafka(`produce ${name}`, { input: 'a\nb\nc\n' });
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(stderr).toMatch(new RegExp(`^produced 3 messages to ${name} \\(1 partition\\) in \\d+\\.\\d s\n$`));
    expect((await tskafka(`consume ${name}`)).stdout).toBe('a\nb\nc\n');
  });

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('brings bytes through unchanged with %s', async (codec) => {
    const { name } = await broker.createTopic();
    const bytes = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff).filter((byte) => byte !== 0x0a));
    await tskafka(`produce ${name} -z ${codec}`, { input: bytes });
    const [{ value, valueEncoding }] = jsonLines((await tskafka(`consume ${name} --json`)).stdout) as [
      { value: string; valueEncoding: string },
    ];
    expect(valueEncoding).toBe('base64');
    expect(Buffer.from(value, 'base64').equals(bytes)).toBe(true);
  });

  it('takes keys, headers and nulls, and prints them as JSON', async () => {
    const { name } = await broker.createTopic();
    await tskafka(['produce', name, '-K', ':', '-Z', '-H', 'h=1', '-H', 'h', '--header-delimiter', '|'], { input: 'k:v\na=2|k:\n' });
    const headers = [['h', '1'], ['h', null]]; // prettier-ignore
    expect(jsonLines((await tskafka(`consume ${name} --json`)).stdout)).toEqual([
      expect.objectContaining({ topic: name, partition: 0, offset: 0, key: 'k', value: 'v', headers }),
      expect.objectContaining({ topic: name, partition: 0, offset: 1, key: 'k', value: null, headers: [['a', '2'], ...headers] }),
    ]);
  });

  it('reads back what consume prints: the same messages', async () => {
    const lines = [
      { key: 'k', value: 'text', headers: [['a', '1'], ['a', null], ['b', { base64: '/w==' }]], timestamp: 1795418150078 }, // prettier-ignore
      { key: null, value: null, headers: [], timestamp: 1795418150079 },
      { key: '', value: '', headers: [], timestamp: 1795418150080 },
      { key: '/w==', keyEncoding: 'base64', value: 'AP8=', valueEncoding: 'base64', headers: [], timestamp: 1795418150081 },
    ];
    const { name: from } = await broker.createTopic();
    const { name: to } = await broker.createTopic();
    await tskafka(`produce ${from} --json`, { input: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
    const first = (await tskafka(`consume ${from} --json`)).stdout;
    await tskafka(`produce ${to} --json`, { input: first });
    const second = (await tskafka(`consume ${to} --json`)).stdout;
    expect(second.replaceAll(to, from)).toBe(first);
    expect(jsonLines(first)).toEqual(lines.map((line) => expect.objectContaining(line) as object));
  });

  it('reads back what consume prints, whatever the bytes are', async () => {
    const bytes = (): Buffer | null => (randomInt(5) === 0 ? null : randomBytes(randomInt(40)));
    const given = Array.from({ length: 300 }, (_, i) => ({
      key: bytes()?.toString('base64') ?? null,
      keyEncoding: 'base64',
      value: bytes()?.toString('base64') ?? null,
      valueEncoding: 'base64',
      headers: Array.from({ length: randomInt(4) }, () => [
        `h${randomInt(2)}`,
        randomInt(3) === 0 ? null : { base64: randomBytes(randomInt(9)).toString('base64') },
      ]),
      timestamp: 1795418150000 + i,
    }));
    const [{ name: from }, { name: to }] = [await broker.createTopic(), await broker.createTopic()];
    await tskafka(`produce ${from} --json`, { input: given.map((line) => `${JSON.stringify(line)}\n`).join('') });
    const first = (await tskafka(`consume ${from} --json`)).stdout;
    await tskafka(`produce ${to} --json -z gzip`, { input: first });
    expect((await tskafka(`consume ${to} --json`)).stdout.replaceAll(to, from)).toBe(first);
    const raw = await tskafka(['consume', to, '-f', '%{key:base64} %{value:base64} %K %S\\n']);
    const length = (text: string | null): number => (text === null ? -1 : Buffer.from(text, 'base64').length);
    expect(raw.stdout).toBe(given.map(({ key, value }) => `${key ?? ''} ${value ?? ''} ${length(key)} ${length(value)}\n`).join(''));
  });

  it('takes files, whole ones too, and other delimiters', async () => {
    const { name } = await broker.createTopic();
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    writeFileSync(join(folder, 'a'), '1\u00002\u0000');
    writeFileSync(join(folder, 'b'), 'two\nlines');
    await tskafka(['produce', name, join(folder, 'a'), '-D', '\\0']);
    await tskafka(['produce', name, join(folder, 'b'), '--whole']);
    expect(jsonLines((await tskafka(`consume ${name} --json`)).stdout).map(({ value }) => value)).toEqual(['1', '2', 'two\nlines']);
    rmSync(folder, { recursive: true });
  });

  it('prints where each message went', async () => {
    const { name } = await broker.createTopic();
    const { stdout } = await tskafka(`produce ${name} --output ndjson`, { input: 'a\nb\n' });
    expect(stdout).toBe('{"partition":0,"offset":0}\n{"partition":0,"offset":1}\n');
  });

  it('copies its input to standard output', async () => {
    const { name } = await broker.createTopic();
    expect((await tskafka(`produce ${name} -T`, { input: 'a\nb\n' })).stdout).toBe('a\nb\n');
  });

  it('keeps to a rate', async () => {
    const { name } = await broker.createTopic();
    const started = performance.now();
    await tskafka(`produce ${name} --rate 100/s`, { input: 'x\n'.repeat(60) });
    expect(performance.now() - started).toBeGreaterThan(400);
  });

  it('makes the topic with --create, and only then', async () => {
    const topic = broker.freshName('made');
    expect((await tskafka(`produce ${topic}`, { input: 'a\n' })).code).toBe(1);
    expect((await tskafka('topics')).stdout).not.toContain(topic);
    expect((await tskafka(`produce ${topic} --create`, { input: 'a\n' })).code).toBe(0);
    expect((await tskafka(`consume ${topic}`)).stdout).toBe('a\n');
  });

  it('aborts its transaction where a message cannot be read, and nothing of it counts', async () => {
    const { name } = await broker.createTopic();
    const { code, stderr } = await tskafka(`produce ${name} --transaction --json`, { input: '{"value":"a"}\nno json\n' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/message 2 of the input cannot be read/);
    expect((await tskafka(`consume ${name}`)).stdout).toBe('');
    expect((await tskafka(`consume ${name} --read-uncommitted`)).code).toBe(0);
  });

  it('delivers what it has read when it is interrupted, says how many, and ends with 130', async () => {
    const { name } = await broker.createTopic();
    const { stderr, code } = await tskafka(`produce ${name} -T --rate 50`, {
      input: 'x\n'.repeat(1000),
      onOutput: (_, kill) => kill('SIGINT'),
    });
    expect(code).toBe(130);
    const [, said] = /^produced (\d+) messages? to /.exec(stderr) ?? [];
    expect(said).toBeDefined();
    expect((await tskafka(`consume ${name}`)).stdout).toBe('x\n'.repeat(Number(said)));
  });

  it.each([
    ['-k a -K :', 2, /^error: -k and -K both set the key/],
    ['no-such-file', 2, /^error: no-such-file cannot be read/],
    ['-p 99', 1, /^error: .* has partitions 0 to 1, not 99/],
    ['-z bzip', 2, /^error: option '-z, --compression <codec>' argument 'bzip' is invalid/],
    ['--timestamp noon', 2, /^error: noon is not a time/],
    ['--rate fast', 2, /^error: --rate fast is not a number/],
  ])('%s is an error', async (args, exitCode, message) => {
    const name = await topicWith('');
    const { stdout, stderr, code } = await tskafka(`produce ${name} ${args}`, { input: 'x\n' });
    expect({ stdout, code }).toEqual({ stdout: '', code: exitCode });
    expect(stderr).toMatch(message);
  });

  it('brings through what is larger than the default of the library, and leaves it to the topic', async () => {
    const { name } = await broker.createTopic({ configs: { 'max.message.bytes': '4000000' } });
    const line = `${'x'.repeat(3_000_000)}\n`;
    expect((await tskafka(`produce ${name}`, { input: line })).code).toBe(0);
    expect((await tskafka(`consume ${name}`)).stdout).toBe(line);
    const { name: small } = await broker.createTopic();
    const { stderr, code } = await tskafka(`produce ${small}`, { input: line });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`\nhint: {2}tskafka configs describe topic ${small} shows max\\.message\\.bytes`));
  });

  it('says that lines end as on Windows, where the values would not', async () => {
    const { name } = await broker.createTopic();
    const { stderr } = await tskafka(`produce ${name}`, { input: 'a\r\nb\r\n' });
    expect(stderr).toContain("the lines end with CR LF, and the CR is part of the values: -D '\\r\\n' leaves it out\n");
    const cut = await tskafka(['produce', name, '-D', '\\r\\n'], { input: 'c\r\nd\r\n' });
    expect(cut.stderr).not.toContain('CR LF');
    expect((await tskafka(`consume ${name}`)).stdout).toBe('a\r\nb\r\nc\nd\n');
  });

  it('a message that is too large is an error, and the others are delivered', async () => {
    const { name } = await broker.createTopic({ configs: { 'max.message.bytes': '2000' } });
    const { stderr, code } = await tskafka(`produce ${name} --rate 20`, { input: `a\n${'x'.repeat(5000)}\nb\n` });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^produced 2 messages .*\n1 message failed, the first:\nerror: .*\n(cause: .*\n)?hint: {2}.*max\.message\.bytes/,
    );
    expect((await tskafka(`consume ${name}`)).stdout).toBe('a\nb\n');
  });
});
