import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';

async function start(): Promise<{ cluster: MockCluster; client: TestClient; other: TestClient }> {
  const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 2 } });
  const coordinator = cluster.group('g').coordinator;
  return { cluster, client: await connect(cluster, coordinator), other: await connect(cluster, 3 - coordinator) };
}

function commitOf(committedOffset: number, more: object = {}) {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: 'note' }];
  return { groupId: 'g', memberId: '', topics: [{ name: 'orders', partitions }], ...more };
}

async function commitError(client: TestClient, request: ReturnType<typeof commitOf>, version = 8): Promise<number> {
  const { topics } = await client.send(apis.offsetCommit, version, request);
  return topics[0]!.partitions[0]!.errorCode;
}

describe('FindCoordinator', () => {
  it('names the leader of the group’s partition of __consumer_offsets, in every version', async () => {
    const { cluster, client } = await start();
    const { coordinator } = cluster.group('g');
    const old = await client.send(apis.findCoordinator, 1, { key: 'g' });
    const current = await client.send(apis.findCoordinator, 6, { coordinatorKeys: ['g', 'h'] });
    expect(old).toMatchObject({ errorCode: 0, nodeId: coordinator, host: `mock-${coordinator}`, port: 9092 });
    expect(current.coordinators).toMatchObject([
      { key: 'g', nodeId: coordinator },
      { key: 'h', nodeId: cluster.group('h').coordinator },
    ]);
  });

  it('names another when the coordinator is down', async () => {
    const { cluster, other } = await start();
    const { coordinator } = cluster.group('g');
    await cluster.broker(coordinator).down();
    expect(await other.send(apis.findCoordinator, 1, { key: 'g' })).toMatchObject({ nodeId: 3 - coordinator });
  });

  it('has none to name when the partition has no leader', async () => {
    const { cluster, client } = await start();
    cluster.group('g').moveCoordinator(-1);
    const answer = await client.send(apis.findCoordinator, 1, { key: 'g' });
    expect(answer).toMatchObject({
      errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE,
      nodeId: -1,
      errorMessage: 'The coordinator is not available.',
    });
  });
});

describe('committed offsets', () => {
  it('are fetched as they were committed', async () => {
    const { cluster, client } = await start();
    expect(await commitError(client, commitOf(5))).toBe(0);
    const topics = [{ name: 'orders', partitionIndexes: [0, 1] }];
    const fetched = await client.send(apis.offsetFetch, 7, { groupId: 'g', topics });
    expect(fetched.topics[0]!.partitions).toEqual([
      { partitionIndex: 0, committedOffset: 5, committedLeaderEpoch: -1, metadata: 'note', errorCode: 0 },
      { partitionIndex: 1, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: 0 },
    ]);
    expect(cluster.group('g').committed('orders', 0)).toBe(5);
    expect(cluster.group('g').committed('orders', 1)).toBeUndefined();
  });

  it('are all fetched where no topic is named', async () => {
    const { cluster, client } = await start();
    cluster.group('g').commit('orders', 1, 7);
    const { groups } = await client.send(apis.offsetFetch, 9, { groups: [{ groupId: 'g', topics: null }] });
    expect(groups).toMatchObject([{ topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, committedOffset: 7 }] }] }]);
  });

  it('go by topic id from version 10 on', async () => {
    const { cluster, client } = await start();
    const { id } = cluster.topic('orders');
    const partitions = [{ partitionIndex: 0, committedOffset: 5, committedMetadata: '' }];
    const unknown = 'AAAAAAAAAAAAAAAAAAAAAQ';
    const topics = [id, unknown].map((topicId) => ({ topicId, partitions }));
    const committed = await client.send(apis.offsetCommit, 10, { groupId: 'g', memberId: '', topics });
    expect(committed.topics.map(({ partitions }) => partitions[0]!.errorCode)).toEqual([0, errorCodes.UNKNOWN_TOPIC_ID]);
    const asked = [{ topicId: id, partitionIndexes: [0] }];
    const { groups } = await client.send(apis.offsetFetch, 10, { groups: [{ groupId: 'g', topics: asked }] });
    expect(groups[0]!.topics).toMatchObject([{ topicId: id, partitions: [{ committedOffset: 5 }] }]);
  });

  it.each([
    [
      'a topic that is missing',
      { topics: [{ name: 'missing', partitions: commitOf(1).topics[0]!.partitions }] },
      'UNKNOWN_TOPIC_OR_PARTITION',
    ],
    ['a generation that nobody gave', { generationIdOrMemberEpoch: 1, memberId: 'm' }, 'ILLEGAL_GENERATION'],
  ] as const)('are refused for %s', async (_what, more, error) => {
    const { client } = await start();
    expect(await commitError(client, commitOf(1, more))).toBe(errorCodes[error]);
  });

  it('are refused with too much metadata', async () => {
    const { client } = await start();
    const request = commitOf(1);
    request.topics[0]!.partitions[0]!.committedMetadata = 'x'.repeat(4097);
    expect(await commitError(client, request)).toBe(errorCodes.OFFSET_METADATA_TOO_LARGE);
  });

  it('are kept by the coordinator alone', async () => {
    const { cluster, client, other } = await start();
    expect(await commitError(other, commitOf(5))).toBe(errorCodes.NOT_COORDINATOR);
    const answer = await other.send(apis.offsetFetch, 7, { groupId: 'g', topics: null });
    expect(answer).toMatchObject({ errorCode: errorCodes.NOT_COORDINATOR, topics: [] });
    cluster.group('g').moveCoordinator(3 - cluster.group('g').coordinator);
    expect(await commitError(other, commitOf(5))).toBe(0);
    expect(await commitError(client, commitOf(5))).toBe(errorCodes.NOT_COORDINATOR);
  });
});

describe('a group that only holds offsets', () => {
  it('is listed and described as an empty classic group', async () => {
    const { client } = await start();
    await commitError(client, commitOf(5));
    const { groups } = await client.send(apis.listGroups, 5, {});
    expect(groups).toEqual([{ groupId: 'g', protocolType: '', groupState: 'Empty', groupType: 'classic' }]);
    const described = await client.send(apis.describeGroups, 6, { groups: ['g'] });
    expect(described.groups).toMatchObject([{ errorCode: 0, groupState: 'Empty', protocolType: '', members: [] }]);
  });

  it.each([
    [{ statesFilter: ['EMPTY'] }, 1],
    [{ statesFilter: ['Stable'] }, 0],
    [{ typesFilter: ['Classic'] }, 1],
    [{ typesFilter: ['consumer'] }, 0],
  ])('is found by the filter %j: %i', async (filter, count) => {
    const { client } = await start();
    await commitError(client, commitOf(5));
    expect((await client.send(apis.listGroups, 5, filter)).groups).toHaveLength(count);
  });

  it('loses single offsets, and goes as a whole', async () => {
    const { cluster, client } = await start();
    cluster.group('g').commit('orders', 0, 5);
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }];
    expect(await client.send(apis.offsetDelete, 0, { groupId: 'g', topics })).toMatchObject({ errorCode: 0 });
    expect(cluster.group('g').commits()).toEqual([]);
    const deleted = await client.send(apis.deleteGroups, 2, { groupsNames: ['g'] });
    const again = await client.send(apis.deleteGroups, 2, { groupsNames: ['g'] });
    expect([deleted, again].map(({ results }) => results[0]!.errorCode)).toEqual([0, errorCodes.GROUP_ID_NOT_FOUND]);
  });

  it('is dead when it is not there, and an error from version 6 on', async () => {
    const { client } = await start();
    const [old, current] = await Promise.all([5, 6].map((version) => client.send(apis.describeGroups, version, { groups: ['g'] })));
    expect(old!.groups).toMatchObject([{ errorCode: 0, groupState: 'Dead' }]);
    expect(current!.groups).toMatchObject([
      { errorCode: errorCodes.GROUP_ID_NOT_FOUND, groupState: 'Dead', errorMessage: 'Group g not found.' },
    ]);
  });
});
