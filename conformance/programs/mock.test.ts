import { KafkaClient } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
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

  it.each([
    [['--topic', 'orders:none'], "'orders:none' is no topic: it reads like orders or orders:3"],
    [['--port', 'here'], 'here'],
    [['--ports', '1'], '--ports'],
  ])('refuses %j in a line', async (args, message) => {
    const { stderr, stdout, code } = await run(program, [...command, ...args]);
    expect({ stdout, wrong: code !== 0 }).toEqual({ stdout: '', wrong: true });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
