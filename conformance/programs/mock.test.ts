import { KafkaClient, listGroups } from '@tskafka/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from './run.ts';

describe.each([
  ['npx @tskafka/testing', 'packages/testing/dist/main.js', []],
  ['tskafka mock', 'packages/cli/dist/main.js', ['mock']],
])('%s', (_name, program, command) => {
  it('serves a cluster until it is interrupted, and prints where', async () => {
    let asked: Promise<string[]> | undefined;
    const ask = async (brokers: string, end: () => void): Promise<string[]> => {
      try {
        await using client = await KafkaClient.connect({ brokers });
        expect(client.brokers).toHaveLength(2);
        return await client.topics();
      } finally {
        end();
      }
    };
    const { stdout, code } = await run(program, [...command, '--nodes', '2', '--topic', 'orders:3', '--topic', 'logs'], {
      onOutput: (text, kill) => {
        if (text.endsWith('\n')) asked ??= ask(text.trim(), () => kill('SIGINT'));
      },
    });
    expect(stdout).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\n$/);
    expect((await asked)!.sort()).toEqual(['logs', 'orders']);
    expect([0, 130]).toContain(code);
  });

  it('has logins, messages and faults from the start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mock-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const seed = join(folder, 'seed.jsonl');
    const lines = [
      { topic: 'orders', partition: 1, offset: 9, timestamp: 1000, key: 'k', value: 'first', headers: [['h', null]] },
      { topic: 'orders', partition: 1, key: null, value: '/w==', valueEncoding: 'base64' },
    ];
    await writeFile(seed, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    let asked: Promise<unknown> | undefined;
    const ask = async (brokers: string, end: () => void): Promise<unknown> => {
      try {
        const refused = await KafkaClient.connect({ brokers, sasl: { mechanism: 'plain', username: 'alice', password: 'wrong' } }).catch((error: Error) => error.name); // prettier-ignore
        await using client = await KafkaClient.connect({
          brokers,
          sasl: { mechanism: 'scram-sha-512', username: 'bob', password: 'b:c' },
        });
        const groups = await listGroups(client).catch((error: { errorName: string }) => error.errorName);
        return { refused, groups, ends: [...(await client.topic('orders').offsets('latest'))] };
      } finally {
        end();
      }
    };
    const options = ['--sasl', 'plain:alice:secret', '--sasl', 'scram-sha-512:bob:b:c', '--seed', seed, '--topic', 'orders:1'];
    const { code, stderr } = await run(
      program,
      [...command, '--nodes', '1', ...options, '--fault', 'ListGroups CLUSTER_AUTHORIZATION_FAILED'],
      {
        onOutput: (text, kill) => {
          if (text.endsWith('\n')) asked ??= ask(text.trim(), () => kill('SIGINT'));
        },
      },
    );
    expect(stderr).not.toContain('error:');
    expect(await asked).toEqual({
      refused: 'AuthenticationError',
      groups: 'CLUSTER_AUTHORIZATION_FAILED',
      ends: [[0, 0], [1, 2]], // prettier-ignore
    });
    expect([0, 130]).toContain(code);
  });

  it.each([
    [['--sasl', 'plain:alice'], 'write it like plain:USER:PASSWORD'],
    [['--fault', 'Produce 5%'], "no error '5%'"],
    [['--fault', 'Produce drop 200%'], 'write it like Produce NOT_LEADER_OR_FOLLOWER 5%'],
    [['--seed', '/no/such/file'], '/no/such/file'],
    [['--host', '192.0.2.1'], '192.0.2.1'],
    [['--topic', 'orders:none'], "'orders:none' is not a topic: write it like orders, or orders:3"],
    [['--port', 'here'], 'here'],
    [['--ports', '1'], '--ports'],
  ])('refuses %j in a line', async (args, message) => {
    const { stderr, stdout, code } = await run(program, [...command, ...args]);
    expect({ stdout, wrong: code !== 0 }).toEqual({ stdout: '', wrong: true });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});

describe('tskafka mock -- command', () => {
  const node = (program: string): string[] => ['mock', '--topic', 'orders:2', '--', process.execPath, '-e', program];
  const tskafka = (args: readonly string[]) => run('packages/cli/dist/main.js', args, { env: { TSKAFKA_HOME: '/nowhere' } });

  it('runs it with the cluster in its environment, and ends as it ends', async () => {
    const { stdout, stderr, code } = await tskafka(
      node('console.log(process.env.KAFKA_BROKERS, process.env.TSKAFKA_BROKERS); process.exit(7)'),
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 7 });
    expect(stdout).toMatch(/^(127\.0\.0\.1:\d+(,127\.0\.0\.1:\d+)+) \1\n$/);
  });

  it('with --sasl gives the command a login, and with --host tells clients to come there', async () => {
    const inner = [process.execPath, 'packages/cli/dist/main.js', 'topics', '--tsv'];
    const { stdout, stderr, code } = await tskafka(['mock', '--sasl', 'scram-sha-256:alice:secret', '--host', 'localhost', '--topic', 'orders:2', '--', ...inner]); // prettier-ignore
    expect({ stdout, code }).toMatchObject({ stdout: expect.stringMatching(/^orders\t2\t/) as string, code: 0 });
    expect(stderr).toBe('');
  });

  it('takes a command with options of its own, which finds the cluster', async () => {
    const { stdout, code } = await tskafka([
      'mock',
      '--',
      process.execPath,
      'packages/cli/dist/main.js',
      'produce',
      'made',
      '--create',
      '--output',
      'tsv',
      '-k',
      'x',
      'package.json',
      '--whole',
    ]);
    expect({ stdout, code }).toMatchObject({ stdout: expect.stringMatching(/^\d\t0\n$/) as string, code: 0 });
  });

  it.each([
    [['mock', '--', '/no/such/program'], 127, /^error: \/no\/such\/program cannot be run\ncause: .*ENOENT/],
    [['mock', '--', process.execPath, '-e', 'process.kill(process.pid)'], 143, /^$/],
    [['mock', '--port', '99999'], 2, /^error: --port 99999 is not a port\n/],
  ])('%j', async (args, exitCode, message) => {
    const { stdout, stderr, code } = await tskafka(args);
    expect({ stdout, code }).toEqual({ stdout: '', code: exitCode });
    expect(stderr).toMatch(message);
  });
});
