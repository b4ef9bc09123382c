import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit } from '../requests.ts';
import { until } from '../until.ts';
import { admit, Member, stableGroup } from './classic-member.ts';

/** Sessions: a member that is silent for too long is out. */

afterAll(() => broker.closeWires());

/** Short for a test that waits for its end, and long enough for a member to be heard of although the broker or this process hesitates. */
const short = { sessionTimeoutMs: 4000 };
const longer = { rebalanceTimeoutMs: 6000 };

describe.concurrent('a session', () => {
  it('ends when nothing is heard of the member, and the others join again; heartbeats keep them in', async () => {
    const [alive, silent] = await stableGroup(2, short);
    await alive!.isAskedToRejoin();
    expect((await alive!.join()).members).toHaveLength(1);
    expect(await silent!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('is kept by commits', async () => {
    const topic = await broker.createTopic();
    const members = await stableGroup(3, [{}, short, short]);
    const [observer, commits, silent] = members;
    const fields = { generation: commits!.generation, memberId: commits!.memberId };
    await until('the silent one is out', async () => {
      expect(await commit(commits!.wire, 8, commits!.groupId, topic, 1, fields)).toBe(code.none);
      return (await observer!.heartbeat()) === code.rebalanceInProgress;
    });
    expect(await commits!.heartbeat()).toBe(code.rebalanceInProgress);
    expect(await silent!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('leaves a group empty when it was the last one', async () => {
    const [last] = await stableGroup(1, short);
    const observer = await broker.coordinatorWire(last!.groupId);
    const next = new Member(last!.groupId, observer, { protocolType: 'connect' });
    await until('the group is empty', async () => (await next.join()).errorCode === code.none);
    expect(next.generation).toBe(3);
  });

  it('does not end while the member waits for others to join', async () => {
    const [waits, slow] = await stableGroup(2, [{ ...short, ...longer }, longer]);
    const answer = await waits!.join();
    expect(answer).toMatchObject({ errorCode: code.none, generationId: 3 });
    expect(await slow!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('does not end while the member waits for its assignment', async () => {
    const [leader, follower] = await stableGroup(2, [longer, { ...short, ...longer }]);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    expect((await follower!.sync()).errorCode).toBe(code.rebalanceInProgress);
    expect(await follower!.heartbeat()).toBe(code.rebalanceInProgress);
  });

  it('is the time that somebody has to come back with the id that it was given', async () => {
    const [member] = await stableGroup(1);
    const pending = await Member.connect(member!.groupId, short);
    expect((await pending.joinOnce()).errorCode).toBe(code.memberIdRequired);
    expect((await member!.join()).members).toHaveLength(1);
    expect((await pending.joinOnce()).errorCode).toBe(code.unknownMemberId);
  });

  it('ends for a static member too', async () => {
    const [alive, silent] = await stableGroup(2, [short, { ...short, groupInstanceId: 'a' }]);
    await alive!.isAskedToRejoin();
    await alive!.join();
    expect(await silent!.heartbeat()).toBe(code.unknownMemberId);
    await alive!.sync();
    const members = await admit([alive!], await Member.connect(alive!.groupId, { groupInstanceId: 'a' }));
    expect(members.map(({ generation }) => generation)).toEqual([4, 4]);
  });
});
