import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import type { TestClient } from '../test-client.ts';
import { connect } from '../test-client.ts';
import { batchOf, fetch, produce, valuesOf } from '../test-requests.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** A topic whose partition is led by broker 1 and followed by 2 and 3. */
async function start(configs: Readonly<Record<string, string>> = {}) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ topics: { orders: { configs } }, clock });
  return { clock, cluster, topic: cluster.topic('orders'), client: await connect(cluster, 1) };
}

async function latest(client: TestClient, version = 5) {
  const partitions = [{ partitionIndex: 0, timestamp: -1 }];
  const { topics } = await client.send(apis.listOffsets, version, { replicaId: -1, topics: [{ name: 'orders', partitions }] });
  return topics[0]!.partitions[0]!;
}

describe('a write while followers are held', () => {
  it('is answered with acks=1, and seen by nobody until it is committed', async () => {
    const { client, topic, clock } = await start();
    topic.append('before');
    const hold = topic.holdReplication();
    expect(await produce(client, 'orders', batchOf(['held']), { acks: 1 })).toMatchObject({ errorCode: 0, baseOffset: 1 });
    const fetched = await fetch(client, 'orders', 0);
    expect(fetched).toMatchObject({ highWatermark: 1, lastStableOffset: 1 });
    expect(valuesOf(fetched)).toEqual(['before']);
    expect(topic.records()).toHaveLength(1);
    expect(await latest(client)).toMatchObject({ errorCode: 0, offset: 1 });
    expect(topic.partition(0)).toMatchObject({ endOffset: 2, highWatermark: 1, followers: [{ broker: 2, lag: 1 }, { broker: 3, lag: 1 }] }); // prettier-ignore
    // Who reads beyond what is committed is answered empty, and at once.
    expect(valuesOf(await fetch(client, 'orders', 2, { maxWaitMs: 60_000 }))).toEqual([]);
    hold.stop();
    expect(valuesOf(await fetch(client, 'orders', 1))).toEqual(['held']);
    expect(topic.partition(0)).toMatchObject({ highWatermark: 2, inSync: [1, 2, 3] });
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits with acks=all until all in sync have it', async () => {
    const { client, cluster, topic } = await start();
    const [one, other] = [topic.holdReplication({ followers: [2] }), topic.holdReplication({ followers: [3] })];
    const answer = produce(client, 'orders', batchOf(['a']));
    const waiting = fetch(await connect(cluster, 1), 'orders', 0, { maxWaitMs: 60_000 });
    await cluster.settled();
    one.stop();
    await cluster.settled();
    expect(topic.partition(0)).toMatchObject({ endOffset: 1, highWatermark: 0 });
    other.stop();
    expect(await answer).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(valuesOf(await waiting)).toEqual(['a']);
  });

  it('times out with acks=all, and is in the log all the same', async () => {
    const { client, cluster, topic, clock } = await start();
    using _ = topic.holdReplication({ partition: 0 });
    const answer = produce(client, 'orders', batchOf(['a']));
    await cluster.nextRequest('Produce');
    await clock.advance(1000);
    expect(await answer).toMatchObject({ errorCode: errorCodes.REQUEST_TIMED_OUT, baseOffset: 0 });
    expect(topic.partition(0)).toMatchObject({ endOffset: 1, highWatermark: 0 });
  });

  it('is committed once the followers have lagged for too long to count', async () => {
    const { client, topic, clock } = await start();
    using _ = topic.holdReplication();
    await produce(client, 'orders', batchOf(['a']), { acks: 1 });
    await clock.advance(29_999);
    expect(topic.partition(0)).toMatchObject({ highWatermark: 0, inSync: [1, 2, 3] });
    await clock.advance(1);
    expect(topic.partition(0)).toMatchObject({ highWatermark: 1, inSync: [1] });
    await produce(client, 'orders', batchOf(['b']));
    expect(topic.partition(0)).toMatchObject({ highWatermark: 2 });
  });

  it('stays uncommitted while fewer are in sync than must be', async () => {
    const { client, topic, clock } = await start({ 'min.insync.replicas': '2' });
    const hold = topic.holdReplication();
    await produce(client, 'orders', batchOf(['a']), { acks: 1 });
    await clock.advance(30_000);
    expect(topic.partition(0)).toMatchObject({ highWatermark: 0, inSync: [1] });
    expect(await produce(client, 'orders', batchOf(['b']))).toMatchObject({ errorCode: errorCodes.NOT_ENOUGH_REPLICAS });
    const eligible = async () => {
      const { topics } = await client.send(apis.describeTopicPartitions, 0, { topics: [{ name: 'orders' }] });
      return topics[0]!.partitions[0]!.eligibleLeaderReplicas;
    };
    expect(await eligible()).toEqual([2, 3]);
    hold.stop();
    expect(topic.partition(0)).toMatchObject({ highWatermark: 1, inSync: [1, 2, 3] });
    expect(await eligible()).toEqual([]);
  });

  it('is told when the leader moves meanwhile', async () => {
    const { client, cluster, topic } = await start();
    using _ = topic.holdReplication({ followers: [3] });
    const answer = produce(client, 'orders', batchOf(['a']));
    await cluster.settled();
    topic.moveLeader(0, 2);
    expect(await answer).toMatchObject({ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId: 2 } });
  });
});

describe('a held follower', () => {
  it('gives what it has, and no more', async () => {
    const { cluster, topic } = await start();
    const follower = await connect(cluster, 2);
    topic.append('a');
    using _ = topic.holdReplication({ followers: [2] });
    topic.append('b');
    const fetched = await fetch(follower, 'orders', 0);
    expect(fetched).toMatchObject({ errorCode: 0, highWatermark: 1 });
    expect(valuesOf(fetched)).toEqual(['a']);
    expect(await fetch(follower, 'orders', 2)).toMatchObject({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE });
  });

  it('may have records and not know that they are committed', async () => {
    const { client, cluster, topic } = await start();
    const follower = await connect(cluster, 2);
    topic.append('a');
    using _ = topic.holdReplication({ followers: [2], what: 'highWatermark' });
    expect(await produce(client, 'orders', batchOf(['b']))).toMatchObject({ errorCode: 0 });
    expect(topic.partition(0)).toMatchObject({ highWatermark: 2, followers: [{ broker: 2, endOffset: 2, highWatermark: 1, lag: 0 }, { broker: 3 }] }); // prettier-ignore
    expect(valuesOf(await fetch(follower, 'orders', 0))).toEqual(['a']);
    expect(await fetch(follower, 'orders', 2)).toMatchObject({ errorCode: 0, highWatermark: 1 });
  });

  it('is nobody that a leader would send a reader to', async () => {
    const configs = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' };
    const cluster = await MockCluster.start({ brokers: 2, racks: ['a', 'b'], configs, topics: { orders: 1 }, clock: new VirtualClock() });
    const client = await connect(cluster, 1);
    const topic = cluster.topic('orders');
    const preferred = async (offset: number) => (await fetch(client, 'orders', offset, { rackId: 'b' })).preferredReadReplica;
    using _ = topic.holdReplication();
    topic.append('a');
    expect([await preferred(0), await preferred(1)]).toEqual([2, -1]);
  });

  it('loses the tail for all when it becomes the leader, and readers are told where the logs part (KIP-320)', async () => {
    const { client, cluster, topic } = await start();
    topic.append('a');
    const hold = topic.holdReplication();
    await produce(client, 'orders', batchOf(['lost']), { acks: 1 });
    await cluster.broker(1).down();
    hold.stop();
    expect(topic.partition(0)).toMatchObject({ leader: 2, leaderEpoch: 1, endOffset: 1, inSync: [2, 3] });
    topic.append('b', 'c');
    const leader = await connect(cluster, 2);
    const epochs = [{ topic: 'orders', partitions: [{ partition: 0, currentLeaderEpoch: 1, leaderEpoch: 0 }] }];
    const { topics } = await leader.send(apis.offsetForLeaderEpoch, 4, { replicaId: -1, topics: epochs });
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 1 });
    const partitions = [{ partition: 0, fetchOffset: 2, lastFetchedEpoch: 0, currentLeaderEpoch: 1, partitionMaxBytes: 1000 }];
    const diverged = await leader.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 1, topics: [{ topic: 'orders', partitions }] });
    expect(diverged.responses[0]!.partitions[0]).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1 } });
    await cluster.broker(1).up();
    expect(topic.partition(0)).toMatchObject({ inSync: [1, 2, 3], endOffset: 3, highWatermark: 3 });
  });

  it('keeps a new leader from knowing what is committed (KIP-207)', async () => {
    const { cluster, topic } = await start();
    topic.append('a');
    using _ = topic.holdReplication({ followers: [3] });
    topic.append('b');
    topic.moveLeader(0, 2);
    const leader = await connect(cluster, 2);
    expect(await latest(leader)).toMatchObject({ errorCode: errorCodes.OFFSET_NOT_AVAILABLE, offset: -1 });
    expect(await latest(leader, 4)).toMatchObject({ errorCode: errorCodes.LEADER_NOT_AVAILABLE });
  });
});

describe('when nobody in sync is left', () => {
  it.each([
    ['waits for the one that has everything', 'false', { leader: -1, endOffset: 2 }],
    ['is led by another, which loses the rest, where the topic allows it', 'true', { leader: 2, endOffset: 1, inSync: [2] }],
  ])('a partition %s', async (_what, unclean, expected) => {
    const clock = new VirtualClock();
    const configs = { 'unclean.leader.election.enable': unclean };
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: { configs } }, clock });
    const topic = cluster.topic('orders');
    topic.append('a');
    await cluster.broker(2).down();
    topic.append('b');
    await cluster.broker(1).down();
    await cluster.broker(2).up();
    expect(topic.partition(0)).toMatchObject(expected);
    await cluster.broker(1).up();
    expect(topic.partition(0)).toMatchObject({ inSync: [1, 2], highWatermark: expected.endOffset });
  });
});
