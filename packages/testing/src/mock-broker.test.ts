import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { connect, type TestClient } from './test-client.ts';
import { batchOf, fetch, produce, valuesOf } from './test-requests.ts';
import { VirtualClock } from './virtual-clock.ts';

const metadata = (client: TestClient) => client.send(apis.metadata, 12, { topics: [{ name: 'orders' }] });

describe('down and up', () => {
  it('breaks connections, refuses new ones, and keeps what was written', async () => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    await produce(client, 'orders', batchOf(['a']));
    await cluster.broker(1).down();
    expect((await client.closed)?.message).toMatch(/ECONNRESET/);
    await expect(connect(cluster)).rejects.toThrow(/ECONNREFUSED/);
    await cluster.broker(1).up();
    expect(valuesOf(await fetch(await connect(cluster), 'orders', 0))).toEqual(['a']);
  });

  it('without failover the cluster has not noticed', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    await cluster.broker(1).down({ failover: false });
    const answer = await metadata(await connect(cluster, 2));
    expect(answer.brokers).toHaveLength(2);
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 0 });
  });

  it('a broker that shuts down in order answers what it has begun', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    const client = await connect(cluster, 1);
    const answer = produce(client, 'orders', batchOf(['a']));
    await cluster.nextRequest('Produce');
    await cluster.broker(1).shutDown();
    expect(await answer).toMatchObject({ errorCode: 0 });
    expect(await client.closed).toBeUndefined();
    expect(cluster.topic('orders').partition(0).leader).toBe(2);
  });
});

describe('the network', () => {
  it('refuse lets open connections be', async () => {
    const cluster = await MockCluster.start({ brokers: 1 });
    const client = await connect(cluster);
    {
      await using _refused = await cluster.broker(1).refuse();
      await expect(connect(cluster)).rejects.toThrow(/ECONNREFUSED/);
      await metadata(client);
    }
    await connect(cluster);
  });

  it('blackhole swallows requests and connection attempts alike', async () => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    const hole = cluster.broker(1).blackhole();
    let answered = false;
    void metadata(client).then(() => (answered = true));
    const giveUp = new AbortController();
    const events = { data: () => {}, drain: () => {}, close: () => {} };
    const attempt = cluster.transport.connect({ host: 'mock-1', port: 9092 }, events, giveUp.signal);
    await cluster.settled();
    giveUp.abort(new Error('too long'));
    await expect(attempt).rejects.toThrow('too long');
    hole.stop();
    await metadata(await connect(cluster));
    expect(answered).toBe(false);
    expect(cluster.requests({ api: 'Metadata' })).toHaveLength(1);
  });

  it.each([1, 2, 3, 7])('slices of %i bytes carry the same answers', async (bytes) => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    const whole = await metadata(client);
    using _sliced = cluster.broker(1).slice(bytes);
    expect(await metadata(client)).toEqual(whole);
  });

  it('rtt delays a request by half, and its answer by half', async () => {
    const clock = new VirtualClock();
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock });
    const client = await connect(cluster);
    cluster.broker(1).rtt(100);
    let answers = 0;
    for (let i = 0; i < 2; i++) void metadata(client).then(() => answers++);
    await clock.advance(50);
    expect([cluster.requests({ api: 'Metadata' }).length, answers]).toEqual([2, 0]);
    await clock.advance(49);
    expect(answers).toBe(0);
    await clock.advance(1);
    expect(answers).toBe(2);
  });

  it('answers stay in order under jitter', async () => {
    const clock = new VirtualClock();
    let chance = 1;
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock, random: () => (chance = chance === 1 ? 0 : 1) });
    const client = await connect(cluster);
    cluster.broker(1).rtt(10, { jitterMs: 1000 });
    const order: number[] = [];
    for (let i = 0; i < 5; i++) void metadata(client).then(() => order.push(i));
    await clock.advance(10_000);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('dropConnections resets, closeConnections ends, halfClose ends one way', async () => {
    const cluster = await MockCluster.start({ brokers: 1 });
    const broker = cluster.broker(1);
    const clients = [];
    for (const act of [() => broker.dropConnections(), () => broker.closeConnections(), () => broker.halfClose()]) {
      const client = await connect(cluster);
      clients.push(client);
      act();
    }
    const errors = await Promise.all(clients.map(({ closed }) => closed));
    expect(errors.map((error) => /ECONNRESET/.test(error?.message ?? ''))).toEqual([true, false, false]);
    expect(broker.connectionCount).toBe(0);
  });
});

describe('what a broker tells', () => {
  it('stale metadata comes from one broker, until it is mended', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    const stale = cluster.broker(1).staleMetadata();
    cluster.topic('orders').moveLeader(0, 2);
    cluster.createTopic('new');
    const leaders = async (): Promise<number[]> => {
      const answers = await Promise.all([1, 2].map(async (id) => metadata(await connect(cluster, id))));
      return answers.map(({ topics }) => topics[0]!.partitions[0]!.leaderId);
    };
    expect(await leaders()).toEqual([1, 2]);
    const all = await (await connect(cluster, 1)).send(apis.metadata, 12, { topics: null });
    expect(all.topics.map(({ name }) => name)).toEqual(['orders']);
    stale.stop();
    expect(await leaders()).toEqual([2, 2]);
  });

  it('offers the versions that it is told to, and closes on others', async () => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    cluster.broker(1).apiVersions({ Fetch: [4, 11], DescribeCluster: null });
    const { apiKeys } = await client.send(apis.apiVersions, 2, {});
    expect(apiKeys.find(({ apiKey }) => apiKey === apis.fetch.key)).toEqual({ apiKey: 1, minVersion: 4, maxVersion: 11 });
    expect(apiKeys.some(({ apiKey }) => apiKey === apis.describeCluster.key)).toBe(false);
    await expect(fetch(client, 'orders', 0)).rejects.toThrow(/closed/);
  });
});

describe('leaders', () => {
  it('moveLeader begins an epoch; the old leader refuses, and names the new one', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    const client = await connect(cluster, 1);
    cluster.topic('orders').moveLeader(0, 2);
    expect(await produce(client, 'orders', batchOf(['a']))).toMatchObject({ errorCode: 6, currentLeader: { leaderId: 2, leaderEpoch: 1 } });
    expect(await produce(await connect(cluster, 2), 'orders', batchOf(['a']))).toMatchObject({ errorCode: 0 });
  });

  it('leaderless leaves nobody to write to', async () => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const client = await connect(cluster);
    cluster.topic('orders').leaderless(0);
    expect(await produce(client, 'orders', batchOf(['a']))).toMatchObject({ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER });
    expect((await metadata(client)).topics[0]!.partitions[0]).toMatchObject({ errorCode: errorCodes.LEADER_NOT_AVAILABLE, leaderId: -1 });
    cluster.topic('orders').moveLeader(0, 1);
    expect(await produce(client, 'orders', batchOf(['a']))).toMatchObject({ errorCode: 0 });
  });
});

describe('the cluster’s members', () => {
  it('a new broker is told, and leads new partitions', async () => {
    const cluster = await MockCluster.start({ brokers: 1 });
    await cluster.addBroker({ id: 5, rack: 'r' });
    cluster.createTopic('orders', { partitions: 2, replicationFactor: 1 });
    const answer = await metadata(await connect(cluster, 5));
    expect(answer.brokers.map(({ nodeId, rack }) => [nodeId, rack])).toEqual([
      [1, null],
      [5, 'r'],
    ]);
    expect(answer.topics[0]!.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 5]);
  });

  it('a removed broker is forgotten', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    await cluster.removeBroker(1);
    const answer = await metadata(await connect(cluster, 2));
    expect(answer.brokers.map(({ nodeId }) => nodeId)).toEqual([2]);
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ leaderId: 2, replicaNodes: [2], offlineReplicas: [] });
    await expect(connect(cluster, 1)).rejects.toThrow(/ENOTFOUND/);
  });

  it('replaceBrokers keeps the topics, and may make it another cluster', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    cluster.topic('orders').append('a');
    await cluster.replaceBrokers([{ id: 11 }, { id: 12 }], { clusterId: 'another' });
    const client = await connect(cluster, 11);
    const answer = await metadata(client);
    expect(answer).toMatchObject({ clusterId: 'another', brokers: [{ nodeId: 11 }, { nodeId: 12 }] });
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 11, replicaNodes: [11, 12] });
    expect(valuesOf(await fetch(client, 'orders', 0))).toEqual(['a']);
  });
});
