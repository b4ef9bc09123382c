import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import { admit, leave, Member, stableGroup, subscription } from './classic-member.ts';

/** Static members (KIP-345): who comes back under the same group.instance.id takes the place of who was there. */

afterAll(() => broker.closeWires());

/** The same instance once more, as after a restart: it does not know its member id. */
function restarted(member: Member, options = member.options): Promise<Member> {
  return Member.connect(member.groupId, options);
}

const named = [{ groupInstanceId: 'a' }, { groupInstanceId: 'b' }];
const versions = versionsOf(apis.joinGroup).filter((version) => version >= 5);

describe.each(versions)('JoinGroup version %i of a static member', (version) => {
  it('is taken at once, under an id that begins with the instance’s', async () => {
    const member = await Member.connect(broker.freshName('classic'), { groupInstanceId: 'a' });
    const answer = await member.joinOnce(version);
    expect(answer).toMatchObject({ errorCode: code.none, generationId: 1, members: [{ groupInstanceId: 'a' }] });
    expect(answer.memberId).toMatch(/^a-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('takes the place of a follower without a rebalance', async () => {
    const [leader, follower] = await stableGroup(2, named);
    const again = await restarted(follower!);
    const answer = await again.joinOnce(version);
    expect(answer).toMatchObject({ errorCode: code.none, generationId: 2, leader: leader!.memberId, skipAssignment: false, members: [] });
    expect(answer.memberId).not.toBe(follower!.memberId);
    expect(await again.sync()).toMatchObject({ errorCode: code.none, assignment: Buffer.from(`for ${follower!.memberId}`) });
    expect(await leader!.heartbeat()).toBe(code.none);
  });

  it(`takes the place of the leader without a rebalance, ${version >= 9 ? 'and is told not to assign' : 'and is told that its old id leads'}`, async () => {
    const [leader, follower] = await stableGroup(2, named);
    const again = await restarted(leader!);
    const answer = await again.joinOnce(version);
    expect(answer).toMatchObject({
      errorCode: code.none,
      generationId: 2,
      protocolName: 'range',
      leader: version >= 9 ? answer.memberId : leader!.memberId,
      skipAssignment: version >= 9,
    });
    const ids = answer.members.map(({ memberId }) => memberId).sort();
    expect(ids).toEqual(version >= 9 ? [answer.memberId, follower!.memberId].sort() : []);
    expect(await follower!.heartbeat()).toBe(code.none);
  });
});

describe('a static member', () => {
  it('is fenced when another has taken its place', async () => {
    const [, member] = await stableGroup(2, named);
    const again = await restarted(member!);
    await again.joinOnce();
    const { wire, groupId, memberId, generation } = member!;
    expect(await member!.heartbeat()).toBe(code.fencedInstanceId);
    expect((await member!.sync()).errorCode).toBe(code.fencedInstanceId);
    expect(await member!.joinOnce()).toMatchObject({ errorCode: code.fencedInstanceId, memberId, protocolName: null });
    expect((await member!.leave()).members[0]!.errorCode).toBe(code.fencedInstanceId);
    const topic = await broker.createTopic();
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }];
    const committed = await wire.send(apis.offsetCommit, 9, {
      ...{ groupId, memberId, generationIdOrMemberEpoch: generation, groupInstanceId: 'b' },
      topics: [{ name: topic.name, partitions }],
    });
    expect(committed.topics[0]!.partitions[0]!.errorCode).toBe(code.fencedInstanceId);
    expect(await again.heartbeat()).toBe(code.none);
  });

  it('is fenced while it waits to join', async () => {
    const [leader] = await stableGroup(2, named);
    const waiting = await Member.connect(leader!.groupId, { groupInstanceId: 'c' });
    const joining = waiting.joinOnce();
    await leader!.isAskedToRejoin();
    const again = await restarted(waiting);
    void again.joinOnce();
    expect(await joining).toMatchObject({ errorCode: code.fencedInstanceId, protocolName: null });
  });

  it('is fenced while it waits for its assignment, and the others join again', async () => {
    const [leader, follower] = await stableGroup(2, named);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    const waiting = follower!.sync();
    await until('it waits', async () => (await leader!.heartbeat()) === code.none);
    const again = await restarted(follower!);
    const rejoining = again.joinOnce();
    expect(await waiting).toMatchObject({ errorCode: code.fencedInstanceId, assignment: Buffer.alloc(0) });
    await leader!.isAskedToRejoin();
    const [answer] = await Promise.all([leader!.join(), rejoining]);
    expect(answer.members.map(({ groupInstanceId }) => groupInstanceId).sort()).toEqual(['a', 'b']);
  });

  it('begins a rebalance when its return changes the protocol of the group', async () => {
    const both = ['range', 'roundrobin'].map((name) => [name, subscription()] as const);
    const [leader, follower] = await stableGroup(
      2,
      named.map((options) => ({ ...options, protocols: both })),
    );
    const again = await restarted(follower!, { groupInstanceId: 'b', protocols: both.slice(1) });
    const joining = again.joinOnce();
    await leader!.isAskedToRejoin();
    const answers = await Promise.all([joining, leader!.join()]);
    expect(answers.map(({ protocolName }) => protocolName)).toEqual(['roundrobin', 'roundrobin']);
  });

  it('comes back with something else to say without a rebalance when the protocol stays', async () => {
    const [leader, follower] = await stableGroup(2, named);
    const again = await restarted(follower!, { groupInstanceId: 'b', protocols: [['range', subscription('other')]] });
    expect(await again.joinOnce()).toMatchObject({ errorCode: code.none, generationId: 2 });
    expect(await leader!.heartbeat()).toBe(code.none);
    const { groups } = await leader!.wire.send(apis.describeGroups, 5, { groups: [leader!.groupId] });
    const described = groups[0]!.members.find(({ groupInstanceId }) => groupInstanceId === 'b');
    expect(described).toMatchObject({ memberId: again.memberId, memberMetadata: subscription('other') });
  });

  it('stays in when it does not join in time: only its session ends it', async () => {
    const options = named.map((names) => ({ ...names, rebalanceTimeoutMs: 4000 }));
    const [leader, follower] = await stableGroup(2, options);
    follower!.options = { ...options[1], protocols: [['range', subscription('other')]] };
    const answer = await follower!.join();
    expect(answer).toMatchObject({ errorCode: code.none, leader: follower!.memberId });
    expect(answer.members.map(({ groupInstanceId }) => groupInstanceId).sort()).toEqual(['a', 'b']);
    expect(await leader!.heartbeat({ generationId: answer.generationId })).toBe(code.none);
  });

  it('is unknown under an instance id that nobody has', async () => {
    const [leader] = await stableGroup(2, named);
    leader!.options = { groupInstanceId: 'nobody' };
    expect((await leader!.joinOnce()).errorCode).toBe(code.unknownMemberId);
    expect((await leader!.sync()).errorCode).toBe(code.unknownMemberId);
    expect(await leader!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('may be taken out by its instance id alone, and comes back as a new one', async () => {
    const [leader, follower] = await stableGroup(2, named);
    await leave(leader!.wire, leader!.groupId, [{ memberId: '', groupInstanceId: 'b' }]);
    expect(await follower!.heartbeat()).toBe(code.unknownMemberId);
    await leader!.join();
    await leader!.sync();
    const members = await admit([leader!], await restarted(follower!));
    expect(members.map(({ generation }) => generation)).toEqual([4, 4]);
  });
});
