import { afterEach, describe, expect, it } from 'vitest';
import { apis, type ConsumerGroupHeartbeatRequest, errorCodes } from '@tskafka/core/protocol';
import { MockCluster } from '../../mock-cluster.ts';
import { connect, type TestClient } from '../../test-client.ts';
import { VirtualClock } from '../../virtual-clock.ts';

/** What only time brings about; the rest is in conformance/groups, on both brokers. */

let cluster: MockCluster | undefined;
afterEach(async () => cluster?.close());

async function scene(configs: Readonly<Record<string, string>> = { 'group.consumer.assignment.interval.ms': '0' }) {
  const clock = new VirtualClock();
  cluster = await MockCluster.start({ clock, topics: { orders: 2 }, configs });
  const client = await connect(cluster);
  return { clock, cluster, client };
}

const join = { memberEpoch: 0, rebalanceTimeoutMs: 30_000, topicPartitions: [], subscribedTopicNames: ['orders'] };

function beat(client: TestClient, memberId: string, fields: Partial<ConsumerGroupHeartbeatRequest>) {
  return client.send(apis.consumerGroupHeartbeat, 1, { groupId: 'g', memberId, memberEpoch: 0, ...fields });
}

async function describeGroup(client: TestClient) {
  const { groups } = await client.send(apis.consumerGroupDescribe, 1, { groupIds: ['g'], includeAuthorizedOperations: false });
  return groups[0]!;
}

describe('A session', () => {
  it('ends 45 seconds after the last heartbeat', async () => {
    const { clock, client } = await scene();
    await beat(client, 'a', join);
    await clock.advance(40_000);
    await beat(client, 'a', { memberEpoch: 2 });
    await clock.advance(44_999);
    expect((await describeGroup(client)).members).toHaveLength(1);
    await clock.advance(1);
    expect(await describeGroup(client)).toMatchObject({ groupState: 'Empty', groupEpoch: 3, members: [] });
    expect((await beat(client, 'a', { memberEpoch: 2 })).errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    expect(clock.pendingTimers).toBe(1); // the one that looks for expired offsets
  });

  it('that ends gives its partitions to the others', async () => {
    const { clock, client } = await scene();
    await beat(client, 'a', join);
    await beat(client, 'b', join);
    await clock.advance(30_000);
    await beat(client, 'b', { memberEpoch: 3 });
    await clock.advance(15_000);
    const { memberEpoch, assignment } = await beat(client, 'b', { memberEpoch: 3 });
    expect(memberEpoch).toBe(4);
    expect(assignment!.topicPartitions[0]!.partitions).toEqual([0, 1]);
  });

  it('of a static member that is away ends as well', async () => {
    const { clock, client } = await scene();
    await beat(client, 'a', { ...join, instanceId: 'i' });
    await beat(client, 'a', { memberEpoch: -2, instanceId: 'i' });
    await clock.advance(44_999);
    expect((await describeGroup(client)).members).toHaveLength(1);
    await clock.advance(1);
    expect((await describeGroup(client)).members).toHaveLength(0);
  });

  it('lasts as long as the brokers are told, and members are told how often to say that they live', async () => {
    const { clock, client } = await scene({ 'group.consumer.session.timeout.ms': '50000', 'group.consumer.heartbeat.interval.ms': '7000' });
    expect((await beat(client, 'a', join)).heartbeatIntervalMs).toBe(7000);
    await clock.advance(49_999);
    expect((await describeGroup(client)).members).toHaveLength(1);
    await clock.advance(1);
    expect((await describeGroup(client)).members).toHaveLength(0);
  });
});

describe('A member that does not give back what it must', () => {
  it('is put out after its rebalance timeout, though it lives', async () => {
    const { clock, client } = await scene();
    const owns = (topicId: string) => ({ memberEpoch: 2, topicPartitions: [{ topicId, partitions: [0, 1] }] });
    const { assignment } = await beat(client, 'a', join);
    const { topicId } = assignment!.topicPartitions[0]!;
    await beat(client, 'b', join);
    expect((await beat(client, 'a', owns(topicId))).memberEpoch).toBe(2);
    await clock.advance(29_999);
    expect((await beat(client, 'a', owns(topicId))).errorCode).toBe(0);
    await clock.advance(1);
    expect((await beat(client, 'a', owns(topicId))).errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    const answer = await beat(client, 'b', { memberEpoch: 3 });
    expect(answer.assignment!.topicPartitions[0]!.partitions).toEqual([0, 1]);
  });

  it('may stay when it gives back in time', async () => {
    const { clock, client } = await scene();
    await beat(client, 'a', join);
    await beat(client, 'b', join);
    await beat(client, 'a', { memberEpoch: 2 });
    await clock.advance(29_999);
    expect((await beat(client, 'a', { memberEpoch: 2, topicPartitions: [] })).memberEpoch).toBe(3);
    await clock.advance(15_000);
    expect((await describeGroup(client)).members.map(({ memberId }) => memberId)).toContain('a');
  });
});

describe('A target assignment', () => {
  it('is computed a second after the last one at the earliest', async () => {
    const { clock, client } = await scene({});
    await beat(client, 'a', join);
    expect(await beat(client, 'b', join)).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [] } });
    expect(await describeGroup(client)).toMatchObject({ groupState: 'Assigning', groupEpoch: 3, assignmentEpoch: 2 });
    await clock.advance(999);
    expect((await beat(client, 'b', { memberEpoch: 2 })).memberEpoch).toBe(2);
    await clock.advance(1);
    expect((await beat(client, 'b', { memberEpoch: 2 })).memberEpoch).toBe(3);
  });
});

describe('A regular expression', () => {
  const joinByRegex = { ...join, subscribedTopicNames: [], subscribedTopicRegex: 'orders.*' };
  const topicCount = async (client: TestClient) => (await describeGroup(client)).members[0]!.targetAssignment.topicPartitions.length;

  it('finds new topics ten seconds after it was looked at last', async () => {
    const { clock, cluster, client } = await scene();
    await beat(client, 'a', joinByRegex);
    await beat(client, 'a', { memberEpoch: 1 });
    expect(await topicCount(client)).toBe(1);
    cluster.createTopic('orders-2', 1);
    await clock.advance(10_000);
    await beat(client, 'a', { memberEpoch: 2 });
    await beat(client, 'a', { memberEpoch: 2 });
    expect(await topicCount(client)).toBe(1);
    await clock.advance(1);
    await beat(client, 'a', { memberEpoch: 2 });
    expect((await beat(client, 'a', { memberEpoch: 2 })).memberEpoch).toBe(3);
    expect(await topicCount(client)).toBe(2);
  });
});

it('A full group has no place for another', async () => {
  const { client } = await scene({ 'group.consumer.max.size': '1' });
  await beat(client, 'a', join);
  const message = 'The consumer group has reached its maximum capacity of 1 members.';
  expect(await beat(client, 'b', join)).toMatchObject({ errorCode: errorCodes.GROUP_MAX_SIZE_REACHED, errorMessage: message });
  expect((await beat(client, 'a', join)).errorCode).toBe(0);
});

it('A broker before 4.0 has no consumer groups', async () => {
  await using old = await MockCluster.start({ kafkaVersion: '3.9' });
  const { apiKeys, finalizedFeatures } = await (
    await connect(old)
  ).send(apis.apiVersions, 3, {
    clientSoftwareName: 'test',
    clientSoftwareVersion: '1',
  });
  expect(apiKeys.map(({ apiKey }) => apiKey)).not.toContain(apis.consumerGroupHeartbeat.key);
  expect(finalizedFeatures.map(({ name }) => name)).not.toContain('group.version');
});

it('A group goes on with its next coordinator, and its sessions begin anew', async () => {
  const clock = new VirtualClock();
  cluster = await MockCluster.start({ clock, brokers: 2, topics: { orders: 2 } });
  const group = cluster.group('g');
  const old = group.coordinator;
  const next = cluster.brokerIds.find((id) => id !== old)!;
  const [before, after] = [await connect(cluster, old), await connect(cluster, next)];
  await beat(before, 'a', join);
  await clock.advance(44_000);
  group.moveCoordinator(next);
  expect((await beat(before, 'a', { memberEpoch: 2 })).errorCode).toBe(errorCodes.NOT_COORDINATOR);
  await clock.advance(44_999);
  expect(await describeGroup(after)).toMatchObject({ groupState: 'Stable', groupEpoch: 2, members: [{ memberId: 'a', memberEpoch: 2 }] });
  await clock.advance(1);
  expect((await describeGroup(after)).groupState).toBe('Empty');
});
