import { afterAll, describe, expect, it } from 'vitest';
import { apis, consumerProtocolAssignment, consumerProtocolSubscription, Reader, Writer } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit } from '../requests.ts';
import { until } from '../until.ts';
import { Member, type MemberOptions } from './classic-member.ts';
import { TestGroup, type TestMember } from './consumer-group.ts';

/** Groups that go from one protocol to the other while their members run, and members of both in one group (KIP-848). */

const topic = await broker.createTopic({ partitions: 4 });
afterAll(() => broker.closeWires());

type Partitions = readonly number[];

/** What a consumer of the classic protocol says when it joins: its topics, and what it owns. */
function subscription(topics: readonly TestTopic[], owned: Partitions = []): Buffer {
  const w = new Writer();
  w.int16(1);
  const ownedPartitions = owned.length === 0 ? [] : [{ topic: topic.name, partitions: owned }];
  consumerProtocolSubscription.write(w, 1, { topics: topics.map(({ name }) => name), ownedPartitions });
  return w.toBuffer();
}

function assignment(partitions: Partitions, userData: Buffer | null = null): Buffer {
  const w = new Writer();
  w.int16(1);
  consumerProtocolAssignment.write(w, 1, { assignedPartitions: [{ topic: topic.name, partitions }], userData });
  return w.toBuffer();
}

function readAssignment(bytes: Buffer): Record<string, number[]> {
  const r = new Reader(bytes);
  const { assignedPartitions } = consumerProtocolAssignment.read(r, r.int16());
  return Object.fromEntries(assignedPartitions.map(({ topic: name, partitions }) => [name, partitions.sort()]));
}

/** Joins and asks for the assignment; gives the partitions of `topic`. */
async function rejoin(member: Member, owned: Partitions = []): Promise<number[]> {
  member.options = { ...member.options, protocols: [['range', subscription([topic], owned)]] };
  const joined = await member.join();
  if (joined.errorCode !== code.none) throw new Error(`JoinGroup: error ${joined.errorCode}`);
  const synced = await member.sync();
  if (synced.errorCode !== code.none) throw new Error(`SyncGroup: error ${synced.errorCode}`);
  return readAssignment(synced.assignment)[topic.name] ?? [];
}

/** A classic group of one, to which the four partitions of the topic belong. */
async function classicGroup(group: TestGroup, options: MemberOptions = {}, bytes = assignment([0, 1, 2, 3])): Promise<Member> {
  const member = await Member.connect(group.id, { protocols: [['range', subscription([topic])]], ...options });
  await member.join();
  const synced = await member.wire.send(apis.syncGroup, 5, {
    ...{ groupId: group.id, generationId: member.generation, memberId: member.memberId },
    ...{ groupInstanceId: options.groupInstanceId ?? null, protocolType: member.protocolType, protocolName: member.protocolName },
    assignments: [{ memberId: member.memberId, assignment: bytes }],
  });
  expect(synced.errorCode).toBe(code.none);
  return member;
}

/** A consumer group with a member of each protocol, each with two partitions. */
async function mixedGroup(
  group: TestGroup,
  options: MemberOptions = {},
): Promise<{ readonly classic: Member; readonly consumer: TestMember }> {
  const classic = await classicGroup(group, options);
  const consumer = group.member('consumer');
  await consumer.join([topic]);
  await rejoin(classic, [0, 1, 2, 3]);
  await settle(group, classic, consumer);
  return { classic, consumer };
}

async function settle(group: TestGroup, classic: Member, consumer: TestMember): Promise<void> {
  let owned: Partitions = [];
  await until(`${group.id} is stable`, async () => {
    await consumer.beat();
    if ((await classic.heartbeat()) === code.rebalanceInProgress) owned = await rejoin(classic, owned);
    return (await group.describe()).groupState === 'Stable';
  });
}

async function typeOf(group: TestGroup): Promise<string | undefined> {
  const { groups } = await group.wire.send(apis.listGroups, 5, { statesFilter: [], typesFilter: [] });
  return groups.find(({ groupId }) => groupId === group.id)?.groupType;
}

describe('A classic group that a member of the consumer protocol joins', () => {
  it('is a consumer group from then on, and everybody keeps what it has until it has given it back', async () => {
    const group = await TestGroup.create();
    const classic = await classicGroup(group);
    const consumer = group.member('consumer');
    const joined = await consumer.join([topic]);
    expect(joined).toMatchObject({ errorCode: code.none, memberEpoch: 2, assignment: { topicPartitions: [] } });
    expect(await typeOf(group)).toBe('consumer');
    expect(await group.describeMember(classic.memberId)).toMatchObject({
      memberEpoch: 1,
      memberType: 0,
      subscribedTopicNames: [topic.name],
    });

    expect(await classic.heartbeat()).toBe(code.rebalanceInProgress);
    // It is told what it keeps, and joins once more without the rest.
    const kept = await rejoin(classic, [0, 1, 2, 3]);
    expect(kept).toHaveLength(2);
    expect(classic.generation).toBe(1);
    expect(await classic.heartbeat()).toBe(code.rebalanceInProgress);
    expect(await rejoin(classic, kept)).toEqual(kept);
    expect(classic.generation).toBe(2);
    expect(await classic.heartbeat()).toBe(code.none);
    await consumer.beat();
    expect([...kept, ...consumer.partitions(topic)].sort()).toEqual([0, 1, 2, 3]);
    expect((await group.describe()).groupState).toBe('Stable');
  });

  it('tells those who wait in it to join again', async () => {
    const group = await TestGroup.create();
    const first = await classicGroup(group);
    const second = await Member.connect(group.id, { protocols: [['range', subscription([topic])]] });
    const waiting = second.join();
    await first.isAskedToRejoin();
    await group.member('consumer').join([topic]);
    expect((await waiting).errorCode).toBe(code.rebalanceInProgress);
  });

  it.each<[string, MemberOptions, Buffer | undefined, string | null]>([
    ['is not one of consumers', { protocolType: 'connect' }, undefined, 'the group does not use the consumer embedded protocol'],
    [
      'has an assignor that keeps data of its own',
      {},
      assignment([0], Buffer.from('mine')),
      'an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade',
    ],
    ['has an assignment of an unknown version', {}, Buffer.from([255, 255]), 'the embedded consumer protocol is malformed'],
    ['has an assignment that ends too early', {}, Buffer.from([0, 1, 0, 0, 0, 9]), null],
  ])('refuses it when it %s', async (_, options, bytes, reason) => {
    const group = await TestGroup.create();
    await classicGroup(group, options, bytes);
    expect(await group.member().join([topic])).toMatchObject({
      errorCode: reason === null ? code.unknownServerError : code.groupIdNotFound,
      errorMessage: reason === null ? null : `Cannot upgrade classic group ${group.id} to consumer group because ${reason}.`,
    });
    expect(await typeOf(group)).toBe('classic');
  });
});

describe('A member of the classic protocol in a consumer group', () => {
  it('is given an id, its generation and its partitions, and leads nobody', async () => {
    const group = await TestGroup.create();
    const consumer = group.member('consumer');
    await consumer.join([topic]);
    const classic = await Member.connect(group.id, { protocols: [['range', subscription([topic])]] });
    const asked = await classic.joinOnce();
    expect(asked).toMatchObject({ errorCode: code.memberIdRequired, generationId: -1 });
    expect(asked.memberId).toMatch(/^[0-9a-zA-Z_-]{22,36}$/);
    expect(await classic.joinOnce()).toEqual({
      ...{ throttleTimeMs: 0, errorCode: code.none, generationId: 3, protocolType: 'consumer', protocolName: 'range' },
      ...{ leader: '', skipAssignment: false, memberId: classic.memberId, members: [] },
    });
    expect(readAssignment((await classic.sync()).assignment)).toEqual({});
    await settle(group, classic, consumer);
    expect(consumer.partitions(topic)).toHaveLength(2);
    expect(await group.describeMember(classic.memberId)).toMatchObject({ memberType: 0, memberEpoch: 3 });
  });

  it('is refused as in a classic group', async () => {
    const group = await TestGroup.create();
    const { classic, consumer } = await mixedGroup(group);
    expect(await classic.heartbeat({ generationId: 9 })).toBe(code.illegalGeneration);
    expect(await classic.heartbeat({ memberId: 'other' })).toBe(code.unknownMemberId);
    expect(await classic.heartbeat({ memberId: consumer.id, generationId: consumer.epoch })).toBe(code.unknownMemberId);
    expect((await classic.sync({}, { generationId: 9 })).errorCode).toBe(code.illegalGeneration);
    expect((await classic.sync({}, { memberId: 'other' })).errorCode).toBe(code.unknownMemberId);
    expect((await classic.sync({}, { protocolName: 'roundrobin' })).errorCode).toBe(code.inconsistentGroupProtocol);
    expect((await classic.sync({}, { protocolType: 'connect' })).errorCode).toBe(code.inconsistentGroupProtocol);
    const other = { protocols: [['roundrobin', subscription([topic])]] as const };
    expect((await (await Member.connect(group.id, other)).joinOnce()).errorCode).toBe(code.inconsistentGroupProtocol);
    const connect = await Member.connect(group.id, { protocolType: 'connect' });
    expect((await connect.joinOnce()).errorCode).toBe(code.inconsistentGroupProtocol);
  });

  it('commits by its generation', async () => {
    const group = await TestGroup.create();
    const { classic } = await mixedGroup(group);
    const { memberId, generation } = classic;
    expect(await commit(group.wire, 8, group.id, topic, 5, { memberId, generation })).toBe(code.none);
    expect(await commit(group.wire, 9, group.id, topic, 5, { memberId, generation: generation + 1 })).toBe(code.illegalGeneration);
  });

  it('may change to the consumer protocol, under its instance id', async () => {
    const group = await TestGroup.create();
    await mixedGroup(group, { groupInstanceId: 'i' });
    const next = group.member('next');
    expect(await next.join([topic], { instanceId: 'i' })).toMatchObject({ errorCode: code.none, memberId: 'next' });
    expect(next.partitions(topic)).toHaveLength(2);
    expect((await group.describe()).members.map(({ memberType }) => memberType)).toEqual([1, 1]);
  });

  it('leaves with LeaveGroup, which takes out members of the consumer protocol too', async () => {
    const group = await TestGroup.create();
    const { classic, consumer } = await mixedGroup(group);
    const members = [{ memberId: classic.memberId }, { memberId: 'other' }, { memberId: consumer.id }];
    const left = await group.wire.send(apis.leaveGroup, 5, { groupId: group.id, members });
    expect(left.members.map(({ memberId, errorCode }) => [memberId, errorCode])).toEqual([
      [classic.memberId, code.none],
      ['other', code.unknownMemberId],
      [consumer.id, code.none],
    ]);
    expect((await group.describe()).groupState).toBe('Empty');
  });
});

describe('A member of the classic protocol that falls silent is put out', () => {
  const isGone = async (group: TestGroup, memberId: string, meanwhile: () => Promise<unknown>): Promise<void> => {
    await until(`${memberId} is out`, async () => {
      await meanwhile();
      return (await group.describeMember(memberId)) === undefined;
    });
  };

  it('when its session ends', async () => {
    const group = await TestGroup.create();
    const { classic, consumer } = await mixedGroup(group, { sessionTimeoutMs: 4000 });
    await isGone(group, classic.memberId, () => consumer.beat());
    await group.stable(consumer);
    expect(consumer.partitions(topic)).toEqual([0, 1, 2, 3]);
  });

  it('when it lives, and does not join again in time', async () => {
    const group = await TestGroup.create();
    const { classic, consumer } = await mixedGroup(group, { rebalanceTimeoutMs: 4000 });
    await group.member('another').join([topic]);
    await isGone(group, classic.memberId, () => Promise.all([consumer.beat(), classic.heartbeat()]));
    expect(await classic.heartbeat()).toBe(code.unknownMemberId);
  });

  it('when it has joined, and does not ask for its assignment in time', async () => {
    const group = await TestGroup.create();
    const consumer = group.member('consumer');
    await consumer.join([topic]);
    const classic = await Member.connect(group.id, { protocols: [['range', subscription([topic])]], rebalanceTimeoutMs: 300 });
    await classic.join();
    await isGone(group, classic.memberId, () => consumer.beat());
  });
});

describe('A consumer group that the last member of the consumer protocol leaves', () => {
  it('is a classic group from then on, whose members join again', async () => {
    const group = await TestGroup.create();
    const { classic, consumer } = await mixedGroup(group);
    expect(await consumer.leave()).toMatchObject({ errorCode: code.none, memberEpoch: -1 });
    expect(await typeOf(group)).toBe('classic');
    expect((await group.describe()).errorCode).toBe(code.groupIdNotFound);
    expect(await classic.heartbeat()).toBe(code.rebalanceInProgress);
    const joined = await classic.join();
    expect(joined).toMatchObject({ errorCode: code.none, leader: classic.memberId, protocolName: 'range', generationId: 3 });
  });

  it('goes on without a rebalance when a classic member takes its place', async () => {
    const group = await TestGroup.create();
    const classic = await classicGroup(group);
    const consumer = group.member('consumer');
    await consumer.join([topic], { instanceId: 'i' });
    await rejoin(classic, [0, 1, 2, 3]);
    await settle(group, classic, consumer);
    const had = consumer.partitions(topic);

    await consumer.leave(-2);
    const back = await Member.connect(group.id, { groupInstanceId: 'i', protocols: [['range', subscription([topic], had)]] });
    expect(await back.joinOnce()).toMatchObject({ errorCode: code.none, generationId: 2, leader: '', members: [] });
    expect(await typeOf(group)).toBe('classic');
    expect(readAssignment((await back.sync()).assignment)[topic.name]).toEqual(had);
    expect(await classic.heartbeat()).toBe(code.none);
    expect(await back.heartbeat()).toBe(code.none);
  });

  it('that is empty takes members of the classic protocol as a classic group', async () => {
    const group = await TestGroup.create();
    const consumer = group.member('consumer');
    await consumer.join([topic]);
    await consumer.leave();
    const classic = await classicGroup(group);
    expect(classic.generation).toBe(1);
    expect(await typeOf(group)).toBe('classic');
  });
});
