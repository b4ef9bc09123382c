import { KafkaClient, Producer } from '@tskafka/producer';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { jsonLines, topicWith, tskafka } from './tskafka.ts';
import { within } from './within.ts';

describe('tskafka consume', () => {
  it.each([
    ['-o beginning', '0\n1\n2\n3\n4\n'],
    ['-o 3', '3\n4\n'],
    ['-o -2', '3\n4\n'],
    ['-o -200', '0\n1\n2\n3\n4\n'],
    ['-o +4', '4\n'],
    ['-o end', ''],
    ['-o end-1', '4\n'],
    ['-o 1..3', '1\n2\n'],
    ['-o ..2', '0\n1\n'],
    ['-o 1..end-2', '1\n2\n'],
    ['-o 3..99', '3\n4\n'],
    ['-o @2020-01-01..@now', '0\n1\n2\n3\n4\n'],
    ['-o @now', ''],
    ['-o beginning -c 2', '0\n1\n'],
    ['-o beginning -c 0', ''],
    ['-p 1', ''],
    ['-p 0-1 -o -1', '4\n'],
  ])('%s begins and ends there', async (args, expected) => {
    const name = await topicWith('0\n1\n2\n3\n4\n');
    const { stdout, code } = await tskafka(`consume ${name} ${args}`);
    expect({ stdout, code }).toEqual({ stdout: expected, code: 0 });
  });

  it('says why nothing is there', async () => {
    const name = await topicWith('0\n1\n');
    const { stderr } = await tskafka(`consume ${name} -o 2..`);
    expect(stderr).toBe(`nothing from 2 on: ${name}[0] holds offsets 0 to 2, ${name}[1] holds offsets 0 to 0\n`);
    expect((await tskafka(`consume ${name} --grep x`)).stderr).toBe('no message matches\n');
    expect((await tskafka(`consume ${name} -c 0`)).stderr).toBe('');
  });

  it.each([
    ['-o 9999', /^error: offset 9999 is past the end of .*\[0\] \(2\)\n/],
    ['-p 99', /^error: .* has partitions 0 to 1, not 99\n/],
  ])('%s is an error', async (args, message) => {
    const name = await topicWith('0\n1\n');
    const { stdout, stderr, code } = await tskafka(`consume ${name} ${args}`);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(message);
  });

  it('begins at the commits of a group, and commits with --commit only', async () => {
    const name = await topicWith('0\n1\n2\n');
    const group = broker.freshName('group');
    expect((await tskafka(`consume ${name} -G ${group} -c 2`)).stdout).toBe('0\n1\n');
    expect((await tskafka(`consume ${name} -G ${group} -c 2 --commit`)).stdout).toBe('0\n1\n');
    expect((await tskafka(`consume ${name} -G ${group} --commit`)).stdout).toBe('2\n');
    expect((await tskafka(`consume ${name} -G ${group} --commit`)).stdout).toBe('');
  });

  it('follows as a member of a group, commits what it printed at SIGINT, and leaves', async () => {
    const name = await topicWith('0\n1\n');
    const group = broker.freshName('group');
    const { stdout, code } = await tskafka(`consume ${name} --follow -G ${group} --commit`, {
      onOutput: (sofar, kill) => {
        if (sofar === '0\n1\n') kill('SIGINT');
      },
    });
    expect({ stdout, code }).toEqual({ stdout: '0\n1\n', code: 130 });
    const committed = jsonLines((await tskafka(`lag ${group} --json`)).stdout).find(
      ({ topic, partition }) => topic === name && partition === 0,
    );
    expect(committed).toMatchObject({ committed: 2, lag: 0 });
    expect((await tskafka('groups')).stdout).toMatch(new RegExp(`^${group} .*Empty`, 'm'));
  });

  it.each([
    [['--grep', '^b'], 'b\n'],
    [['--key', '1$'], 'a\n'],
    [['--header', 'h=2'], 'b\nc\n'],
    [['--where', 'key == "k1" || offset > 1'], 'a\nc\n'],
    [['--where', 'headers.h == "2" && value =~ /c/'], 'c\n'],
    [['--grep', '^b', '--invert'], 'a\nc\n'],
  ])('%j filters', async (args, expected) => {
    const name = await topicWith('k1:a\n', ' -K : -H h=1');
    await tskafka(`produce ${name} -p 0 -K : -H h=2`, { input: 'k2:b\nk3:c\n' });
    expect((await tskafka(['consume', name, ...args])).stdout).toBe(expected);
  });

  it("prints by kcat's format", async () => {
    const name = await topicWith('k:v\nk:\n', ' -K : -Z -H a=1 --timestamp 1795418150078');
    const { stdout } = await tskafka(['consume', name, '-f', '%t %p %o %k %K %s %S %T %h%%\\n']);
    expect(stdout).toBe(`${name} 0 0 k 1 v 1 1795418150078 a=1%\n${name} 0 1 k 1  -1 1795418150078 a=1%\n`);
  });

  it('prints lines, a list, and columns', async () => {
    const name = await topicWith('k:{"a": 1}\n', ' -K : --timestamp 1795418150078');
    const object = {
      topic: name,
      partition: 0,
      offset: 0,
      timestamp: 1795418150078,
      time: '2026-11-23T07:15:50.078Z',
      key: 'k',
      value: '{"a": 1}',
      headers: [],
    };
    expect((await tskafka(`consume ${name} --json`)).stdout).toBe(`${JSON.stringify(object)}\n`);
    expect(JSON.parse((await tskafka(`consume ${name} --output json`)).stdout)).toEqual([object]);
    expect(JSON.parse((await tskafka(`consume ${name} --output json -p 1`)).stdout)).toEqual([]);
    expect(JSON.parse((await tskafka(`consume ${name} --json --parse`)).stdout)).toEqual({ ...object, value: { a: 1 } });
    expect((await tskafka(`consume ${name} --tsv`)).stdout).toBe(`${name}\t0\t0\t1795418150078\tk\t{"a": 1}\n`);
    expect((await tskafka(`consume ${name} -k`)).stdout).toBe('k\t{"a": 1}\n');
  });

  it('orders all partitions by time', async () => {
    const { name } = await broker.createTopic({ partitions: 3 });
    for (const [line, partition, time] of [
      ['d', 0, 40],
      ['a', 1, 10],
      ['c', 2, 30],
      ['b', 1, 20],
    ] as const) {
      // prettier-ignore
      await tskafka(`produce ${name} -p ${partition} --timestamp 17954181500${time}`, { input: line });
    }
    expect((await tskafka(`consume ${name} --order time`)).stdout).toBe('a\nb\nc\nd\n');
  });

  it('reads several topics, also by a pattern', async () => {
    const [one, two] = [await topicWith('1\n'), await topicWith('2\n')];
    expect((await tskafka(`consume ${one} ${two}`)).stdout.split('\n').sort()).toEqual(['', '1', '2']);
    expect((await tskafka(['consume', `${one}|${two}`, '--regex'])).stdout.split('\n').sort()).toEqual(['', '1', '2']);
  });

  it('writes a file', async () => {
    const name = await topicWith('0\n1\n');
    const folder = mkdtempSync(join(tmpdir(), 'tskafka-'));
    const { stdout } = await tskafka(`consume ${name} -O ${folder}/out`);
    expect({ stdout, file: readFileSync(join(folder, 'out'), 'utf8') }).toEqual({ stdout: '', file: '0\n1\n' });
    expect((await tskafka(`consume ${name} -O ${folder}/no/out`)).code).toBe(1);
    // A slip does not cost what was fetched before.
    expect((await tskafka(`consume ${name}_ -O ${folder}/out`)).code).toBe(1);
    expect(readFileSync(`${folder}/out`, 'utf8')).not.toBe('');
    rmSync(folder, { recursive: true });
  });

  it('ends behind the last message of a topic that somebody writes to meanwhile', async () => {
    const name = await topicWith('x\n'.repeat(1000));
    await using client = await KafkaClient.connect({ brokers: await broker.overTcp() });
    await using producer = await Producer.start(client);
    let hasEnded = false;
    const reading = tskafka(`consume ${name} -p 0`).finally(() => (hasEnded = true));
    while (!hasEnded) await producer.send({ topic: name, partition: 0, value: 'y' });
    const { stdout, code } = await reading;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(x\n){1000}(y\n)*$/);
  });

  it('ends behind the marker of a transaction, and hides what was not committed', async () => {
    const { name } = await broker.createTopic();
    expect((await tskafka(`produce ${name} --transaction`, { input: 'a\nb\n' })).code).toBe(0);
    expect((await tskafka(`consume ${name}`)).stdout).toBe('a\nb\n');
    expect((await tskafka(`tail -n 1 ${name}`)).stdout).toBe('b\n');
  });

  it('creates neither topic nor group by reading', async () => {
    const name = await topicWith('0\n');
    const group = broker.freshName('group');
    const topic = broker.freshName('nope');
    await tskafka(`consume ${topic}`);
    await tskafka(`tail ${topic}`);
    await tskafka(`consume ${name} -G ${group}`);
    expect((await tskafka('topics')).stdout).not.toContain(topic);
    expect((await tskafka('groups')).stdout).not.toContain(group);
  });

  it('S7: ends quietly when its reader has seen enough', async () => {
    const name = await topicWith('x'.repeat(500).concat('\n').repeat(2000));
    const { stderr, code } = await tskafka(`consume ${name}`, { closeOutput: true });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('S7: follows until %s, and ends with %i', async (signal, exitCode) => {
    const name = await topicWith('0\n');
    const { stdout, stderr, code } = await tskafka(`consume ${name} --follow`, {
      onOutput: (sofar, kill) => {
        if (sofar === '0\n') kill(signal);
      },
    });
    expect({ stdout, stderr, code }).toEqual({ stdout: '0\n', stderr: '', code: exitCode });
  });

  it('ends with 3 when --count was not reached within --timeout', async () => {
    const name = await topicWith('0\n');
    const follow = (ms: number) => tskafka(`consume ${name} --follow -c 2 --timeout ${ms}ms`);
    let ended = await follow(300);
    // Not even the one that is there was read: too little time for this machine.
    for (let ms = 600; ended.stdout === ''; ms *= 2) ended = await follow(ms);
    expect(ended).toMatchObject({ stdout: '0\n', code: 3 });
  });

  it('reads eleven messages and ends within 200 ms', async () => {
    const name = await topicWith('x\n'.repeat(11));
    const { stdout } = await within(200, () => tskafka(`consume ${name}`));
    expect(stdout).toBe('x\n'.repeat(11));
  });

  it('brings a hundred thousand lines through in their order', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join('');
    const name = await topicWith(lines);
    const { stdout } = await tskafka(`consume ${name}`);
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(digest(stdout)).toBe(digest(lines));
  });
});
