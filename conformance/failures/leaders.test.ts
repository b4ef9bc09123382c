import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { clusterSymbol } from '@tskafka/core/internal';
import { errorCodes } from '@tskafka/core/protocol';
import type { MockClusterOptions } from '@tskafka/testing';
import { Scene } from './scene.ts';

/** What a client that asks for offsets sees of brokers that come and go. Messages are the business of producers and consumers. */
describe('topics and leaders that change', () => {
  let scene: Scene;
  beforeEach(() => start());

  async function start(options: MockClusterOptions = {}): Promise<void> {
    const begun = await Scene.start({ topics: { orders: 1 }, ...options });
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
  }

  const topic = () => scene.cluster.topic('orders');
  const orders = () => scene.client.topic('orders');
  const ends = () => orders().latestOffsets();
  const leader = () => topic().partition(0).leader;
  const others = () => scene.cluster.brokerIds.filter((id) => id !== leader());
  const count = (api: 'ListOffsets' | 'Metadata') => scene.cluster.requests({ api }).length;

  it('C5: an answer that is lost with its connection is asked for again', async () => {
    await scene.connect();
    topic().append('one', 'two');
    await ends();
    const before = count('ListOffsets');
    const fault = scene.cluster.dropResponse('ListOffsets', { times: 2 });
    await expect(scene.settledWithin(ends(), 2000)).resolves.toEqual(new Map([[0, 2]]));
    expect(fault.fired).toBe(2);
    expect(count('ListOffsets') - before).toBe(3);
  });

  it('C6: a request that is lost with its connection is made again', async () => {
    await scene.connect();
    topic().append('one', 'two');
    const fault = scene.cluster.dropRequest('ListOffsets', { times: 2 });
    await expect(scene.settledWithin(ends(), 2000)).resolves.toEqual(new Map([[0, 2]]));
    expect(fault.fired).toBe(2);
  });

  it('C17: after a throttle the requests of that connection wait as long as the broker asked for, and others do not', async () => {
    await scene.connect();
    await ends();
    // A broker that only asks, and would answer at once: it is the client that waits.
    const asking = scene.cluster.intercept('ListOffsets', async (call) => {
      const response = await call.pass();
      return call.broker === leader() && response !== undefined ? { ...response, throttleTimeMs: 500 } : response;
    });
    await scene.settledWithin(ends(), 100);
    asking.stop();
    const other = scene.client[clusterSymbol].connection(others()[0]!);
    expect(await scene.timeOf(other, 600)).toBe(0);
    expect(await scene.timeOf(ends(), 600)).toBe(500);
    expect(await scene.timeOf(ends(), 600)).toBe(0);
  });

  it('R9: a throttle of minutes times nothing out, and no request is made twice', async () => {
    await scene.connect({ apiTimeoutMs: 600_000 });
    await ends();
    const throttled = scene.cluster.throttle(180_000, { api: 'ListOffsets' });
    await scene.settledWithin(ends(), 100);
    throttled.stop();
    const before = count('ListOffsets');
    const all = Promise.all(Array.from({ length: 20 }, () => ends()));
    await scene.clock.advance(179_000);
    await expect(scene.settledWithin(all, 2000)).resolves.toHaveLength(20);
    expect(count('ListOffsets') - before).toBe(20);
    // A connection that was given up would have left the throttle behind.
    expect(new Set(scene.cluster.requests({ api: 'ListOffsets' }).map(({ connection }) => connection)).size).toBe(1);
  });

  it('M1: half a second after a leader has died its partitions are asked at the new one', async () => {
    await scene.connect();
    topic().append('kept');
    await ends();
    const dead = leader();
    await scene.cluster.broker(dead).down();
    const asked = ends();
    expect(await scene.timeOf(asked, 5000)).toBeLessThanOrEqual(500);
    await expect(asked).resolves.toEqual(new Map([[0, 1]]));
    expect(leader()).not.toBe(dead);
  });

  it('M1: while the cluster has not chosen a new leader yet the client waits, and goes on half a second after that', async () => {
    await scene.connect({ metadataMaxAgeMs: Infinity });
    await ends();
    const dead = leader();
    await scene.cluster.broker(dead).down({ failover: false });
    const asked = ends();
    await scene.clock.advance(9000); // Kafka's broker.session.timeout.ms
    topic().moveLeader(0, others()[0]!);
    expect(await scene.timeOf(asked, 5000)).toBeLessThanOrEqual(1300); // it looks once a second, give or take a fifth
  });

  it('M2: a broker that shuts down in good order is left within 300 ms, without an error', async () => {
    await scene.connect();
    await ends();
    for (const id of [leader(), others()[0]!]) {
      await scene.cluster.broker(id).shutDown();
      expect(await scene.timeOf(ends(), 2000)).toBeLessThanOrEqual(300);
      await scene.cluster.broker(id).up();
    }
  });

  it('M5: a broker that tells old news is not believed, and others are asked, also while it is the one that we know best', async () => {
    await scene.connect({ brokers: [scene.cluster.brokers[leader() - 1]!] });
    await ends();
    const old = leader();
    const stale = scene.cluster.broker(old).staleMetadata();
    topic().moveLeader(0, others()[0]!);
    expect(await scene.timeOf(ends(), 5000)).toBeLessThanOrEqual(500);
    // And the leader does not flap back, whoever is asked.
    for (let i = 0; i < 5; i++) {
      await scene.client[clusterSymbol].refresh();
      expect((await orders().partitions())[0]!.leader).toBe(leader());
    }
    stale.stop();
  });

  it('M7: a topic that does not exist is an error after topicTimeoutMs, asked for with pauses', async () => {
    await scene.connect({ topicTimeoutMs: 5000 });
    const before = count('Metadata');
    const missing = scene.client.topic('missing').partitions();
    missing.catch(() => {});
    const took = await scene.timeOf(
      missing.catch(() => {}),
      6000,
    );
    await expect(missing).rejects.toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(took).toBeGreaterThan(3500);
    expect(took).toBeLessThanOrEqual(5000);
    expect(count('Metadata') - before).toBeLessThan(12);
  });

  it('M7: a topic cannot be said to be missing while nobody is there to ask', async () => {
    await scene.connect({ topicTimeoutMs: 1000 });
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).down();
    const partitions = orders().partitions();
    await scene.clock.advance(10_000);
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).up();
    await expect(scene.settledWithin(partitions, 3000)).resolves.toHaveLength(1);
  });

  it('M6: a topic that was just made, and that some brokers do not know yet, is waited for', async () => {
    await scene.connect();
    const fault = scene.cluster.fail('Metadata', Array(3).fill('UNKNOWN_TOPIC_OR_PARTITION'), { topic: 'orders' });
    await expect(scene.settledWithin(orders().partitions(), 2000)).resolves.toHaveLength(1);
    expect(fault.fired).toBe(3);
  });

  it('M7: the names that were asked for in vain are not asked for again when metadata has aged', async () => {
    await scene.connect({ topicTimeoutMs: 10, metadataMaxAgeMs: 1000 });
    await scene.settledWithin(orders().partitions(), 100);
    for (let i = 0; i < 20; i++) {
      const missing = scene.client.topic(`missing-${i}`).partitions();
      await expect(scene.settledWithin(missing, 100)).rejects.toMatchObject({ code: errorCodes.UNKNOWN_TOPIC_OR_PARTITION });
    }
    await scene.clock.advance(2000);
    await orders().partitions();
    await scene.clock.advance(0);
    const { request } = scene.cluster.requests({ api: 'Metadata' }).at(-1)!;
    expect(request.topics!.map(({ name }) => name)).toEqual(['orders']);
  });

  it('M8: of a topic made anew with fewer partitions the old ones are forgotten, with their epochs and the id', async () => {
    await start({ topics: { orders: 3 } });
    await scene.connect({ metadataMaxAgeMs: Infinity });
    topic().append('old', 'old');
    topic().moveLeader(0, others()[0]!); // its epoch is now above that of a new topic
    await scene.settledWithin(ends(), 2000);
    const { topicId } = await scene.client[clusterSymbol].topic('orders');
    topic().recreate({ partitions: 2 });
    topic().append('new');
    // Who asks for a partition that is gone hears of it in the end; meanwhile the client has learned what there is.
    ends().catch(() => {});
    await scene.clock.advance(2000);
    const anew = await scene.client[clusterSymbol].topic('orders');
    expect(anew.topicId).toBe(topic().id);
    expect(anew.topicId).not.toBe(topicId);
    await expect(scene.settledWithin(ends(), 100)).resolves.toEqual(new Map([[0, 1], [1, 0]])); // prettier-ignore
  });

  it('M8: a topic made anew, whose leader knows a lower epoch than we do, is looked up anew', async () => {
    await start({ brokers: 1, topics: { orders: 1 } });
    await scene.connect({ metadataMaxAgeMs: Infinity });
    topic().append('old', 'old');
    topic().moveLeader(0, 1);
    await scene.settledWithin(ends(), 2000);
    topic().recreate();
    await expect(scene.settledWithin(ends(), 2000)).resolves.toEqual(new Map([[0, 0]]));
  });

  it('M8: a topic that was deleted is unknown when its metadata is fetched anew', async () => {
    await scene.connect({ metadataMaxAgeMs: 1000, topicTimeoutMs: 100 });
    await scene.settledWithin(ends(), 100);
    topic().delete();
    await scene.clock.advance(2000);
    await orders().partitions();
    await scene.clock.advance(10);
    await expect(scene.settledWithin(orders().partitions(), 1000)).rejects.toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });

  it('M9: partitions that were added are seen when metadata has aged, also while other topics are looked up all the time', async () => {
    await start({ topics: { orders: 1, ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`other-${i}`, 1])) } });
    await scene.connect({ metadataMaxAgeMs: 10_000 });
    await orders().partitions();
    topic().addPartitions(4);
    for (let i = 0; i < 20; i++) {
      await scene.settledWithin(scene.client.topic(`other-${i}`).partitions(), 100);
      await scene.clock.advance(1000);
    }
    await expect(orders().partitions()).resolves.toHaveLength(4);
    await expect(scene.settledWithin(ends(), 1000)).resolves.toHaveProperty('size', 4);
  });

  it('M9: metadata that has aged is fetched once a second at most while nobody gives it', async () => {
    await scene.connect({ metadataMaxAgeMs: 1000 });
    await orders().partitions();
    await scene.clock.advance(2000);
    const before = count('Metadata');
    const fault = scene.cluster.fail('Metadata', Array(10_000).fill('REBOOTSTRAP_REQUIRED'));
    for (let i = 0; i < 500; i++) {
      await orders().partitions();
      await scene.clock.advance(10);
    }
    expect(fault.fired).toBeGreaterThan(0);
    expect(count('Metadata') - before).toBeLessThanOrEqual(6 * 6); // at the three brokers, each also as a bootstrap address
  });

  it('M10: a partition without a leader for half a minute is waited for, with pauses', async () => {
    await scene.connect();
    await ends();
    topic().leaderless(0);
    const before = count('Metadata');
    const asked = ends();
    await scene.clock.advance(30_000);
    expect(count('Metadata') - before).toBeLessThan(40);
    topic().moveLeader(0, scene.cluster.brokerIds[0]!);
    await expect(scene.settledWithin(asked, 2000)).resolves.toEqual(new Map([[0, 0]]));
  });

  it('M12: addresses that have fallen silent are not all waited for before the bootstrap addresses are asked', async () => {
    const brokers = Array.from({ length: 12 }, (_, i) => ({ id: i + 1 }));
    await start({ brokers, topics: {} });
    // Only the bootstrap address answers in the end: all others are swallowed, as when machines are gone.
    await scene.connect({ brokers: 'mock-99:9092,mock-1:9092' });
    await scene.cluster.addBroker({ id: 99 });
    for (const { id } of brokers) scene.cluster.broker(id).blackhole();
    expect(await scene.timeOf(scene.client.topics(), 20_000)).toBeLessThanOrEqual(5000);
  });

  it('R4: ten thousand partitions cost neither a request nor a timer while nobody asks for anything', async () => {
    await start({ topics: { orders: 10_000 } });
    await scene.connect();
    await scene.settledWithin(orders().partitions(), 100);
    await scene.clock.advance(600_000);
    const [requests, timers] = [scene.cluster.requests().length, scene.clock.pendingTimers];
    await scene.clock.advance(3_600_000);
    expect(scene.cluster.requests()).toHaveLength(requests);
    expect(timers).toBeLessThanOrEqual(1); // the one that looks for idle connections
    expect(scene.clock.pendingTimers).toBe(timers);
  });
});
