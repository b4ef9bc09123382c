import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { leave, Member, stableGroup } from './classic-member.ts';

/** Requests that wait for other members: what they hold, and who is never answered. */

afterAll(() => broker.closeWires());

/** Whether the answer has come by now. */
function watch(answer: Promise<unknown>): { isAnswered: boolean } {
  const watched = { isAnswered: false };
  void answer.then(() => (watched.isAnswered = true));
  return watched;
}

/** The same member on another connection, as after a time-out of its client. */
async function onAnotherConnection(member: Member): Promise<Member> {
  return Object.assign(await Member.connect(member.groupId, member.options), { memberId: member.memberId, generation: member.generation });
}

describe('a JoinGroup that waits', () => {
  it('holds what comes behind it on its own connection, and nothing on any other', async () => {
    const [leader, follower] = await stableGroup(2);
    const order: string[] = [];
    const joining = leader!.joinOnce().then(() => order.push('join'));
    const behind = leader!.heartbeat().then(() => order.push('heartbeat'));
    await follower!.isAskedToRejoin();
    expect(order).toEqual([]);
    await Promise.all([joining, behind, follower!.join()]);
    expect(order).toEqual(['join', 'heartbeat']);
  });
});

describe('a SyncGroup that waits', () => {
  it('is never answered when its member is taken out', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    const waiting = watch(follower!.sync());
    const other = await onAnotherConnection(follower!);
    expect(await other.heartbeat()).toBe(code.none);
    await leave(leader!.wire, leader!.groupId, [{ memberId: follower!.memberId }]);
    expect(await other.heartbeat()).toBe(code.unknownMemberId);
    expect((await leader!.join()).members).toHaveLength(1);
    await leader!.sync();
    expect(waiting.isAnswered).toBe(false);
  });
});
