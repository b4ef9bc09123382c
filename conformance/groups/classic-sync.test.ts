import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { Member, stableGroup } from './classic-member.ts';

/** SyncGroup and Heartbeat: how members get what the leader has assigned, and learn that they have to join again. */

afterAll(() => broker.closeWires());

type SyncFields = NonNullable<Parameters<Member['sync']>[1]>;
type HeartbeatFields = NonNullable<Parameters<Member['heartbeat']>[0]>;

/** Two members that have joined, and have not asked for their assignments. */
async function joined(): Promise<[leader: Member, follower: Member]> {
  const [leader, follower] = await stableGroup(2);
  const joining = leader!.join();
  await follower!.isAskedToRejoin();
  await Promise.all([joining, follower!.join()]);
  return [leader!, follower!];
}

describe.each(versionsOf(apis.syncGroup))('SyncGroup version %i', (version) => {
  it('hands each member what the leader has assigned to it, and lets the others wait for that', async () => {
    const [leader, follower] = await joined();
    const waiting = follower.sync({}, { version });
    const assignments = { [leader.memberId]: 'one', [follower.memberId]: 'two' };
    expect(await leader.sync(assignments, { version })).toEqual({
      throttleTimeMs: 0,
      errorCode: code.none,
      protocolType: version >= 5 ? 'consumer' : null,
      protocolName: version >= 5 ? 'range' : null,
      assignment: Buffer.from('one'),
    });
    expect(await waiting).toMatchObject({ errorCode: code.none, assignment: Buffer.from('two') });
  });

  it('gives nothing to whom the leader has forgotten, and takes what it says of strangers', async () => {
    const [leader, follower] = await joined();
    await leader.sync({ [leader.memberId]: 'all', stranger: 'some' }, { version });
    expect(await follower.sync({}, { version })).toMatchObject({ errorCode: code.none, assignment: Buffer.alloc(0) });
  });

  it('says the same again when the group is stable, whatever the leader says now', async () => {
    const [leader] = await stableGroup(2);
    const again = await leader!.sync({ [leader!.memberId]: 'other' }, { version });
    expect(again).toMatchObject({ errorCode: code.none, assignment: Buffer.from(`for ${leader!.memberId}`) });
  });

  it.each<[string, SyncFields, number]>([
    ['another generation', { generationId: 1 }, code.illegalGeneration],
    ['a generation to come', { generationId: 99 }, code.illegalGeneration],
    ['no generation', { generationId: -1 }, code.illegalGeneration],
    ['a member that it does not know', { memberId: 'stranger' }, code.unknownMemberId],
    ['a member without an id', { memberId: '' }, code.unknownMemberId],
    ...(version >= 5
      ? ([
          ['another type of protocol', { protocolType: 'connect' }, code.inconsistentGroupProtocol],
          ['another protocol', { protocolName: 'roundrobin' }, code.inconsistentGroupProtocol],
        ] as [string, SyncFields, number][])
      : []),
  ])('refuses %s', async (_what, fields, expected) => {
    const [leader] = await stableGroup(2);
    expect(await leader!.sync({}, { version, ...fields })).toMatchObject({ errorCode: expected, assignment: Buffer.alloc(0) });
    expect(await leader!.heartbeat()).toBe(code.none);
  });

  it('refuses members of a group that is not there, that is empty, and that has no name', async () => {
    const missing = await Member.connect(broker.freshName('classic'));
    missing.memberId = 'stranger';
    missing.protocolName = 'range';
    expect(await missing.sync({}, { version })).toMatchObject({ errorCode: code.unknownMemberId });
    const [last] = await stableGroup(1);
    await last!.leave();
    expect(await last!.sync({}, { version })).toMatchObject({ errorCode: code.unknownMemberId });
    const nameless = await Member.connect('');
    nameless.protocolName = 'range';
    expect(await nameless.sync({}, { version })).toMatchObject({ errorCode: code.invalidGroupId });
  });

  it('refuses while members join', async () => {
    const [leader, follower] = await stableGroup(2);
    void leader!.join();
    await follower!.isAskedToRejoin();
    expect(await follower!.sync({}, { version })).toMatchObject({ errorCode: code.rebalanceInProgress, protocolName: null });
  });
});

it('SyncGroup from version 5 on names the protocol (KIP-559)', async () => {
  const [leader] = await stableGroup(1);
  const request = { groupId: leader!.groupId, generationId: leader!.generation, memberId: leader!.memberId, assignments: [] };
  for (const names of [{ protocolType: 'consumer' }, { protocolName: 'range' }, {}]) {
    const answer = await leader!.wire.send(apis.syncGroup, 5, { ...request, ...names });
    expect(answer.errorCode).toBe(code.inconsistentGroupProtocol);
  }
  expect((await leader!.wire.send(apis.syncGroup, 4, request)).errorCode).toBe(code.none);
});

describe.concurrent('members that do not ask for their assignment', () => {
  /** Short for a test that waits for it, and long enough for the others although the broker or this process hesitates. */
  const rebalanceTimeoutMs = 4000;

  it('are out when the rebalance time-out has passed, and the others join again', async () => {
    const members = await stableGroup(3, { rebalanceTimeoutMs });
    const joining = members[0]!.join();
    await members[1]!.isAskedToRejoin();
    await Promise.all([joining, members[1]!.join(), members[2]!.join()]);
    await Promise.all([members[0]!.sync(), members[1]!.sync()]);
    await members[0]!.isAskedToRejoin();
    const [first] = await Promise.all([members[0]!.join(), members[1]!.join()]);
    expect(first.members.map(({ memberId }) => memberId).sort()).toEqual([members[0]!.memberId, members[1]!.memberId].sort());
    expect(await members[2]!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('are out when it is the leader, and those who wait for it join again', async () => {
    const [leader, follower] = await stableGroup(2, { rebalanceTimeoutMs });
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    expect(await follower!.sync()).toMatchObject({ errorCode: code.rebalanceInProgress });
    expect(await follower!.join()).toMatchObject({ errorCode: code.none, leader: follower!.memberId });
    expect(await leader!.heartbeat()).toBe(code.unknownMemberId);
  });
});

describe.each(versionsOf(apis.heartbeat))('Heartbeat version %i', (version) => {
  it('is welcome in a stable group, and while the assignment is awaited', async () => {
    const [stable] = await stableGroup(1);
    expect(await stable!.heartbeat({}, version)).toBe(code.none);
    const [leader] = await joined();
    expect(await leader.heartbeat({}, version)).toBe(code.none);
  });

  it('tells that members join', async () => {
    const [leader, follower] = await stableGroup(2);
    void leader!.join();
    await follower!.isAskedToRejoin();
    expect(await follower!.heartbeat({}, version)).toBe(code.rebalanceInProgress);
  });

  it.each<[string, HeartbeatFields, number]>([
    ['another generation', { generationId: 0 }, code.illegalGeneration],
    ['no generation', { generationId: -1 }, code.illegalGeneration],
    ['a member that it does not know', { memberId: 'stranger' }, code.unknownMemberId],
    ['a member that it does not know, before the generation', { memberId: 'stranger', generationId: 99 }, code.unknownMemberId],
    ['a member without an id', { memberId: '' }, code.unknownMemberId],
    ...(version >= 3
      ? ([['an instance that it does not know', { groupInstanceId: 'i' }, code.unknownMemberId]] as [string, HeartbeatFields, number][])
      : []),
  ])('refuses %s', async (_what, fields, expected) => {
    const [member] = await stableGroup(1);
    expect(await member!.heartbeat(fields, version)).toBe(expected);
  });

  it('refuses members of a group that is not there, and that has no name', async () => {
    expect(await (await Member.connect(broker.freshName('classic'))).heartbeat({}, version)).toBe(code.unknownMemberId);
    expect(await (await Member.connect('')).heartbeat({}, version)).toBe(code.invalidGroupId);
  });
});
