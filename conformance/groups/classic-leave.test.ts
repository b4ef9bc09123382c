import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { leave, Member, stableGroup } from './classic-member.ts';

/** LeaveGroup: one member before version 3, any number since, with a reason since 5 (KIP-800). */

afterAll(() => broker.closeWires());

async function leaveIn(version: number, { wire, groupId }: Member, memberId: string): Promise<number> {
  const request = version >= 3 ? { groupId, members: [{ memberId }] } : { groupId, memberId };
  const answer = await wire.send(apis.leaveGroup, version, request);
  if (version < 3) return answer.errorCode;
  expect(answer).toEqual({
    throttleTimeMs: 0,
    errorCode: code.none,
    members: [{ memberId, groupInstanceId: null, errorCode: expect.any(Number) as number }],
  });
  return answer.members[0]!.errorCode;
}

describe.each(versionsOf(apis.leaveGroup))('LeaveGroup version %i', (version) => {
  it('takes a member out, and has the others join again', async () => {
    const [stays, goes] = await stableGroup(2);
    expect(await leaveIn(version, goes!, goes!.memberId)).toBe(code.none);
    expect(await stays!.heartbeat()).toBe(code.rebalanceInProgress);
    expect(await goes!.heartbeat()).toBe(code.unknownMemberId);
    expect((await stays!.join()).members.map(({ memberId }) => memberId)).toEqual([stays!.memberId]);
  });

  it('leaves a group empty, which counts as a generation', async () => {
    const [last] = await stableGroup(1);
    expect(await leaveIn(version, last!, last!.memberId)).toBe(code.none);
    const next = await Member.connect(last!.groupId);
    expect((await next.join()).generationId).toBe(3);
  });

  it('refuses a member that it does not know, and one without an id', async () => {
    const [member] = await stableGroup(1);
    expect(await leaveIn(version, member!, 'stranger')).toBe(code.unknownMemberId);
    expect(await leaveIn(version, member!, '')).toBe(code.unknownMemberId);
    expect(await member!.heartbeat()).toBe(code.none);
  });

  it('refuses members of a group that is not there', async () => {
    expect(await leaveIn(version, await Member.connect(broker.freshName('classic')), 'stranger')).toBe(code.unknownMemberId);
  });

  it('refuses a group without a name', async () => {
    const { wire } = await Member.connect('');
    const request = version >= 3 ? { groupId: '', members: [{ memberId: 'm' }] } : { groupId: '', memberId: 'm' };
    expect(await wire.send(apis.leaveGroup, version, request)).toMatchObject({ errorCode: code.invalidGroupId, members: [] });
  });
});

describe('LeaveGroup', () => {
  it('answers for each of many members', async () => {
    const members = await stableGroup(4, [{}, { groupInstanceId: 'a' }, { groupInstanceId: 'b' }, { groupInstanceId: 'c' }]);
    const [, , b] = members;
    const answer = await leave(members[0]!.wire, members[0]!.groupId, [
      { memberId: '', groupInstanceId: 'a', reason: 'taken out by its instance id' },
      { memberId: b!.memberId, groupInstanceId: 'b', reason: 'by both' },
      { memberId: b!.memberId, groupInstanceId: 'c' },
      { memberId: 'stranger', groupInstanceId: 'd' },
      { memberId: '', groupInstanceId: 'd' },
      { memberId: '', groupInstanceId: 'a' },
    ]);
    expect(answer.errorCode).toBe(code.none);
    expect(answer.members.map(({ errorCode }) => errorCode)).toEqual([
      ...[code.none, code.none, code.fencedInstanceId],
      ...[code.unknownMemberId, code.unknownMemberId, code.unknownMemberId],
    ]);
    expect(answer.members[2]).toEqual({ memberId: b!.memberId, groupInstanceId: 'c', errorCode: code.fencedInstanceId });
  });

  it('ends the joining when those who leave were all that was missing', async () => {
    const [stays, goes] = await stableGroup(2);
    const joining = stays!.join();
    await goes!.isAskedToRejoin();
    await goes!.leave();
    expect((await joining).members).toHaveLength(1);
  });

  it('takes back an id that was given to join with, and ends the joining that waited for it', async () => {
    const [member] = await stableGroup(1);
    const pending = await Member.connect(member!.groupId);
    await pending.joinOnce();
    const joining = member!.join();
    expect((await pending.leave()).members[0]!.errorCode).toBe(code.none);
    expect((await joining).errorCode).toBe(code.none);
    expect((await pending.joinOnce()).errorCode).toBe(code.unknownMemberId);
  });

  it('tells a member that waits to join that it is unknown', async () => {
    const [member] = await stableGroup(1);
    const joiner = await Member.connect(member!.groupId);
    await joiner.joinOnce();
    const joining = joiner.joinOnce();
    await member!.isAskedToRejoin();
    await leave(member!.wire, member!.groupId, [{ memberId: joiner.memberId }]);
    expect(await joining).toMatchObject({ errorCode: code.unknownMemberId, memberId: '' });
  });

  it('has those join again who wait for their assignment', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    const waiting = follower!.sync();
    await leader!.leave();
    expect((await waiting).errorCode).toBe(code.rebalanceInProgress);
    expect(await follower!.join()).toMatchObject({ errorCode: code.none, leader: follower!.memberId });
  });

  it('makes another member the leader', async () => {
    const [leader, follower] = await stableGroup(2);
    await leader!.leave();
    expect(await follower!.join()).toMatchObject({ leader: follower!.memberId });
  });
});
