import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit, committed } from '../requests.ts';
import { TestGroup } from './consumer-group.ts';

/** Offsets of consumer groups, and what is said of them by the requests for all groups (KIP-848). */

const topic = await broker.createTopic({ partitions: 3 });
afterAll(() => broker.closeWires());

describe.each([9, 10])('OffsetCommit version %i', (version) => {
  it('takes offsets of a member at its epoch', async () => {
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    expect(await commit(group.wire, version, group.id, topic, 5, { memberId: 'm', generation: 2 })).toBe(code.none);
    expect(await committed(group.wire, 9, group.id, topic)).toMatchObject({ committedOffset: 5 });
  });

  it.each([
    ['one that is no member', { memberId: 'other', generation: 2 }, code.unknownMemberId],
    ['one that does not say who it is', { generation: -1 }, code.unknownMemberId],
    ['a member at an epoch that is ahead', { memberId: 'm', generation: 3 }, code.staleMemberEpoch],
    ['a member at an epoch before it had the partition', { memberId: 'm', generation: 1 }, code.staleMemberEpoch],
    ['a member that does not say its epoch', { memberId: 'm', generation: -1 }, code.staleMemberEpoch],
  ])('refuses offsets of %s', async (_, fields, errorCode) => {
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    expect(await commit(group.wire, version, group.id, topic, 5, fields)).toBe(errorCode);
    expect(await committed(group.wire, 9, group.id, topic)).toMatchObject({ committedOffset: -1 });
  });

  it('takes offsets at an older epoch for what the member has had ever since', async () => {
    const group = await TestGroup.create();
    const [m, other] = [group.member('m'), group.member('other')];
    await m.join([topic]);
    await other.join([topic]);
    await group.stable(m, other);
    const [kept, lost] = [m.partitions(topic)[0]!, other.partitions(topic)[0]!];
    expect(await commit(group.wire, version, group.id, topic, 5, { memberId: 'm', generation: 2, partition: kept })).toBe(code.none);
    const elsewhere = await commit(group.wire, version, group.id, topic, 5, { memberId: 'm', generation: 2, partition: lost });
    expect(elsewhere).toBe(code.staleMemberEpoch);
    const atItsEpoch = await commit(group.wire, version, group.id, topic, 5, { memberId: 'm', generation: 3, partition: lost });
    expect(atItsEpoch).toBe(code.none);
  });

  it('takes offsets of anybody once the group is empty', async () => {
    const group = await TestGroup.create();
    const member = group.member('m');
    await member.join([topic]);
    await member.leave();
    expect(await commit(group.wire, version, group.id, topic, 7)).toBe(code.none);
    expect(await commit(group.wire, version, group.id, topic, 7, { memberId: 'm', generation: 2 })).toBe(code.unknownMemberId);
  });
});

it('OffsetCommit before version 9 is not for members', async () => {
  const group = await TestGroup.create();
  await group.member('m').join([topic]);
  expect(await commit(group.wire, 8, group.id, topic, 5, { memberId: 'm', generation: 2 })).toBe(code.unsupportedVersion);
});

describe.each([9, 10])('OffsetFetch version %i', (version) => {
  it.each([
    ['a member at its epoch', { memberId: 'm', memberEpoch: 2 }, code.none],
    ['anybody who does not say who it is', {}, code.none],
    ['a member at an older epoch', { memberId: 'm', memberEpoch: 1 }, code.staleMemberEpoch],
    ['a member at an epoch that is ahead', { memberId: 'm', memberEpoch: 3 }, code.staleMemberEpoch],
    ['one that is no member', { memberId: 'other', memberEpoch: 2 }, code.unknownMemberId],
  ])('to %s', async (_, member, errorCode) => {
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    await commit(group.wire, 9, group.id, topic, 5, { memberId: 'm', generation: 2 });
    const topics = [{ name: topic.name, topicId: topic.id, partitionIndexes: [0] }];
    const { groups } = await group.wire.send(apis.offsetFetch, version, { groups: [{ groupId: group.id, topics, ...member }] });
    expect(groups[0]!.errorCode).toBe(errorCode);
    expect(groups[0]!.topics.map(({ partitions }) => partitions[0]!.committedOffset)).toEqual(errorCode === code.none ? [5] : []);
  });
});

describe('A consumer group', () => {
  it('is listed with its type and state', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([topic]);
    const listed = async (filter: { statesFilter?: string[]; typesFilter?: string[] } = {}) => {
      const { groups } = await group.wire.send(apis.listGroups, 5, { statesFilter: [], typesFilter: [], ...filter });
      return groups.find(({ groupId }) => groupId === group.id);
    };
    const expected = { groupId: group.id, protocolType: 'consumer', groupState: 'Stable', groupType: 'consumer' };
    expect(await listed()).toEqual(expected);
    expect(await listed({ typesFilter: ['Consumer'], statesFilter: ['stable'] })).toEqual(expected);
    expect(await listed({ typesFilter: ['classic'] })).toBeUndefined();
    await member.leave();
    expect(await listed()).toEqual({ ...expected, groupState: 'Empty' });
  });

  it('is dead to DescribeGroups', async () => {
    const group = await TestGroup.create();
    await group.member().join([topic]);
    const request = { groups: [group.id], includeAuthorizedOperations: false };
    const [before6] = (await group.wire.send(apis.describeGroups, 5, request)).groups;
    expect(before6).toMatchObject({ errorCode: code.none, groupState: 'Dead', members: [] });
    const [described] = (await group.wire.send(apis.describeGroups, 6, request)).groups;
    const errorMessage = `Group ${group.id} is not a classic group.`;
    expect(described).toMatchObject({ errorCode: code.groupIdNotFound, errorMessage, groupState: 'Dead' });
  });

  it('is deleted only when it is empty', async () => {
    const group = await TestGroup.create();
    const member = group.member('m');
    await member.join([topic]);
    await commit(group.wire, 9, group.id, topic, 5, { memberId: 'm', generation: 2 });
    const deleted = async () => (await group.wire.send(apis.deleteGroups, 2, { groupsNames: [group.id] })).results[0]!.errorCode;
    expect(await deleted()).toBe(code.nonEmptyGroup);
    await member.leave();
    expect(await deleted()).toBe(code.none);
    expect(await committed(group.wire, 9, group.id, topic)).toMatchObject({ committedOffset: -1 });
    expect((await group.describe()).errorCode).toBe(code.groupIdNotFound);
  });

  it('keeps the offsets of topics that it is subscribed to', async () => {
    const other = await broker.createTopic();
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    for (const each of [topic, other]) await commit(group.wire, 9, group.id, each, 5, { memberId: 'm', generation: 2 });
    const topics = [topic, other].map(({ name }) => ({ name, partitions: [{ partitionIndex: 0 }] }));
    const answer = await group.wire.send(apis.offsetDelete, 0, { groupId: group.id, topics });
    expect(answer.errorCode).toBe(code.none);
    expect(answer.topics.map(({ name, partitions }) => [name, partitions[0]!.errorCode])).toEqual([
      [topic.name, code.groupSubscribedToTopic],
      [other.name, code.none],
    ]);
  });

  it('takes the place of an empty classic one, with its offsets', async () => {
    const group = await TestGroup.create();
    await commit(group.wire, 9, group.id, topic, 5);
    await group.member('m').join([topic]);
    expect((await group.describe()).groupState).toBe('Stable');
    expect(await committed(group.wire, 9, group.id, topic)).toMatchObject({ committedOffset: 5 });
  });
});
