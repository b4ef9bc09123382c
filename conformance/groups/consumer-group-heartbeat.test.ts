import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { type Heartbeat, TestGroup } from './consumer-group.ts';

/** What a single member is told, and what is refused (KIP-848). */

const topic = await broker.createTopic({ partitions: 3 });
const other = await broker.createTopic({ partitions: 1 });
const joining: Heartbeat = { memberEpoch: 0, rebalanceTimeoutMs: 30_000, topicPartitions: [], subscribedTopicNames: [topic.name] };
afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.consumerGroupHeartbeat))('ConsumerGroupHeartbeat version %i', (version) => {
  it('gives all partitions to the first member, at epoch 2', async () => {
    const group = await TestGroup.create();
    const answer = await group.heartbeat({ ...joining, memberId: 'm' }, version);
    expect(answer).toMatchObject({ errorCode: code.none, memberId: 'm', memberEpoch: 2, heartbeatIntervalMs: 1000 });
    expect(answer.assignment).toEqual({ topicPartitions: [{ topicId: topic.id, partitions: [0, 1, 2] }] });
  });

  it('lets a member leave', async () => {
    const group = await TestGroup.create();
    await group.heartbeat({ ...joining, memberId: 'm' }, version);
    const answer = await group.heartbeat({ memberId: 'm', memberEpoch: -1 }, version);
    expect(answer).toMatchObject({ errorCode: code.none, memberId: 'm', memberEpoch: -1, heartbeatIntervalMs: 0, assignment: null });
    expect(await group.describe()).toMatchObject({ groupState: 'Empty', groupEpoch: 3, assignmentEpoch: 2, members: [] });
    expect(await group.heartbeat({ memberId: 'm', memberEpoch: 2 }, version)).toMatchObject({ errorCode: code.unknownMemberId });
  });

  it.each<[string, Heartbeat, number, string]>([
    ['no rebalance timeout', { rebalanceTimeoutMs: -1 }, code.invalidRequest, 'RebalanceTimeoutMs must be provided in first request.'],
    ['no partitions', { topicPartitions: null }, code.invalidRequest, 'TopicPartitions must be empty when (re-)joining.'],
    [
      'partitions',
      { topicPartitions: [{ topicId: topic.id, partitions: [0] }] },
      code.invalidRequest,
      'TopicPartitions must be empty when (re-)joining.',
    ],
    [
      'no subscription',
      { subscribedTopicNames: null },
      code.invalidRequest,
      'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.',
    ],
    ['an empty group id', { groupId: '' }, code.invalidRequest, "GroupId can't be empty."],
    ['a blank instance id', { instanceId: ' ' }, code.invalidRequest, "InstanceId can't be empty."],
    ['an empty rack id', { rackId: '' }, code.invalidRequest, "RackId can't be empty."],
    [
      'an unknown assignor',
      { serverAssignor: 'sticky' },
      code.unsupportedAssignor,
      'ServerAssignor sticky is not supported. Supported assignors: uniform, range.',
    ],
  ])('refuses to let a member join with %s', async (_, fields, errorCode, errorMessage) => {
    const group = await TestGroup.create();
    const answer = await group.heartbeat({ ...joining, memberId: 'm', ...fields }, version);
    expect(answer).toEqual({
      ...{ throttleTimeMs: 0, errorCode, errorMessage, memberId: null },
      ...{ memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null },
    });
    expect((await group.describe()).errorCode).toBe(code.groupIdNotFound);
  });

  it.each<[string, Heartbeat, number, string]>([
    ['without a member id', { memberId: '', memberEpoch: 1 }, code.invalidRequest, "MemberId can't be empty."],
    ['of one that leaves without a member id', { memberId: '', memberEpoch: -1 }, code.invalidRequest, "MemberId can't be empty."],
    ['of a static member that has no instance id', { memberEpoch: -2 }, code.invalidRequest, "InstanceId can't be null."],
    ['with an epoch below -2', { memberEpoch: -3 }, code.invalidRequest, 'MemberEpoch is invalid.'],
  ])('refuses a heartbeat %s', async (_, fields, errorCode, errorMessage) => {
    const group = await TestGroup.create();
    expect(await group.heartbeat({ memberId: 'm', ...fields }, version)).toMatchObject({ errorCode, errorMessage });
  });

  it('knows no group that nobody has joined', async () => {
    const group = await TestGroup.create();
    const errorCode = code.groupIdNotFound;
    const beat = await group.heartbeat({ memberId: 'm', memberEpoch: 3 }, version);
    expect(beat).toMatchObject({ errorCode, errorMessage: `Consumer group ${group.id} not found.` });
    const left = await group.heartbeat({ memberId: 'm', memberEpoch: -1 }, version);
    expect(left).toMatchObject({ errorCode, errorMessage: `Group ${group.id} not found.` });
  });

  it.each([3, -1])('knows no member that has not joined, at epoch %i', async (memberEpoch) => {
    const group = await TestGroup.create();
    await group.heartbeat({ ...joining, memberId: 'm' }, version);
    const answer = await group.heartbeat({ memberId: 'other', memberEpoch }, version);
    expect(answer).toMatchObject({
      errorCode: code.unknownMemberId,
      errorMessage: `Member other is not a member of group ${group.id}.`,
    });
  });
});

describe('ConsumerGroupHeartbeat', () => {
  it('version 0 makes up the id of a member that has none', async () => {
    const group = await TestGroup.create();
    const { memberId } = await group.heartbeat({ ...joining, memberId: '' }, 0);
    expect(memberId).toMatch(/^[\w-]{22}$/);
    expect((await group.heartbeat({ memberId: memberId!, memberEpoch: 2 }, 0)).errorCode).toBe(code.none);
  });

  it('version 1 wants the member to bring an id', async () => {
    const group = await TestGroup.create();
    const answer = await group.heartbeat({ ...joining, memberId: '' });
    expect(answer).toMatchObject({ errorCode: code.invalidRequest, errorMessage: "MemberId can't be empty." });
  });

  it('tells the assignment only when it has changed, or when the member says all', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([topic]);
    expect((await member.beat()).assignment).toBeNull();
    expect((await member.beat({ subscribedTopicNames: [topic.name] })).assignment).toBeNull();
    const full = await member.beat({ subscribedTopicNames: [topic.name], rebalanceTimeoutMs: 30_000 });
    expect(full.assignment?.topicPartitions).toHaveLength(1);
    const { memberEpoch, assignment } = await member.join([topic]);
    expect({ memberEpoch, partitions: assignment?.topicPartitions[0]?.partitions }).toEqual({ memberEpoch: 2, partitions: [0, 1, 2] });
  });

  it('gives nothing to a member that is subscribed to nothing, at epoch 1', async () => {
    const group = await TestGroup.create();
    const answer = await group.member().join([]);
    expect(answer).toMatchObject({ memberEpoch: 1, assignment: { topicPartitions: [] } });
    expect(await group.describe()).toMatchObject({ groupState: 'Stable', groupEpoch: 1, assignmentEpoch: 1 });
  });

  it('fences a member whose epoch is ahead', async () => {
    const group = await TestGroup.create();
    const member = group.member('m');
    await member.join([topic]);
    expect(await member.beat({ memberEpoch: 3 })).toMatchObject({
      errorCode: code.fencedMemberEpoch,
      errorMessage:
        'The consumer group member has a greater member epoch (3) than the one known by the group coordinator (2). ' +
        'The member must abandon all its partitions and rejoin.',
    });
  });

  it('takes the previous epoch from a member that owns no more than it has', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([topic]);
    await member.beat({ subscribedTopicNames: [topic.name, other.name] });
    expect(member.epoch).toBe(3);
    const owned = [{ topicId: topic.id, partitions: [0, 1] }];
    expect((await group.heartbeat({ memberId: member.id, memberEpoch: 2, topicPartitions: owned })).errorCode).toBe(code.none);
    for (const topicPartitions of [null, [{ topicId: topic.id, partitions: [0, 7] }]]) {
      const answer = await group.heartbeat({ memberId: member.id, memberEpoch: 2, topicPartitions });
      expect(answer.errorCode).toBe(code.fencedMemberEpoch);
    }
    const older = await group.heartbeat({ memberId: member.id, memberEpoch: 1, topicPartitions: [] });
    expect(older).toMatchObject({
      errorCode: code.fencedMemberEpoch,
      errorMessage:
        'The consumer group member has a smaller member epoch (1) than the one known by the group coordinator (3). ' +
        'The member must abandon all its partitions and rejoin.',
    });
  });

  if (broker.nodes > 1) {
    it('is answered by the coordinator only, which looks at the request before', async () => {
      const group = await TestGroup.create();
      const { nodeId } = await group.wire.send(apis.findCoordinator, 2, { key: group.id, keyType: 0 });
      const elsewhere = await broker.wire((nodeId % broker.nodes) + 1);
      const request = { groupId: group.id, memberId: 'm', memberEpoch: 0, ...joining };
      const answer = await elsewhere.send(apis.consumerGroupHeartbeat, 1, request);
      expect(answer).toMatchObject({ errorCode: code.notCoordinator, errorMessage: null });
      const wrong = await elsewhere.send(apis.consumerGroupHeartbeat, 1, { ...request, memberEpoch: -3 });
      expect(wrong.errorCode).toBe(code.invalidRequest);
    });
  }
});
