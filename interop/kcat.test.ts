import { expect, it } from 'vitest';
import { runOrThrow } from '../tools/real-kafka/programs.ts';
import { append, serve, type Served, valuesOf } from './cluster.ts';

/** Debian's kcat: an old librdkafka. */
const kcat = ({ bootstrap }: Served, args: readonly string[], input = ''): Promise<string> =>
  runOrThrow('kcat', ['-b', bootstrap, ...args], { input, timeoutMs: 240_000 });

it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces in %s and reads it back', async (compression) => {
  await using served = await serve({ topics: { orders: 1 } });
  await kcat(served, ['-P', '-t', 'orders', '-z', compression, '-K', ':', '-H', 'h=1', '-X', 'enable.idempotence=true'], 'k:a\nl:b\n');
  expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
  expect(await kcat(served, ['-C', '-t', 'orders', '-e', '-q', '-f', '%k=%s %h %o\n'])).toBe('k=a h=1 0\nl=b h=1 1\n');
});

it('lists the metadata', async () => {
  await using served = await serve({ topics: { orders: 2 } });
  const { brokers, topics } = JSON.parse(await kcat(served, ['-L', '-J'])) as {
    brokers: unknown[];
    topics: { topic: string; partitions: unknown[] }[];
  };
  expect([brokers.length, topics.length, topics[0]!.topic, topics[0]!.partitions.length]).toEqual([3, 1, 'orders', 2]);
});

it('asks for an offset by time', async () => {
  await using served = await serve({ topics: { orders: 1 } });
  for (const timestamp of [1000, 2000, 3000]) served.cluster.topic('orders').append({ value: 'x', timestamp });
  expect(await kcat(served, ['-Q', '-t', 'orders:0:1500'])).toContain('offset 1');
});

it('consumes in a group', async () => {
  await using served = await serve({ topics: { orders: 2 } });
  append(served, 'orders', 'a', 'b', 'c');
  const read = ['-G', 'group', '-X', 'auto.offset.reset=earliest', '-c', '3', '-q', 'orders'];
  expect((await kcat(served, read)).trim().split('\n').sort()).toEqual(['a', 'b', 'c']);
});
