import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, commit, committed } from '../requests.ts';
import { acknowledgement, freshMember, join, leave, scene, type ShareGroup, shareGroup, type } from '../share-requests.ts';
import { until } from '../until.ts';

/** Who is in a share group, and what the group has read: its coordinator's part of KIP-932. */

const topic = await broker.createTopic({ partitions: 4 });
const missing = broker.freshName('missing');
afterAll(() => broker.closeWires());

function heartbeat(group: ShareGroup, memberEpoch: number, subscribedTopicNames: string[] | null, memberId = freshMember(), more = {}) {
  return group.wire.send(apis.shareGroupHeartbeat, 1, { groupId: group.id, memberId, memberEpoch, subscribedTopicNames, ...more });
}

async function describeGroup(group: ShareGroup, groupId = group.id) {
  const { groups } = await group.wire.send(apis.shareGroupDescribe, 1, { groupIds: [groupId], includeAuthorizedOperations: false });
  return groups[0]!;
}

describe('ShareGroupHeartbeat', () => {
  it('begins a group with the first member, which is given its partitions later', async () => {
    const group = await shareGroup();
    const memberId = freshMember();
    const first = await heartbeat(group, 0, [topic.name], memberId);
    expect(first).toEqual({
      ...{ throttleTimeMs: 0, errorCode: code.none, errorMessage: null, memberId, memberEpoch: 2, heartbeatIntervalMs: 5000 },
      assignment: { topicPartitions: [] },
    });
    let last = first;
    await until('it has partitions', async () => {
      last = await heartbeat(group, last.memberEpoch, null, memberId);
      return last.assignment !== null;
    });
    expect(last.memberEpoch).toBeGreaterThan(2);
    expect(last.assignment!.topicPartitions).toMatchObject([{ topicId: topic.id }]);
    expect([...last.assignment!.topicPartitions[0]!.partitions].sort()).toEqual([0, 1, 2, 3]);
    const idle = await heartbeat(group, last.memberEpoch, null, memberId);
    expect(idle).toMatchObject({ errorCode: code.none, memberEpoch: last.memberEpoch, assignment: null });
    const full = await heartbeat(group, last.memberEpoch, [topic.name], memberId);
    expect(full.assignment).toEqual(last.assignment);
  });

  it('divides partitions, and shares them where members are more', async () => {
    const group = await shareGroup();
    const ids = Array.from({ length: 6 }, () => freshMember());
    const counts = new Map<string, number>();
    for (const [i, id] of ids.entries()) {
      await join(group, [topic], id);
      if (i !== 1 && i !== 5) continue;
      const { members } = await settled(group, ids.slice(0, i + 1));
      for (const { memberId, assignment } of members) counts.set(memberId, assignment.topicPartitions[0]?.partitions.length ?? 0);
      if (i === 1) expect([...counts.values()]).toEqual([2, 2]);
    }
    // Two members for each partition is what it aims at; hashes decide whether the last one is left with one.
    expect(new Set(counts.values())).toEqual(new Set([1, 2]));
  });

  it.each<[string, number, string[] | null, string | undefined, object, number, string | null]>([
    ['a member without a name', 0, [topic.name], '', {}, code.invalidRequest, null],
    ['a member whose name is too long', 0, [topic.name], 'x'.repeat(37), {}, code.invalidRequest, null],
    ['a group without a name', 0, [topic.name], undefined, { groupId: '' }, code.invalidRequest, "GroupId can't be empty."],
    ['a rack without a name', 0, [topic.name], undefined, { rackId: '' }, code.invalidRequest, "RackId can't be empty."],
    ['to join without topics', 0, [], undefined, {}, code.invalidRequest, 'SubscribedTopicNames must be set in first request.'],
    ['to join without saying which', 0, null, undefined, {}, code.invalidRequest, 'SubscribedTopicNames must be set in first request.'],
    ['an epoch that there is not', -2, null, undefined, {}, code.invalidRequest, 'MemberEpoch is invalid.'],
  ])('refuses %s', async (_what, memberEpoch, topics, memberId, more, errorCode, errorMessage) => {
    const group = await shareGroup();
    const answer = await heartbeat(group, memberEpoch, topics, memberId, more);
    expect(answer).toMatchObject({ errorCode, errorMessage, memberId: null, memberEpoch: 0, assignment: null });
  });

  it('refuses members of other times', async () => {
    const group = await shareGroup();
    const { memberId, memberEpoch } = await join(group, [topic]);
    const error = async (epoch: number, id = memberId, groupId = group.id) => {
      const { errorCode, errorMessage } = await group.wire.send(apis.shareGroupHeartbeat, 1, { groupId, memberId: id, memberEpoch: epoch });
      return [errorCode, errorMessage];
    };
    const stranger = freshMember();
    expect(await error(memberEpoch - 1)).toEqual([code.none, null]); // it may have missed an answer
    const known = `the one known by the group coordinator (${memberEpoch})`;
    expect(await error(memberEpoch + 5)).toEqual([
      code.fencedMemberEpoch,
      `The share group member has a greater member epoch (${memberEpoch + 5}) than ${known}. The member must abandon all its partitions and rejoin.`,
    ]);
    expect((await error(1))[0]).toBe(memberEpoch === 2 ? code.none : code.fencedMemberEpoch);
    expect(await error(1, stranger)).toEqual([code.unknownMemberId, `Member ${stranger} is not a member of group ${group.id}.`]);
    expect(await error(-1, stranger)).toEqual([code.unknownMemberId, `Member ${stranger} is not a member of group ${group.id}.`]);
  });

  it('refuses a group that there is not, unless to begin it', async () => {
    const group = await shareGroup();
    expect(await heartbeat(group, 1, null)).toMatchObject({
      errorCode: code.groupIdNotFound,
      errorMessage: `Share group ${group.id} not found.`,
    });
    expect(await heartbeat(group, -1, null)).toMatchObject({
      errorCode: code.groupIdNotFound,
      errorMessage: `Group ${group.id} not found.`,
    });
  });

  it('refuses a group of another type, even one without members', async () => {
    const group = await shareGroup();
    await commit(group.wire, 8, group.id, topic, 1);
    const refusal = { errorCode: code.groupIdNotFound, errorMessage: `Group ${group.id} is not a share group.` };
    expect(await heartbeat(group, 0, [topic.name])).toMatchObject(refusal);
  });

  it('lets a member leave, and others take over', async () => {
    const group = await shareGroup();
    const [a, b] = [freshMember(), freshMember()];
    await join(group, [topic], a);
    await join(group, [topic], b);
    expect(await heartbeat(group, -1, null, a)).toMatchObject({ errorCode: code.none, memberId: a, memberEpoch: -1, assignment: null });
    const { members } = await settled(group, [b]);
    expect(members[0]!.assignment.topicPartitions[0]!.partitions).toHaveLength(4);
  });

  it('gives partitions of a topic that comes later', async () => {
    const group = await shareGroup();
    const memberId = freshMember();
    const late = broker.freshName('late');
    let { memberEpoch } = await heartbeat(group, 0, [late], memberId);
    const request = { name: late, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    await group.wire.send(apis.createTopics, 7, { topics: [request], timeoutMs: 30_000 });
    await until('it has the partition', async () => {
      const answer = await heartbeat(group, memberEpoch, null, memberId);
      memberEpoch = answer.memberEpoch;
      return answer.assignment?.topicPartitions.length === 1;
    });
  });

  /** What the group is once all of these members have come to its epoch. */
  async function settled(group: ShareGroup, ids: readonly string[]) {
    const epochs = new Map<string, number>();
    let described = await describeGroup(group);
    await until('the group has settled', async () => {
      for (const { memberId, memberEpoch } of described.members) epochs.set(memberId, memberEpoch);
      for (const id of ids) await heartbeat(group, epochs.get(id)!, null, id);
      described = await describeGroup(group);
      return described.members.every(({ memberEpoch }) => memberEpoch === described.groupEpoch);
    });
    return described;
  }
});

describe('a share group', () => {
  it('is described with its members', async () => {
    const group = await shareGroup();
    const memberId = freshMember();
    const { memberEpoch } = await join(group, [topic], memberId);
    const described = await describeGroup(group);
    expect(described).toMatchObject({
      ...{ errorCode: code.none, errorMessage: null, groupState: 'Stable', assignorName: 'simple' },
      ...{ groupEpoch: memberEpoch, assignmentEpoch: memberEpoch },
    });
    expect(described.members).toMatchObject([
      { memberId, memberEpoch, rackId: null, clientId: 'conformance', clientHost: '/127.0.0.1', subscribedTopicNames: [topic.name] },
    ]);
    expect(described.members[0]!.assignment.topicPartitions).toMatchObject([{ topicId: topic.id, topicName: topic.name }]);
    await leave(group, memberId);
    expect(await describeGroup(group)).toMatchObject({ groupState: 'Empty', members: [], groupEpoch: memberEpoch + 1 });
  });

  it('that is not there is not described', async () => {
    const group = await shareGroup();
    const errorMessage = `Group ${group.id} not found.`;
    expect(await describeGroup(group)).toMatchObject({ errorCode: code.groupIdNotFound, errorMessage, members: [] });
    expect(await describeGroup(group, '')).toMatchObject({ errorCode: code.invalidGroupId, errorMessage: null });
  });

  it('is listed, and is no classic group', async () => {
    const group = await shareGroup();
    await join(group, [topic]);
    const { groups } = await group.wire.send(apis.listGroups, 5, { typesFilter: ['share'], statesFilter: ['stable'] });
    expect(groups).toContainEqual({ groupId: group.id, protocolType: 'share', groupState: 'Stable', groupType: 'share' });
    const described = await group.wire.send(apis.describeGroups, 6, { groups: [group.id] });
    const errorMessage = `Group ${group.id} is not a classic group.`;
    expect(described.groups).toMatchObject([{ errorCode: code.groupIdNotFound, errorMessage, groupState: 'Dead' }]);
  });

  it('commits no offsets', async () => {
    const group = await shareGroup();
    await join(group, [topic]);
    expect(await commit(group.wire, 9, group.id, topic, 1)).toBe(code.groupIdNotFound);
    expect(await committed(group.wire, 9, group.id, topic)).toMatchObject({ committedOffset: -1, errorCode: code.none });
  });

  it('is deleted once nobody is in it', async () => {
    const group = await shareGroup();
    const { memberId } = await join(group, [topic]);
    const remove = async () => (await group.wire.send(apis.deleteGroups, 2, { groupsNames: [group.id] })).results[0]!.errorCode;
    expect(await remove()).toBe(code.nonEmptyGroup);
    await leave(group, memberId);
    expect(await remove()).toBe(code.none);
    expect(await remove()).toBe(code.groupIdNotFound);
    expect((await describeGroup(group)).errorCode).toBe(code.groupIdNotFound);
  });
});

describe('the offsets of a share group', () => {
  async function offsets(group: ShareGroup, topicName: string) {
    const asked = [{ groupId: group.id, topics: [{ topicName, partitions: [0] }] }];
    const { groups } = await group.wire.send(apis.describeShareGroupOffsets, 1, { groups: asked });
    expect(groups).toMatchObject([{ groupId: group.id, errorCode: code.none, errorMessage: null }]);
    return groups[0]!.topics[0]!;
  }

  async function partitionOf(group: ShareGroup, topicName: string) {
    const { startOffset, lag } = (await offsets(group, topicName)).partitions[0]!;
    return { startOffset, lag };
  }

  it('are unknown before it has acknowledged anything', async () => {
    const { group, topic: own } = await scene();
    const nothing = { startOffset: -1, lag: -1, leaderEpoch: 0, errorCode: code.none, errorMessage: null };
    const partitions = [{ partitionIndex: 0, ...nothing }];
    expect(await offsets(group, own.name)).toEqual({ topicName: own.name, topicId: own.id, partitions });
    const unknown = await offsets(group, missing);
    expect(unknown).toMatchObject({ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', partitions: [nothing] });
  });

  it('are the start at the last acknowledgement, and the lag what is not done with', async () => {
    const { group, topic: own, reader } = await scene();
    await append(reader.wire, own, batchOfValues('a', 'b', 'c', 'd', 'e'));
    await reader.fetch();
    await reader.acknowledge(acknowledgement(0, 1, type.accept));
    expect(await partitionOf(group, own.name)).toEqual({ startOffset: 0, lag: 3 });
    await reader.acknowledge(acknowledgement(3, 3, type.reject));
    expect(await partitionOf(group, own.name)).toEqual({ startOffset: 2, lag: 2 });
    const { groups } = await group.wire.send(apis.describeShareGroupOffsets, 1, { groups: [{ groupId: group.id, topics: null }] });
    expect(groups[0]!.topics).toMatchObject([{ topicName: own.name, partitions: [{ partitionIndex: 0, startOffset: 2 }] }]);
    const { groups: older } = await group.wire.send(apis.describeShareGroupOffsets, 0, { groups: [{ groupId: group.id, topics: null }] });
    expect(older[0]!.topics[0]!.partitions[0]).toMatchObject({ startOffset: 2, lag: -1 });
  });

  it('are altered while nobody is in the group, which may begin that way', async () => {
    const own = await broker.createTopic();
    const group = await shareGroup();
    const wire = await broker.leaderWire(own);
    await append(wire, own, batchOfValues('a', 'b', 'c'));
    const alter = (name: string, ...partitions: number[]) =>
      group.wire.send(apis.alterShareGroupOffsets, 0, {
        groupId: group.id,
        topics: [{ topicName: name, partitions: partitions.map((partitionIndex) => ({ partitionIndex, startOffset: 2 })) }],
      });
    const answer = await alter(own.name, 0, 7);
    expect(answer).toMatchObject({ errorCode: code.none, errorMessage: null });
    expect(answer.responses).toMatchObject([{ topicName: own.name, topicId: own.id }]);
    const unknown = { errorCode: code.unknownTopicOrPartition, errorMessage: 'This server does not host this topic-partition.' };
    expect(answer.responses[0]!.partitions).toEqual([
      { partitionIndex: 0, errorCode: code.none, errorMessage: null },
      { partitionIndex: 7, ...unknown },
    ]);
    expect((await alter(missing, 0)).responses[0]!.partitions).toEqual([{ partitionIndex: 0, ...unknown }]);
    expect(await partitionOf(group, own.name)).toEqual({ startOffset: 2, lag: 1 });
    expect(await describeGroup(group)).toMatchObject({ groupState: 'Empty', groupEpoch: 1, assignmentEpoch: 1 });
    await join(group, [own]);
    expect(await alter(own.name, 0)).toMatchObject({
      errorCode: code.nonEmptyGroup,
      errorMessage: 'The group is not empty.',
      responses: [],
    });
  });

  it('are deleted while nobody is in the group', async () => {
    const { group, topic: own, reader } = await scene();
    const remove = (...names: string[]) =>
      group.wire.send(apis.deleteShareGroupOffsets, 0, { groupId: group.id, topics: names.map((topicName) => ({ topicName })) });
    expect(await remove(own.name)).toMatchObject({ errorCode: code.nonEmptyGroup, errorMessage: 'The group is not empty.' });
    await leave(group, reader.memberId);
    const { responses } = await remove(own.name, missing);
    expect(responses).toEqual([
      { topicName: own.name, topicId: own.id, errorCode: code.none, errorMessage: null },
      {
        ...{ topicName: missing, topicId: 'AAAAAAAAAAAAAAAAAAAAAA', errorCode: code.unknownTopicOrPartition },
        errorMessage: 'This server does not host this topic-partition.',
      },
    ]);
    expect((await remove(own.name)).responses).toMatchObject([
      { errorCode: code.unknownTopicOrPartition, errorMessage: 'There is no offset information to delete.' },
    ]);
    const nobody = await shareGroup();
    const asked = { groupId: nobody.id, topics: [] };
    expect(await nobody.wire.send(apis.deleteShareGroupOffsets, 0, asked)).toMatchObject({
      errorCode: code.groupIdNotFound,
      errorMessage: `Group ${nobody.id} not found.`,
    });
  });
});

describe('FindCoordinator for share partitions', () => {
  it.each([
    ['a share partition', (group: string) => `${group}:${topic.id}:0`, code.none],
    ['a group with colons', (group: string) => `a:b:${group}:${topic.id}:0`, code.none],
    ['a group alone', (group: string) => group, code.invalidRequest],
    ['no group', () => `:${topic.id}:0`, code.invalidRequest],
    ['a topic that is no id', (group: string) => `${group}:x:0`, code.invalidRequest],
    ['a partition that is no number', (group: string) => `${group}:${topic.id}:x`, code.invalidRequest],
  ])('%s', async (_what, keyOf, errorCode) => {
    const group = await shareGroup();
    await join(group, [topic]);
    const key = keyOf(group.id);
    const { coordinators } = await group.wire.send(apis.findCoordinator, 6, { keyType: 2, coordinatorKeys: [key] });
    expect(coordinators).toMatchObject([{ key, errorCode }]);
    const older = await group.wire.send(apis.findCoordinator, 5, { keyType: 2, coordinatorKeys: [key] });
    expect(older.coordinators).toMatchObject([{ errorCode: code.invalidRequest, nodeId: -1 }]);
  });
});

describe('the feature of share groups', () => {
  it('is finalized', async () => {
    const wire = await broker.wire();
    const client = { clientSoftwareName: 'conformance', clientSoftwareVersion: '1' };
    const { finalizedFeatures, supportedFeatures } = await wire.send(apis.apiVersions, 4, client);
    expect(finalizedFeatures).toContainEqual({ name: 'share.version', minVersionLevel: 1, maxVersionLevel: 1 });
    expect(supportedFeatures).toContainEqual({ name: 'share.version', minVersion: 0, maxVersion: 1 });
    const older = await wire.send(apis.apiVersions, 3, client);
    expect(older.supportedFeatures.map(({ name }) => name)).not.toContain('share.version');
  });
});
