import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, tskafka } from './tskafka.ts';

/** A topic of three partitions; each line is `partition time value`. */
async function topicOf(lines: readonly (readonly [partition: number, time: number, value: string])[], configs = {}): Promise<string> {
  const { name } = await broker.createTopic({ partitions: 3, configs });
  const input = lines
    .map(([partition, time, value]) => `${JSON.stringify({ partition, timestamp: 1795418150000 + time, key: value, value })}\n`)
    .join('');
  const { code, stderr } = await tskafka(`produce ${name} --json --keep-partitions`, { input });
  if (code !== 0) throw new Error(stderr);
  return name;
}

const nine = Array.from({ length: 9 }, (_, i) => [i % 3, i * 10, `m${i + 1}`] as const);

describe('tskafka tail', () => {
  it('prints the last messages of all partitions, in the order of their time', async () => {
    const name = await topicOf(nine);
    expect((await tskafka(`tail -n 4 ${name}`)).stdout).toBe('m6\nm7\nm8\nm9\n');
    expect((await tskafka(`tail -n 1 ${name}`)).stdout).toBe('m9\n');
    expect((await tskafka(`tail -n 0 ${name}`)).stdout).toBe('');
    expect((await tskafka(`tail -2 ${name}`)).stdout).toBe('m8\nm9\n');
  });

  it('ends with fewer where fewer are there', async () => {
    const name = await topicOf(nine);
    expect((await tskafka(`tail -n 50 ${name}`)).stdout.split('\n')).toHaveLength(10);
    const empty = await topicWith('');
    expect(await tskafka(`tail ${empty}`)).toEqual({ stdout: '', stderr: `there are no messages in ${empty}\n`, code: 0 });
    expect((await tskafka(`consume ${empty}`)).stderr).toBe(`${empty} is empty\n`);
  });

  it('breaks the order of no partition where times tie', async () => {
    const name = await topicOf(nine.map(([partition, , value]) => [partition, 0, value]));
    const { stdout } = await tskafka(['tail', '-n', '5', name, '--format', '%p/%o\\n']);
    for (const partition of ['0', '1', '2']) {
      const offsets = stdout.split('\n').filter((line) => line.startsWith(partition)).map((line) => Number(line.slice(2))); // prettier-ignore
      expect(offsets).toEqual([0, 1, 2].slice(3 - offsets.length));
    }
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
  });

  it('looks further back where the markers of transactions take offsets', async () => {
    const { name } = await broker.createTopic();
    for (const line of ['a', 'b', 'c', 'd']) await tskafka(`produce ${name} --transaction`, { input: `${line}\n` });
    expect((await tskafka(`tail -n 3 ${name}`)).stdout).toBe('b\nc\nd\n');
  });

  it('takes so many of each partition with --per-partition', async () => {
    const name = await topicOf(nine);
    expect((await tskafka(`tail -n 1 --per-partition ${name}`)).stdout).toBe('m7\nm8\nm9\n');
    expect((await tskafka(`tail -n 2 -p 1 ${name}`)).stdout).toBe('m5\nm8\n');
  });

  it('takes the newest of several topics', async () => {
    const one = await topicOf([[0, 10, 'a'], [0, 30, 'c']]); // prettier-ignore
    const two = await topicOf([[0, 20, 'b'], [1, 40, 'd']]); // prettier-ignore
    expect((await tskafka(`tail -n 3 ${one} ${two}`)).stdout).toBe('b\nc\nd\n');
  });

  it('follows without gap or repeat', async () => {
    const name = await topicOf(nine);
    let sent: Promise<unknown> | undefined;
    const { stdout, code } = await tskafka(`tail -f -n 2 ${name}`, {
      onOutput: (sofar, kill) => {
        if (sofar.includes('m9\n')) sent ??= tskafka(`produce ${name} -p 1`, { input: 'x\ny\n' });
        if (sofar.includes('y\n')) kill('SIGINT');
      },
    });
    expect({ stdout, code }).toEqual({ stdout: 'm8\nm9\nx\ny\n', code: 130 });
    await sent;
  });
});
