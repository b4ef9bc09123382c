import { createTopics, NoBrokersAvailableError } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { apis } from '@tskafka/core/protocol';
import type { MockCluster, MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('a cluster whose brokers fail', () => {
  let scene: Scene;
  let cluster: MockCluster;
  let clock: VirtualClock;

  async function start(options?: MockClusterOptions): Promise<void> {
    scene = await Scene.start(options);
    ({ cluster, clock } = scene);
  }

  afterEach(() => scene[Symbol.asyncDispose]());

  it('C1: connects through another address when one refuses', async () => {
    await start();
    await cluster.broker(1).refuse();
    await scene.settledWithin(scene.connect(), 1000);
    expect(scene.client.brokers).toHaveLength(3);
  });

  it('C2: waits for brokers that come up later', async () => {
    await start();
    for (const id of cluster.brokerIds) await cluster.broker(id).down();
    const connected = scene.connect();
    await clock.advance(10_000);
    for (const id of cluster.brokerIds) await cluster.broker(id).up();
    await scene.settledWithin(connected, 2000);
    expect(scene.client.brokers).toHaveLength(3);
  });

  it('C2: gives up after unavailableTimeoutMs, naming each address and why it failed', async () => {
    await start();
    for (const id of cluster.brokerIds) await cluster.broker(id).down();
    const failed = scene.connect({ unavailableTimeoutMs: 5000 });
    const error = await scene.settledWithin(failed, 7000).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoBrokersAvailableError);
    for (const address of cluster.brokers) expect((error as Error).message).toContain(address);
    expect(clock.now()).toBeGreaterThan(3500);
    expect(clock.now()).toBeLessThanOrEqual(5000);
  });

  it('C4: asks another broker when one accepts and never answers', async () => {
    await start();
    cluster.hold('ApiVersions', { broker: 1 });
    await scene.settledWithin(scene.connect({ brokers: cluster.brokers }), 1500);
    expect(scene.client.brokers).toHaveLength(3);
  });

  it('C7: a broker that vanishes is given up after the request timeout, and others are not touched', async () => {
    await start();
    await scene.connect({ requestTimeoutMs: 2000 });
    await scene.client.topic('orders').latestOffsets();
    cluster.broker(1).blackhole();
    const offsets = scene.client.topic('orders').latestOffsets();
    await clock.advance(2100);
    await cluster.broker(1).down();
    await expect(scene.settledWithin(offsets, 15_000)).resolves.toEqual(new Map([[0, 0], [1, 0], [2, 0]])); // prettier-ignore
  });

  it('C11: reconnects without a word when a broker has closed an idle connection', async () => {
    await start();
    await scene.connect();
    await scene.client.topic('orders').latestOffsets();
    for (const id of cluster.brokerIds) cluster.broker(id).closeConnections();
    await clock.advance(0);
    await expect(scene.settledWithin(scene.client.topic('orders').latestOffsets(), 1000)).resolves.toHaveProperty('size', 3);
  });

  it('C12: closes what was idle for long, and opens it again for the next request', async () => {
    await start();
    await scene.connect({ connectionsMaxIdleMs: 60_000 });
    await scene.client.topic('orders').latestOffsets();
    expect(scene.connections).toBeGreaterThan(0);
    await clock.advance(100_000);
    expect(scene.connections).toBe(0);
    await expect(scene.settledWithin(scene.client.topic('orders').latestOffsets(), 1000)).resolves.toHaveProperty('size', 3);
  });

  it('C18: attempts to reach a dead cluster follow the back-off', async () => {
    await start({ brokers: 1, topics: {} });
    let attempts = 0;
    const counting = {
      connect: (...args: Parameters<typeof cluster.transport.connect>) => {
        attempts++;
        return cluster.transport.connect(...args);
      },
    };
    await cluster.broker(1).down();
    const failed = scene.settledWithin(scene.connect({ transport: counting, unavailableTimeoutMs: 60_000 }), 70_000);
    await expect(failed).rejects.toBeInstanceOf(NoBrokersAvailableError);
    // 50, 100, 200, ... up to one a second.
    expect(attempts).toBeGreaterThan(40);
    expect(attempts).toBeLessThan(75);
  });

  it('C20: a broker that moves to another address is reached there, and its old connection ends', async () => {
    await start({ brokers: 2, topics: { orders: { partitions: 1, replicationFactor: 1 } } });
    await scene.connect();
    const leader = (await scene.client.topic('orders').partitions())[0]!.leader!;
    await scene.client.topic('orders').latestOffsets();
    const other = cluster.brokerIds.find((id) => id !== leader)!;
    cluster.intercept('Metadata', async (call) => {
      const response = await call.pass();
      const brokers = response!.brokers.map((broker) => ({ ...broker, host: `mock-${other}` }));
      return { ...response!, brokers };
    });
    await cluster.broker(leader).refuse();
    cluster.broker(leader).dropConnections();
    const arrived = cluster.nextRequest('ListOffsets', { broker: other });
    const offsets = scene.client.topic('orders').latestOffsets();
    await scene.settledWithin(arrived, 5000);
    await scene.client.close();
    await expect(offsets).rejects.toMatchObject({ name: 'ClosedError' });
  });

  it('C21: a request that the broker holds does not delay those of another purpose', async () => {
    await start();
    await scene.connect();
    const engine = scene.client[clusterSymbol];
    const target = cluster.brokerIds[0]!;
    const hold = cluster.hold('ListGroups');
    const held = engine.send(target, apis.listGroups, {}, { purpose: 'fetch-1' });
    await hold.held();
    const other = engine.send(target, apis.describeCluster, { includeClusterAuthorizedOperations: false }, { purpose: 'coordinator' });
    await expect(scene.settledWithin(other, 1000)).resolves.toMatchObject({ errorCode: 0 });
    hold.release();
    await scene.settledWithin(held, 1000);
  });

  it('M4: retries with a bounded rate while metadata stays stale, and goes on when it changes', async () => {
    await start();
    await scene.connect();
    await scene.client.topic('orders').partitions();
    const stale = cluster.brokerIds.map((id) => cluster.broker(id).staleMetadata());
    const { leader } = (await scene.client.topic('orders').partitions())[0]!;
    const other = cluster.brokerIds.find((id) => id !== leader)!;
    cluster.topic('orders').moveLeader(0, other);
    const before = cluster.requests({ api: 'Metadata' }).length;
    const offsets = scene.client.topic('orders').latestOffsets();
    await clock.advance(5000);
    expect(cluster.requests({ api: 'Metadata' }).length - before).toBeLessThan(15);
    for (const { stop } of stale) stop();
    await expect(scene.settledWithin(offsets, 3000)).resolves.toHaveProperty('size', 3);
  });

  it('M12: finds a cluster whose brokers have all been replaced through the bootstrap addresses', async () => {
    await start({ brokers: 2, topics: {} });
    await scene.connect({ brokers: [...cluster.brokers, 'mock-9:9092'] });
    await cluster.replaceBrokers([{ id: 8 }, { id: 9 }]);
    await expect(scene.settledWithin(scene.client.topics(), 5000)).resolves.toEqual([]);
    expect(scene.client.brokers.map(({ id }) => id)).toEqual([8, 9]);
  });

  it('M13: starts over at the bootstrap addresses when the brokers that it knows ask for it (KIP-1102)', async () => {
    await start();
    await scene.connect({ brokers: [...cluster.brokers].reverse() });
    const fault = cluster.fail('Metadata', ['REBOOTSTRAP_REQUIRED', 'REBOOTSTRAP_REQUIRED', 'REBOOTSTRAP_REQUIRED']);
    await expect(scene.settledWithin(scene.client.topic('orders').partitions(), 5000)).resolves.toHaveLength(3);
    expect(fault.fired).toBe(3);
  });

  it('M13: asks the others when a broker keeps a metadata request to itself', async () => {
    await start();
    await scene.connect();
    const hold = cluster.hold('Metadata', { times: 2 });
    await expect(scene.settledWithin(scene.client.topic('orders').partitions(), 5000)).resolves.toHaveLength(3);
    expect(hold.fired).toBe(2);
  });

  it('M14: refuses addresses that have come to lead to another cluster', async () => {
    await start();
    await scene.connect();
    cluster.changeClusterId('another-cluster');
    await expect(scene.settledWithin(scene.client.topic('orders').partitions(), 5000)).rejects.toThrow(
      /belongs to cluster .*, and this client to cluster/,
    );
  });

  it('M15: a topic that is not allowed is an error of its own, and others go on', async () => {
    await start({ topics: { orders: 1, secrets: 1 } });
    await scene.connect();
    cluster.fail('Metadata', ['TOPIC_AUTHORIZATION_FAILED'], { topic: 'secrets' });
    await expect(scene.settledWithin(scene.client.topic('secrets').partitions(), 5000)).rejects.toMatchObject({
      errorName: 'TOPIC_AUTHORIZATION_FAILED',
    });
    await expect(scene.client.topic('orders').partitions()).resolves.toHaveLength(1);
  });

  it('M16: asks the new controller when the old one has ceased to be it', async () => {
    await start({ topics: {} });
    await scene.connect();
    const fault = cluster.fail('CreateTopics', ['NOT_CONTROLLER']);
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made', partitions: 1 }]), 5000);
    expect(fault.fired).toBe(1);
    expect(created.get('made')).toBeUndefined();
    expect(cluster.topicNames).toContain('made');
  });

  it('M17: requests to a broker that leaves go to the new leader', async () => {
    await start();
    await scene.connect();
    const leader = (await scene.client.topic('orders').partitions())[0]!.leader!;
    const hold = cluster.hold('ListOffsets', { broker: leader });
    const offsets = scene.client.topic('orders').latestOffsets();
    await hold.held();
    await cluster.broker(leader).down();
    await expect(scene.settledWithin(offsets, 5000)).resolves.toHaveProperty('size', 3);
  });

  it('M18: callers at the same time share one metadata request', async () => {
    await start();
    await scene.connect();
    const before = cluster.requests({ api: 'Metadata' }).length;
    const all = Array.from({ length: 50 }, () => scene.client.topic('orders').partitions());
    await scene.settledWithin(Promise.all(all), 1000);
    expect(cluster.requests({ api: 'Metadata' }).length - before).toBe(1);
  });

  it('A11: what is not allowed is an error of that request, and the connection stays', async () => {
    await start({ topics: {} });
    await scene.connect();
    await createTopics(scene.client, [{ name: 'first', partitions: 1 }]);
    const before = cluster.brokerIds.map((id) => cluster.broker(id).connectionCount);
    cluster.fail('CreateTopics', ['TOPIC_AUTHORIZATION_FAILED'], { topic: 'made' });
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made', partitions: 1 }]), 5000);
    expect(created.get('made')).toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(cluster.brokerIds.map((id) => cluster.broker(id).connectionCount)).toEqual(before);
  });

  it('S2: closes at once with every broker silent, and nothing stays behind', async () => {
    await start();
    await scene.connect();
    for (const id of cluster.brokerIds) cluster.broker(id).blackhole();
    const pending = scene.client.topic('orders').latestOffsets();
    await clock.advance(100);
    await Promise.all([expect(pending).rejects.toMatchObject({ name: 'ClosedError' }), scene.client.close()]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('R5: a hundred clients made, used and closed leave no connection and no timer', async () => {
    await start();
    for (let i = 0; i < 100; i++) {
      await scene.connect();
      await scene.client.topic('orders').latestOffsets();
      await scene.client.close();
    }
    await clock.advance(0);
    expect(cluster.brokerIds.map((id) => cluster.broker(id).connectionCount)).toEqual([0, 0, 0]);
    expect(clock.pendingTimers).toBe(0);
  });
});
