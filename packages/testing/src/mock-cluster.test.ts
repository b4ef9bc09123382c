import { apis } from '@tskafka/core/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { connect } from './test-client.ts';
import { batchOf, fetch, produce, valuesOf } from './test-requests.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('a cluster in memory', () => {
  it('fetches what was produced', async () => {
    const client = await connect(await MockCluster.start({ brokers: 1, topics: { orders: 1 } }));
    expect(await produce(client, 'orders', batchOf(['a', 'b']))).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await produce(client, 'orders', batchOf(['c']))).toMatchObject({ errorCode: 0, baseOffset: 2 });
    const fetched = await fetch(client, 'orders', 0);
    expect(fetched).toMatchObject({ errorCode: 0, highWatermark: 3, logStartOffset: 0 });
    expect(valuesOf(fetched)).toEqual(['a', 'b', 'c']);
  });

  it('has nothing to do with any other', async () => {
    const clusters = await Promise.all(Array.from({ length: 50 }, () => MockCluster.start({ topics: { orders: 1 } })));
    for (const [i, cluster] of clusters.entries()) await produce(await connect(cluster), 'orders', batchOf([`${i}`]));
    const held = clusters.map((cluster) =>
      cluster
        .topic('orders')
        .records()
        .map(({ value }) => String(value)),
    );
    expect(held).toEqual(clusters.map((_, i) => [`${i}`]));
    expect(new Set(clusters.map(({ clusterId }) => clusterId)).size).toBe(50);
    await Promise.all(clusters.map((cluster) => cluster.close()));
  });

  it('has three brokers, and three replicas of each partition, unless told otherwise', async () => {
    const cluster = await MockCluster.start({ topics: { orders: 3 } });
    expect(cluster.brokers).toEqual(['mock-1:9092', 'mock-2:9092', 'mock-3:9092']);
    expect([0, 1, 2].map((partition) => cluster.topic('orders').partition(partition).leader)).toEqual([1, 2, 3]);
    expect(cluster.topic('orders').partition(0).replicas).toHaveLength(3);
  });

  it('tells racks and ids as they were asked for', async () => {
    const cluster = await MockCluster.start({ brokers: [{ id: 0 }, { id: 7 }], racks: ['a', 'b'] });
    const { brokers } = await (await connect(cluster, 7)).send(apis.metadata, 12, { topics: [] });
    expect(brokers).toEqual([
      { nodeId: 0, host: 'mock-0', port: 9092, rack: 'a' },
      { nodeId: 7, host: 'mock-7', port: 9092, rack: 'b' },
    ]);
  });

  it('sends a producer of another broker’s partition there (KIP-951)', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    const client = await connect(cluster, 2);
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a']) }] }];
    const { responses, nodeEndpoints } = await client.send(apis.produce, 10, { acks: -1, timeoutMs: 1, topicData });
    expect(responses[0]!.partitionResponses[0]).toMatchObject({ errorCode: 6, currentLeader: { leaderId: 1, leaderEpoch: 0 } });
    expect(nodeEndpoints).toEqual([{ nodeId: 1, host: 'mock-1', port: 9092, rack: null }]);
  });

  it('passes for an older release', async () => {
    const client = await connect(await MockCluster.start({ kafkaVersion: '2.4' }));
    const { apiKeys } = await client.send(apis.apiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
    expect(apiKeys.find(({ apiKey }) => apiKey === apis.fetch.key)).toMatchObject({ maxVersion: 11 });
    expect(apiKeys.find(({ apiKey }) => apiKey === apis.describeCluster.key)).toBeUndefined();
  });

  it('is closed once, however often it is asked, and takes its connections along', async () => {
    const cluster = await MockCluster.start({ brokers: 1 });
    const client = await connect(cluster);
    await cluster.close();
    await cluster.close();
    expect(await client.closed).toBeUndefined();
    await expect(connect(cluster)).rejects.toThrow(/mock-1:9092: nothing listens there \(ECONNREFUSED\)/);
  });

  it('ends first what lives on it, once, and tells what went wrong with that when all is closed', async () => {
    const cluster = await MockCluster.start({ topics: { orders: 1 } });
    const client = await connect(cluster);
    const produced: unknown[] = [];
    cluster.onClose(async () => void produced.push(await produce(client, 'orders', batchOf(['last']))));
    cluster.onClose(() => {
      throw new Error('the service did not stop');
    });
    await expect(cluster.close()).rejects.toThrow('the service did not stop');
    expect(await client.closed).toBeUndefined();
    expect(produced).toMatchObject([{ errorCode: 0 }]);
    await cluster.close();
  });

  it('forgets a long poll when it closes', async () => {
    const clock = new VirtualClock();
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock });
    const answer = fetch(await connect(cluster), 'orders', 0, { maxWaitMs: 60_000 });
    await cluster.nextRequest('Fetch');
    await cluster.settled();
    expect(clock.pendingTimers).toBe(1);
    await Promise.all([cluster.close(), expect(answer).rejects.toThrow(/closed/)]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    [{ broker: 3 }, /no 'broker'.*brokers/],
    [{ brokers: 0 }, /at least one broker/],
    [{ brokers: [{ id: 1 }, { id: 1 }] }, /distinct whole numbers/],
    [{ kafkaVersion: '9.9' }, /'9\.9'/],
    [{ configs: { 'no.such': '1' } }, /'no\.such'/],
  ])('refuses the options %j', async (options, message) => {
    await expect(MockCluster.start(options as object)).rejects.toThrow(message);
  });
});

describe('fake timers', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['vitest', undefined],
    ['jest', ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'Date']],
  ] as const)('do not stop the mock, and move its time: those of %s', async (_runner, toFake) => {
    vi.useFakeTimers({ ...(toFake && { toFake: [...toFake] }) });
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    await produce(client, 'orders', batchOf(['a']));
    const answer = fetch(client, 'orders', 1, { maxWaitMs: 60_000 });
    await cluster.nextRequest('Fetch');
    await cluster.settled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(valuesOf(await answer)).toEqual([]);
    await cluster.close();
  });
});

describe('requests that make no sense', () => {
  it('a version that is not offered closes the connection', async () => {
    const client = await connect(await MockCluster.start({ kafkaVersion: '2.4', topics: { orders: 1 } }));
    await expect(fetch(client, 'orders', 0)).rejects.toThrow(/closed/);
  });

  it('ApiVersions in a version of the future is answered in version 0, with its own range only', async () => {
    const client = await connect(await MockCluster.start());
    const frame = Buffer.from('000000000012006300000001000474657374' + '00', 'hex');
    frame.writeInt32BE(frame.length - 4);
    const answer = await client.raw(frame, 1);
    expect(answer.toString('hex')).toBe('00000001' + '0023' + '00000001' + '001200000004');
  });

  it.each([
    ['an unknown API', '0000000c03e7000000000001000174'],
    ['a negative length', 'ffffffff'],
    ['a body that is cut off', '0000000d00030005000000010001740000'],
  ])('%s closes the connection', async (_what, hex) => {
    const client = await connect(await MockCluster.start());
    const bytes = Buffer.from(hex, 'hex');
    if (bytes.length > 4) bytes.writeInt32BE(bytes.length - 4);
    void client.raw(bytes, 1).catch(() => {});
    expect(await client.closed).toBeUndefined();
  });
});
