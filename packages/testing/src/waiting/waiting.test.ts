import { apis } from '@tskafka/core/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { batchOf, fetch } from '../test-requests.ts';

const soon = { timeoutMs: 20 };

async function produce(cluster: MockCluster, values: readonly string[]): Promise<void> {
  const client = await connect(cluster, cluster.topic('orders').partition(0).leader, 'service');
  const partitionData = [{ index: 0, records: batchOf(values) }];
  await client.send(apis.produce, 9, { acks: -1, timeoutMs: 1000, topicData: [{ name: 'orders', partitionData }] });
  client.close();
}

describe('waitForRecords', () => {
  it('gives what is there already', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.topic('orders').append('a', 'b');
    expect((await cluster.topic('orders').waitForRecords(1)).map(({ value }) => String(value))).toEqual(['a', 'b']);
  });

  it('gives what comes, once enough of it matches', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 2 } });
    const isA = ({ value }: { value: Buffer | null }): boolean => String(value).startsWith('a');
    const waiting = cluster.topic('orders').waitForRecords(2, { where: isA, partition: 0 });
    cluster.topic('orders').append('a1', { value: 'a2', partition: 1 }, 'b');
    await produce(cluster, ['b', 'a3']);
    expect((await waiting).map(({ value }) => String(value))).toEqual(['a1', 'a3']);
  });

  it('says what is there instead, and which requests came', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 2 } });
    await produce(cluster, ['v'.repeat(100)]);
    cluster.topic('orders').append({ partition: 1, key: Buffer.from([0xff, 0]), value: null, headers: { trace: '7' } });
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
    await produce(cluster, ['lost']);
    await expect(cluster.topic('orders').waitForRecords(3, soon)).rejects.toThrow(
      `after 20 ms: 2 of 3 expected records have arrived. 'orders' holds 2:
  0@0 null -> "${'v'.repeat(60)}…"
  1@0 0xff00 -> null {trace: "7"}
The newest requests:
  Produce v9 of service to broker 1: no error
  Produce v9 of service to broker 1: NOT_ENOUGH_REPLICAS`,
    );
  });

  it('tells of heartbeats and of polls that got nothing only where there is nothing else, or something wrong', async () => {
    await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster, 1, 'service');
    const told = async (): Promise<string> => {
      const error = (await cluster
        .topic('orders')
        .waitForRecords(1, soon)
        .catch((reason: unknown) => reason)) as Error;
      return error.message.split('\n').slice(1).join('\n');
    };
    await fetch(client, 'orders', 0);
    expect(await told()).toBe('The newest requests:\n  Fetch v12 of service to broker 1: no error');
    await client.send(apis.findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
    for (let i = 0; i < 10; i++) await fetch(client, 'orders', 0);
    await client.send(apis.heartbeat, 4, { groupId: 'g', generationId: 1, memberId: 'm' });
    expect(await told()).toBe(
      'The newest requests:\n  FindCoordinator v4 of service to broker 1: no error\n  Heartbeat v4 of service to broker 1: UNKNOWN_MEMBER_ID',
    );
  });

  it('says that nothing is there at all', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await expect(cluster.topic('orders').waitForRecords(1, soon)).rejects.toThrow(
      "0 of 1 expected records have arrived. 'orders' is empty.\nNo client has sent a request.",
    );
  });

  it('names at most eight records', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.topic('orders').append(...Array.from({ length: 10 }, (_, i) => `${i}`));
    await expect(cluster.topic('orders').waitForRecords(11, soon)).rejects.toThrow('0@7 null -> "7"\n  … and 2 records more\n');
  });

  it('ends with its signal, and with what the condition throws', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const topic = cluster.topic('orders');
    await expect(topic.waitForRecords(1, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const leaving = new AbortController();
    const waiting = topic.waitForRecords(1, { signal: leaving.signal });
    leaving.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const refused = topic.waitForRecords(1, { where: () => JSON.parse('{') as boolean });
    topic.append('a');
    await expect(refused).rejects.toThrow(SyntaxError);
  });

  it('knows the topic when it is asked for it', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    expect(() => cluster.topic('order')).toThrow("the cluster has no topic 'order'; it has orders");
  });
});

describe('waitForTopic', () => {
  it('gives a topic that is there, and one that comes', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    expect((await cluster.waitForTopic('orders')).name).toBe('orders');
    const waiting = cluster.waitForTopic('later');
    cluster.createTopic('later');
    expect((await waiting).name).toBe('later');
  });

  it('says which are there', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await expect(cluster.waitForTopic('order', soon)).rejects.toThrow("there is no topic 'order'; there are orders.");
  });
});

describe('a request that is waited for', () => {
  it('is the next one, not one that came before', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await produce(cluster, ['a']);
    const next = cluster.nextRequest('Produce');
    await produce(cluster, ['b']);
    expect((await next).request.topicData[0]!.partitionData[0]!.records).toHaveLength(batchOf(['b']).length);
    expect(cluster.requests({ api: 'Produce' })).toHaveLength(2);
  });

  it('says which came instead', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await produce(cluster, ['a']);
    const never = cluster.nextRequest('Fetch', soon);
    await expect(never).rejects.toThrow('after 20 ms: no Fetch request came.\nThe newest requests:\n  Produce v9 of service');
    await expect(cluster.hold('Fetch').held(soon)).rejects.toThrow("no request came for 'hold Fetch'.");
  });
});

describe('faults that never fired', () => {
  it('are named', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
    cluster.dropResponse('Fetch').stop();
    cluster.throttle(10);
    await produce(cluster, ['a']);
    expect(() => cluster.assertFaultsFired()).toThrow("'drop the answer to Fetch' never happened.\nThe newest requests:\n  Produce v9");
  });

  it('are none when all have struck', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
    await produce(cluster, ['a']);
    cluster.assertFaultsFired();
  });
});

describe('on a busy machine', () => {
  it('a wait does not end because its process was held up', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const waiting = cluster.topic('orders').waitForRecords(1, { timeoutMs: 200 });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve))); // behind the timers that are due
    cluster.topic('orders').append('a');
    expect(await waiting).toHaveLength(1);
  });
});

describe('with the test’s timers standing still', () => {
  afterEach(() => void vi.useRealTimers());

  it('a wait still ends, and says why', async () => {
    vi.useFakeTimers();
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await expect(cluster.topic('orders').waitForRecords(1, soon)).rejects.toThrow('after 20 ms: 0 of 1 expected records');
  });
});
