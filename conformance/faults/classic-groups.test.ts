import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { coordinatorOf, moveCoordinator } from '../coordinators.ts';
import { code } from '../error-code.ts';
import { Member, stableGroup } from '../groups/classic-member.ts';
import { until } from '../until.ts';

/** Classic groups whose coordinator moves: the next one knows the last generation that was complete, and nothing of what went on. */

afterAll(() => broker.closeWires());

/** The same member at the coordinator that its group has now. */
async function elsewhere(member: Member): Promise<Member> {
  const { memberId, generation, leader, protocolName } = member;
  return Object.assign(await Member.connect(member.groupId, member.options), { memberId, generation, leader, protocolName });
}

describe('a coordinator that moves', () => {
  it('sends members on, who go on as before', async () => {
    const [leader, follower] = await stableGroup(2, [{}, { groupInstanceId: 'a' }]);
    await moveCoordinator(leader!.groupId);
    await until('the old one has heard of it', async () => (await leader!.heartbeat()) !== code.none);
    expect(await leader!.heartbeat()).toBe(code.notCoordinator);
    expect((await leader!.sync()).errorCode).toBe(code.notCoordinator);
    expect(await leader!.joinOnce()).toMatchObject({ errorCode: code.notCoordinator, memberId: '' });
    expect(await leader!.leave()).toMatchObject({ errorCode: code.notCoordinator, members: [] });

    for (const member of await Promise.all([leader!, follower!].map(elsewhere))) {
      expect(await member.heartbeat()).toBe(code.none);
      expect(await member.sync()).toMatchObject({ errorCode: code.none, assignment: Buffer.from(`for ${member.memberId}`) });
    }
  });

  it('tells those who wait to join, and the next one has never heard of them', async () => {
    const [leader] = await stableGroup(1);
    const newcomer = await Member.connect(leader!.groupId);
    await newcomer.joinOnce();
    const joining = newcomer.joinOnce();
    await leader!.isAskedToRejoin();
    await moveCoordinator(leader!.groupId);
    expect(await joining).toMatchObject({ errorCode: code.notCoordinator, memberId: newcomer.memberId });
    expect(await (await elsewhere(leader!)).heartbeat()).toBe(code.none);
    expect((await (await elsewhere(newcomer)).joinOnce()).errorCode).toBe(code.unknownMemberId);
  });

  it('tells those who wait for their assignment, and the next one has the generation before', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    const waiting = follower!.sync();
    await until('it waits', async () => (await leader!.heartbeat()) === code.none);
    await moveCoordinator(leader!.groupId);
    expect((await waiting).errorCode).toBe(code.notCoordinator);
    const moved = await elsewhere(follower!);
    expect(await moved.heartbeat()).toBe(code.illegalGeneration);
    expect(await moved.heartbeat({ generationId: moved.generation - 1 })).toBe(code.none);
  });

  it('has a group that is empty as it was', async () => {
    const [member] = await stableGroup(1);
    await member!.leave();
    await moveCoordinator(member!.groupId);
    const next = await Member.connect(member!.groupId);
    expect((await next.join()).generationId).toBe(3);
  });
});

describe('a coordinator that dies', () => {
  it('is replaced, and members go on as before', async () => {
    const [member] = await stableGroup(1);
    const coordinator = await coordinatorOf(member!.groupId);
    await broker.kill(coordinator);
    await member!.wire.closed;
    await until('there is another coordinator', async () => ![coordinator, -1].includes(await coordinatorOf(member!.groupId)));
    expect(await (await elsewhere(member!)).heartbeat()).toBe(code.none);
    await broker.restart(coordinator);
  });
});
