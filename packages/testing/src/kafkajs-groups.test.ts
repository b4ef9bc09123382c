import { AssignerProtocol, type Consumer, type ConsumerConfig, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafka } from './kafkajs-door.ts';
import { MockCluster } from './mock-cluster.ts';

/** Consumer groups of kafkajs 2.2.4, unchanged, over TCP. */

// kafkajs asks for timers of the past (its issue 1751), with which Node warns, and with warnings our tests fail.
const { setTimeout: nodesOwn } = globalThis;
beforeAll(() => {
  globalThis.setTimeout = ((callback: () => void, ms?: number, ...rest: []) =>
    nodesOwn(callback, Math.max(ms ?? 0, 0), ...rest)) as typeof nodesOwn;
});
afterAll(() => {
  globalThis.setTimeout = nodesOwn;
});

async function start(partitions: number) {
  const cluster = await MockCluster.start({
    brokers: 2,
    topics: { orders: partitions },
    configs: { 'group.min.session.timeout.ms': '1000' },
  });
  const { brokers } = await cluster.listen();
  const kafka = new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING });
  const consumers = new Set<Consumer>();
  const read: string[] = [];
  /** A member of group `g`, which reads. Its fetches end soon, for kafkajs waits for an open one when it leaves. */
  const join = async (config: Partial<ConsumerConfig> = {}): Promise<Consumer> => {
    const consumer = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 50, heartbeatInterval: 20, ...config });
    consumers.add(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void read.push(String(message.value)) });
    return consumer;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...consumers].map((consumer) => consumer.disconnect()));
    await cluster.close();
  };
  return { cluster, kafka, group: cluster.group('g'), join, read, [Symbol.asyncDispose]: stop };
}

const sizes = (members: readonly { readonly assignment: readonly unknown[] }[]): number[] =>
  members.map(({ assignment }) => assignment.length).sort();

describe('a group of kafkajs', () => {
  it('shares the partitions, goes on without a member that leaves, and reads everything once', async () => {
    await using started = await start(4);
    const { cluster, group, join, read } = started;
    const append = (...values: string[]) => cluster.topic('orders').append(...values.map((value, partition) => ({ value, partition })));
    append('a0', 'a1', 'a2', 'a3');
    const first = await join();
    await join();
    expect(sizes(await group.waitForStable({ members: 2 }))).toEqual([2, 2]);
    append('b0', 'b1', 'b2', 'b3');
    await group.waitForLag();
    await first.disconnect();
    expect(sizes(await group.waitForStable({ members: 1 }))).toEqual([4]);
    append('c0', 'c1', 'c2', 'c3');
    await group.waitForLag();
    expect(new Set(read).size).toBe(12);
    expect(group.commits().map(({ offset }) => offset)).toEqual([3, 3, 3, 3]);
  });

  it('comes back after it was made to rebalance, a member was evicted, and a session ended', async () => {
    await using started = await start(2);
    const { group, join } = started;
    await join();
    await join();
    await group.waitForStable({ members: 2 });
    for (const disturb of [
      () => group.rebalance(),
      () => group.evict(group.members()[0]!.memberId),
      () => group.expire(group.members()[1]!.memberId),
    ]) {
      const { generation } = group;
      disturb();
      await group.waitForStable({ members: 2 });
      expect(group.generation).toBeGreaterThan(generation);
    }
  });

  it('follows its coordinator', async () => {
    await using started = await start(2);
    const { cluster, group, join, read } = started;
    // It comes back as another member, and has to wait until the session of the one that it was is over.
    await join({ sessionTimeout: 1000 });
    await group.waitForStable({ members: 1 });
    await cluster.broker(group.coordinator).down();
    cluster.topic('orders').append({ value: 'after', partition: 0 });
    await group.waitForLag(0, { timeoutMs: 60_000 });
    expect(new Set(read)).toEqual(new Set(['after'])); // more than once where a session was too short for this machine
  });

  it('is seen by its admin client', async () => {
    await using started = await start(2);
    const { kafka, group, join } = started;
    const consumer = await join();
    const [member] = await group.waitForStable();
    const admin = kafka.admin();
    await admin.connect();
    expect((await admin.listGroups()).groups).toEqual([{ groupId: 'g', protocolType: 'consumer' }]);
    const { groups } = await admin.describeGroups(['g']);
    expect(groups).toMatchObject([
      { groupId: 'g', state: 'Stable', protocolType: 'consumer', protocol: 'RoundRobinAssigner', errorCode: 0 },
    ]);
    expect(groups[0]!.members).toMatchObject([{ memberId: member!.memberId, clientId: 'kafkajs', clientHost: '/127.0.0.1' }]);
    const assigned = AssignerProtocol.MemberAssignment.decode(groups[0]!.members[0]!.memberAssignment);
    expect(assigned?.assignment).toEqual({ orders: [0, 1] });
    await expect(admin.deleteGroups(['g'])).rejects.toMatchObject({ groups: [{ groupId: 'g', error: { type: 'NON_EMPTY_GROUP' } }] });
    await consumer.disconnect();
    await admin.deleteGroups(['g']);
    expect(group.state).toBe('Dead');
    await admin.disconnect();
  });
});

it('is rebalanced at once in process, where the service says nothing of polls and heartbeats', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 4 } });
  const join = async (): Promise<Consumer> => {
    const consumer = createKafka(cluster, { logLevel: logLevel.NOTHING }).consumer({ groupId: 'g' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders' });
    await consumer.run({ eachMessage: async () => {} });
    return consumer;
  };
  const consumers = [await join()];
  await cluster.group('g').waitForStable({ members: 1 });
  // kafkajs hears of a rebalance by a heartbeat only, and by itself sends one every three seconds.
  const beats: number[] = [];
  for (let i = 0; i < 5; i++) beats.push((await cluster.nextRequest('Heartbeat')).at);
  expect(Math.min(...beats.slice(1).map((at, i) => at - beats[i]!))).toBeLessThan(2500);
  consumers.push(await join());
  expect(sizes(await cluster.group('g').waitForStable({ members: 2 }))).toEqual([2, 2]);
  await Promise.all(consumers.map((consumer) => consumer.disconnect()));
});
