import { KafkaClient, Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { kafkaVersion } from '../tools/real-kafka/version.ts';
import { runTool } from '../tools/real-kafka/tool.ts';
import { append, numbered, serve, type Served, valuesOf } from './cluster.ts';

/** Java's transactions, by the tool of Kafka's system tests that copies a topic in them. It reads what is committed. */

function copy({ bootstrap }: Served, ...args: string[]) {
  const names = ['--input-topic', 'input', '--output-topic', 'output', '--consumer-group', 'group', '--transactional-id', 'copier'];
  const tool = ['--broker-list', bootstrap, '--input-partition', '0', ...names, ...args];
  return runTool(kafkaVersion, 'TransactionalMessageCopier', tool, { timeoutMs: 240_000 });
}

const ends = ({ cluster }: Served): boolean[] => cluster.requests({ api: 'EndTxn' }).map(({ request }) => request.committed);

describe.concurrent('TransactionalMessageCopier', () => {
  it('copies what was committed, and commits where it is', async () => {
    await using served = await serve({ topics: { input: 1, output: 1 } });
    await using client = await KafkaClient.connect({ brokers: served.brokers });
    await using producer = await Producer.start(client, { transactionalId: 'input' });
    for (const outcome of ['commit', 'abort', 'commit'] as const) {
      const transaction = await producer.transaction();
      await transaction.sendBatch(numbered(outcome, 5).map((value) => ({ topic: 'input', partition: 0, value })));
      await transaction[outcome]();
    }
    const { code, stderr } = await copy(served, '--max-messages', '10', '--transaction-size', '4');
    expect(code, stderr).toBe(0);
    expect(valuesOf(served, 'output')).toEqual([...numbered('commit', 5), ...numbered('commit', 5)]);
    expect(served.cluster.group('group').lag()).toMatchObject([{ topic: 'input', lag: 0 }]);
    expect(ends(served).slice(-3)).toEqual([true, true, true]);
  });

  it('as a member of a group, aborting by chance: nothing is lost or doubled', async () => {
    await using served = await serve({ topics: { input: 1, output: 1 } });
    append(served, 'input', ...numbered('message', 60));
    const { code, stderr } = await copy(
      served,
      '--group-mode',
      '--use-group-metadata',
      '--enable-random-aborts',
      '--transaction-size',
      '1',
    );
    expect(code, stderr).toBe(0);
    expect(valuesOf(served, 'output')).toEqual(numbered('message', 60));
    expect(served.cluster.group('group').committed('input', 0)).toBe(60);
    expect(new Set(ends(served))).toEqual(new Set([true, false]));
  });

  it('is fenced by another of its transactional id, and what it has not committed is aborted', async () => {
    await using served = await serve({ topics: { input: 1, output: 1 } });
    append(served, 'input', ...numbered('message', 6));
    let transactions = 0;
    served.cluster.intercept('EndTxn', (call) => {
      if (++transactions === 2) served.cluster.transaction('copier').fence();
      return call.pass();
    });
    const { code, stderr } = await copy(served, '--transaction-size', '2');
    expect(code).toBe(1);
    expect(stderr).toContain('The transactional.id copier has been claimed by another process');
    expect(valuesOf(served, 'output')).toEqual(numbered('message', 2));
    expect(served.cluster.group('group').committed('input', 0)).toBe(2);
  });
});
