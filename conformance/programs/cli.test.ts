import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { type Finished, run, type RunOptions } from './run.ts';

describe('tskafka', () => {
  let brokers: string;
  let last: Finished | undefined;

  beforeAll(async () => {
    brokers = await broker.overTcp();
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(last);
  });

  /** Runs the command with the brokers in the environment. */
  async function tskafka(args: string, options: RunOptions = {}): Promise<Finished> {
    last = await run('packages/cli/dist/main.js', args.split(' '), { ...options, env: { TSKAFKA_BROKERS: brokers, ...options.env } });
    return last;
  }

  async function topicWith(lines: string, args = ''): Promise<string> {
    const { name } = await broker.createTopic({ partitions: 2 });
    const { code } = await tskafka(`produce ${name} -p 0${args}`, { input: lines });
    expect(code).toBe(0);
    return name;
  }

  it('produces a message for each line, and says how many', async () => {
    const { name } = await broker.createTopic();
    const { stdout, stderr, code } = await tskafka(`produce ${name}`, { input: 'a\nb\nc\n' });
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(stderr).toMatch(new RegExp(`^produced 3 messages to ${name} in \\d+\\.\\d s\n$`));
    expect((await tskafka(`consume ${name}`)).stdout).toBe('a\nb\nc\n');
  });

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('brings bytes through unchanged with %s', async (codec) => {
    const { name } = await broker.createTopic();
    const bytes = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff).filter((byte) => byte !== 0x0a));
    await tskafka(`produce ${name} -z ${codec}`, { input: bytes });
    const { stdout } = await tskafka(`consume ${name} --json`);
    const { value, valueEncoding } = JSON.parse(stdout) as { value: string; valueEncoding: string };
    expect(valueEncoding).toBe('base64');
    expect(Buffer.from(value, 'base64').equals(bytes)).toBe(true);
  });

  it('takes keys, headers and nulls, and prints them as JSON', async () => {
    const { name } = await broker.createTopic();
    await tskafka(`produce ${name} -K : -Z -H h=1 -H h`, { input: 'k:v\nk:\n' });
    const { stdout } = await tskafka(`consume ${name} --json`);
    const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
    const headers = [['h', '1'], ['h', null]]; // prettier-ignore
    expect(lines).toEqual([
      expect.objectContaining({ topic: name, partition: 0, offset: 0, key: 'k', value: 'v', headers }),
      expect.objectContaining({ topic: name, partition: 0, offset: 1, key: 'k', value: null, headers }),
    ]);
  });

  it.each([
    ['-o beginning', '0\n1\n2\n3\n4\n'],
    ['-o 3', '3\n4\n'],
    ['-o -2', '3\n4\n'],
    ['-o -200', '0\n1\n2\n3\n4\n'],
    ['-o end', ''],
    ['-o beginning -c 2', '0\n1\n'],
    ['-o beginning -p 1', ''],
  ])('consume %s begins there, and ends', async (args, expected) => {
    const name = await topicWith('0\n1\n2\n3\n4\n');
    const { stdout, code } = await tskafka(`consume ${name} -p 0 ${args}`);
    expect({ stdout, code }).toEqual({ stdout: expected, code: 0 });
  });

  it('consume -G begins behind what the group has committed', async () => {
    const name = await topicWith('0\n1\n2\n');
    const group = broker.freshName('group');
    expect((await tskafka(`consume ${name} -G ${group} -c 2`)).stdout).toBe('0\n1\n');
    expect((await tskafka(`consume ${name} -G ${group}`)).stdout).toBe('2\n');
  });

  it('tail -n prints the last messages of all partitions, and ends with fewer too', async () => {
    const name = await topicWith('0\n1\n2\n3\n4\n');
    expect((await tskafka(`tail -n 2 ${name}`)).stdout).toBe('3\n4\n');
    expect((await tskafka(`tail -n 50 ${name}`)).stdout).toBe('0\n1\n2\n3\n4\n');
  });

  it('topics lists what is there', async () => {
    const name = await topicWith('0\n1\n2\n');
    const { stdout } = await tskafka('topics --json');
    const rows = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { topic: string }); // prettier-ignore
    expect(rows.find(({ topic }) => topic === name)).toEqual({ topic: name, partitions: 2, replicas: 1, messages: 3 });
  });

  it('groups, lag and group delete show how far a group has come, and do nothing without --execute', async () => {
    const topic = await topicWith('0\n1\n2\n');
    const group = broker.freshName('group');
    await tskafka(`consume ${topic} -G ${group}`);
    await tskafka(`produce ${topic} -p 0`, { input: '3\n' });
    expect((await tskafka('groups')).stdout).toMatch(new RegExp(`^${group} +classic +Empty$`, 'm'));
    const { stdout, stderr } = await tskafka(`lag ${group} --json`);
    expect(JSON.parse(stdout.split('\n')[0]!)).toEqual({ topic, partition: 0, committed: 3, end: 4, lag: 1 });
    expect(stderr).toMatch(/ in all\n$/);
    const plan = await tskafka(`group delete ${group}`);
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${group} +planned$`, 'm')) as string });
    expect(plan.stderr).toBe(`plan only, nothing was changed: it would delete ${group}\nadd --execute to do it\n`);
    expect((await tskafka(`group delete ${group} --execute`)).stdout).toMatch(new RegExp(`^${group} +done$`, 'm'));
    expect((await tskafka(`lag ${group}`)).stderr).toBe(`${group} has committed nothing\n`);
    expect((await tskafka(`group delete ${group} --execute`)).code).not.toBe(0);
  });

  it('S7: ends quietly when its reader has seen enough', async () => {
    const name = await topicWith('x'.repeat(500).concat('\n').repeat(2000));
    const { stderr, code } = await tskafka(`consume ${name}`, { closeOutput: true });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('S7: follows until SIGINT, and ends with 130', async () => {
    const name = await topicWith('0\n');
    const { stdout, stderr, code } = await tskafka(`consume ${name} --follow`, {
      onOutput: (sofar, kill) => {
        if (sofar === '0\n') kill('SIGINT');
      },
    });
    expect({ stdout, stderr, code }).toEqual({ stdout: '0\n', stderr: '', code: 130 });
  });

  it.each([
    ['an unknown topic', 'consume no-such-topic', 1, /^error: topic no-such-topic does not exist\nhint: {2}tskafka topics/],
    ['an unknown topic to produce to', 'produce no-such-topic', 1, /error: topic no-such-topic does not exist/],
    ['an unknown option', 'consume x --ofset 3', 2, /^error: unknown option '--ofset'\nhint: {2}did you mean --offset\?/],
    ['an unknown command', 'consum x', 2, /^error: unknown command 'consum'\nhint: {2}did you mean consume\?/],
    ['a place that is none', 'consume x -o yesterdya', 2, /^error: -o yesterdya is not an offset\nhint: {2}forms: beginning/],
    ['a missing password', 'topics --sasl plain --user me', 2, /^error: me needs a password\nhint: {2}put it into TSKAFKA_SASL_PASSWORD/],
    ['a missing user', 'topics --sasl plain', 2, /^error: --sasl plain needs --user/],
    [
      'a dead broker',
      'topics -b 127.0.0.1:1 --timeout 0.3',
      4,
      /^error: cannot reach Kafka at 127.0.0.1:1\ncause: nothing listens there .*\nhint: .*tskafka doctor/,
    ],
    ['an address that is none', 'topics -b [::1', 2, /^error: '\[::1' is not a broker's address/],
  ])('says in a line what is wrong: %s', async (_what, args, exitCode, message) => {
    const { stdout, stderr, code } = await tskafka(args, { input: 'x\n' });
    expect({ stdout, code }).toEqual({ stdout: '', code: exitCode });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
