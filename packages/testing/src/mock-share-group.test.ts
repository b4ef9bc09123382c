import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';
import { connect, type TestClient } from './test-client.ts';
import { VirtualClock } from './virtual-clock.ts';

const groupId = 'g';
const limits = { minBytes: 1, maxBytes: 1_000_000, maxRecords: 100, batchSize: 100, forgottenTopicsData: [] };

/** A cluster with a topic of five records, and a member that has acquired them all. */
async function scene(options: MockClusterOptions = {}) {
  const clock = new VirtualClock();
  const configs = { 'group.share.assignment.interval.ms': '0' };
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock, configs, ...options });
  const topic = cluster.topic('orders');
  const leader = topic.partition(0).leader;
  const client = await connect(cluster, leader);
  const coordinator = await connect(cluster, cluster.group(groupId).coordinator);
  const join = async (memberId: string): Promise<void> => {
    await heartbeat(coordinator, memberId, 0, ['orders']);
    await cluster.settled();
    await heartbeat(coordinator, memberId, 0, ['orders']);
  };
  await join('a');
  const resources = [
    { resourceType: 32, resourceName: groupId, configs: [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }] },
  ];
  await client.send(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
  for (let i = 0; i < 5; i++) topic.append({ value: String(i) });
  const fetch = async (memberId: string, shareSessionEpoch = 0, maxWaitMs = 0, by = client) => {
    const topics = [{ topicId: topic.id, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }];
    const { responses } = await by.send(apis.shareFetch, 2, { ...limits, groupId, memberId, shareSessionEpoch, maxWaitMs, topics });
    return responses[0]?.partitions[0]?.acquiredRecords ?? [];
  };
  expect(await fetch('a')).toEqual([{ firstOffset: 0, lastOffset: 4, deliveryCount: 1 }]);
  const acknowledge = async (memberId: string, shareSessionEpoch: number, firstOffset: number, lastOffset: number, type: number) => {
    const acknowledgementBatches = [{ firstOffset, lastOffset, acknowledgeTypes: [type] }];
    const topics = [{ topicId: topic.id, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }];
    const { responses } = await client.send(apis.shareAcknowledge, 2, { groupId, memberId, shareSessionEpoch, topics });
    return responses[0]!.partitions[0]!.errorCode;
  };
  return { cluster, clock, client, leader, topic, group: cluster.group(groupId), join, fetch, acknowledge };
}

function heartbeat(client: TestClient, memberId: string, memberEpoch: number, subscribedTopicNames: string[] | null) {
  return client.send(apis.shareGroupHeartbeat, 1, { groupId, memberId, memberEpoch, subscribedTopicNames });
}

const available = { state: 'available', memberId: '' } as const;

describe('a share group in the hand of a test', () => {
  it('shows its members, and what each has', async () => {
    const { group, join } = await scene();
    await join('b');
    expect([group.type, group.state]).toEqual(['share', 'Stable']);
    expect(group.members()).toMatchObject([
      { memberId: 'a', groupInstanceId: null, clientId: 'test', topics: ['orders'], assignment: [{ topic: 'orders', partition: 0 }] },
      { memberId: 'b', assignment: [{ topic: 'orders', partition: 0 }] },
    ]);
    expect(await group.waitForStable({ members: 2 })).toHaveLength(2);
  });

  it('shows who has acquired what, and how often it was delivered', async () => {
    const { group, acknowledge } = await scene();
    expect(group.inFlight('orders', 0)).toEqual([{ firstOffset: 0, lastOffset: 4, state: 'acquired', deliveryCount: 1, memberId: 'a' }]);
    await acknowledge('a', 1, 1, 1, 1);
    await acknowledge('a', 2, 3, 3, 2);
    expect(group.inFlight('orders', 0)).toEqual([
      { firstOffset: 0, lastOffset: 0, state: 'acquired', deliveryCount: 1, memberId: 'a' },
      { firstOffset: 1, lastOffset: 1, state: 'acknowledged', deliveryCount: 1, memberId: '' },
      { firstOffset: 2, lastOffset: 2, state: 'acquired', deliveryCount: 1, memberId: 'a' },
      { firstOffset: 3, lastOffset: 3, ...available, deliveryCount: 1 },
      { firstOffset: 4, lastOffset: 4, state: 'acquired', deliveryCount: 1, memberId: 'a' },
    ]);
    expect(() => group.inFlight('orders', 7)).toThrow('the cluster has no partition orders-7');
  });

  it('is behind by what it is not done with', async () => {
    const { group, acknowledge } = await scene();
    expect(group.lag()).toEqual([{ topic: 'orders', partition: 0, committed: undefined, endOffset: 5, lag: 5 }]);
    const isDone = group.waitForLag(0);
    await acknowledge('a', 1, 2, 3, 1);
    expect(group.lag()).toMatchObject([{ committed: 0, lag: 3 }]);
    await acknowledge('a', 2, 0, 1, 1);
    expect(group.lag()).toMatchObject([{ lag: 1 }]);
    await acknowledge('a', 3, 4, 4, 3);
    await isDone;
    expect(group.lag()).toMatchObject([{ lag: 0 }]);
  });

  it('loses its locks when the clock says so, and whoever waits is given the records', async () => {
    const { cluster, clock, group, fetch } = await scene();
    const other = await connect(cluster);
    const waiting = fetch('b', 0, 60_000, other);
    await clock.advance(29_999);
    expect(group.inFlight('orders', 0)).toMatchObject([{ state: 'acquired', memberId: 'a' }]);
    await clock.advance(1);
    expect(await waiting).toEqual([{ firstOffset: 0, lastOffset: 4, deliveryCount: 2 }]);
  });

  it('loses its locks when a test says so', async () => {
    const { group, acknowledge } = await scene();
    group.expireLocks('b');
    expect(group.inFlight('orders', 0)).toMatchObject([{ state: 'acquired' }]);
    group.expireLocks();
    expect(group.inFlight('orders', 0)).toMatchObject([{ firstOffset: 0, lastOffset: 4, state: 'available' }]);
    expect(await acknowledge('a', 1, 0, 4, 1)).toBe(errorCodes.INVALID_RECORD_STATE);
  });

  it('loses a member to eviction, and to silence', async () => {
    const { clock, client, group, join } = await scene();
    await join('b');
    group.evict('a');
    expect(group.members().map(({ memberId }) => memberId)).toEqual(['b']);
    expect(await heartbeat(client, 'a', 3, null)).toMatchObject({ errorCode: errorCodes.UNKNOWN_MEMBER_ID });
    await clock.advance(45_000);
    expect([group.state, group.members()]).toEqual(['Empty', []]);
  });

  it('is assigned anew after a forced rebalance', async () => {
    const { client, group, join } = await scene();
    await join('a');
    const before = group.generation;
    group.rebalance();
    expect(await heartbeat(client, 'a', before, null)).toMatchObject({ errorCode: 0, memberEpoch: before + 1 });
  });

  it('takes up its state where another leader left it, deliveries included', async () => {
    const { cluster, leader, topic, group, acknowledge, fetch } = await scene({ brokers: 2 });
    await acknowledge('a', 1, 0, 0, 1);
    await acknowledge('a', 2, 2, 3, 2);
    topic.moveLeader(0, 3 - leader);
    const other = await connect(cluster, 3 - leader);
    expect(await fetch('b', 0, 0, other)).toEqual([
      { firstOffset: 1, lastOffset: 1, deliveryCount: 1 }, // nobody has stored that it was delivered
      { firstOffset: 2, lastOffset: 3, deliveryCount: 2 },
      { firstOffset: 4, lastOffset: 4, deliveryCount: 1 },
    ]);
    expect(group.inFlight('orders', 0)).toMatchObject([{ memberId: 'b' }, { memberId: 'b' }, { memberId: 'b' }]);
  });

  it('lets no more than so many members have sessions with a broker', async () => {
    const { cluster, fetch, clock } = await scene({
      configs: { 'group.share.assignment.interval.ms': '0', 'group.share.max.share.sessions': '1', 'group.share.max.size': '1' },
    });
    const other = await connect(cluster);
    const refused = fetch('b', 0, 500, other);
    await clock.advance(499);
    expect(cluster.requests({ api: 'ShareFetch' }).at(-1)!.response).toBeUndefined();
    await clock.advance(1);
    expect(await refused).toEqual([]);
    expect(cluster.requests({ api: 'ShareFetch' }).at(-1)!.response).toMatchObject({ errorCode: errorCodes.SHARE_SESSION_LIMIT_REACHED });
  });

  it('leaves no timer behind when the cluster is closed', async () => {
    const { cluster, clock } = await scene();
    await cluster.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

it.each([
  ['4.3', true],
  ['4.2', true],
  ['4.1', false],
])('Kafka %s offers share groups: %s', async (kafkaVersion, offered) => {
  const client = await connect(await MockCluster.start({ brokers: 1, kafkaVersion }));
  const { apiKeys, finalizedFeatures } = await client.send(apis.apiVersions, 4, { clientSoftwareName: 'a', clientSoftwareVersion: '1' });
  expect(apiKeys.some(({ apiKey }) => apiKey === apis.shareFetch.key)).toBe(offered);
  expect(finalizedFeatures.some(({ name }) => name === 'share.version')).toBe(offered);
});
