import { beforeAll, describe, expect, it } from 'vitest';
import { append, serve, valuesOf } from './cluster.ts';
import { environment, runPython } from './python.ts';

beforeAll(async () => void (await environment()));

const compressions = ['none', 'gzip', 'lz4', 'zstd'];

describe.concurrent('confluent-kafka', () => {
  it.each(compressions)('produces in %s, idempotent', async (compression) => {
    await using served = await serve({ topics: { orders: 1 } });
    expect(await runPython('confluent.py', ['produce', served.bootstrap, 'orders', compression])).toEqual([0]);
    expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
  });

  it('reads a partition', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b', 'c');
    expect(await runPython('confluent.py', ['read', served.bootstrap, 'orders', '3'])).toEqual([['a', 'b', 'c']]);
  });

  it('administers topics', async () => {
    await using served = await serve();
    expect(await runPython('confluent.py', ['admin', served.bootstrap])).toEqual([3, 'compact', []]);
  });
});

describe.concurrent('confluent-kafka in a group', () => {
  it.each(['classic', 'consumer'])('consumes and commits: %s', async (protocol) => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b', 'c');
    expect(await runPython('confluent.py', ['consume', served.bootstrap, 'orders', protocol, '3'])).toEqual([['a', 'b', 'c']]);
    expect(served.cluster.group('group').committed('orders', 0)).toBe(3);
  });
});

describe.concurrent('confluent-kafka in transactions', () => {
  it('commits, aborts and is fenced, and reads what is committed', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    expect(await runPython('confluent.py', ['transact', served.bootstrap, 'orders'])).toEqual([['_FENCED', true]]);
    expect(served.cluster.group('group').committed('orders', 0)).toBe(7);
    const read = (isolation: string) => runPython('confluent.py', ['read_isolated', served.bootstrap, 'orders', isolation]);
    expect(await read('read_committed')).toEqual([[['committed'], '_PARTITION_EOF']]);
    expect(await read('read_uncommitted')).toEqual([[['committed', 'aborted', 'fenced'], '_PARTITION_EOF']]);
  });
});

describe.concurrent('kafka-python', () => {
  it.each(['none', 'gzip'])('produces in %s, idempotent', async (compression) => {
    await using served = await serve({ topics: { orders: 1 } });
    expect(await runPython('kafka_python.py', ['produce', served.bootstrap, 'orders', compression])).toEqual([1]);
    expect(valuesOf(served, 'orders')).toEqual(['a', 'b']);
  });

  it('reads a partition', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b', 'c');
    expect(await runPython('kafka_python.py', ['read', served.bootstrap, 'orders', '3'])).toEqual([['a', 'b', 'c']]);
  });

  it('administers topics', async () => {
    await using served = await serve();
    expect(await runPython('kafka_python.py', ['admin', served.bootstrap])).toEqual([3, []]);
  });

  it('consumes in a group and commits', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b', 'c');
    expect(await runPython('kafka_python.py', ['consume', served.bootstrap, 'orders', '3'])).toEqual([['a', 'b', 'c']]);
    expect(served.cluster.group('group').committed('orders', 0)).toBe(3);
  });

  it('commits, aborts and is fenced in transactions, and reads what is committed', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    expect(await runPython('kafka_python.py', ['transact', served.bootstrap, 'orders'])).toEqual(['ProducerFencedError']);
    expect(served.cluster.group('group').committed('orders', 0)).toBe(7);
    expect(await runPython('kafka_python.py', ['read_committed', served.bootstrap, 'orders'])).toEqual([['committed']]);
  });
});
