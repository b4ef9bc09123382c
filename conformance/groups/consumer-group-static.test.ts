import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { TestGroup } from './consumer-group.ts';

/** Members with an instance id, which keep their place while they are away for a moment (KIP-345, KIP-848). */

const topic = await broker.createTopic({ partitions: 4 });
afterAll(() => broker.closeWires());

describe('A static member', () => {
  it('that leaves with -2 keeps its place for the next one of its name', async () => {
    const group = await TestGroup.create();
    const [first, other, next] = [group.member('first'), group.member('other'), group.member('next')];
    await first.join([topic], { instanceId: 'i' });
    await other.join([topic]);
    await group.stable(first, other);
    const had = first.partitions(topic);

    expect(await first.leave(-2)).toMatchObject({ errorCode: code.none, memberId: 'first', memberEpoch: -2 });
    expect(await group.describeMember('first')).toMatchObject({ memberEpoch: -2, instanceId: 'i' });
    expect(await other.beat()).toMatchObject({ memberEpoch: 3, assignment: null });

    const back = await next.join([topic], { instanceId: 'i' });
    expect(back).toMatchObject({ errorCode: code.none, memberId: 'next', memberEpoch: 3 });
    expect(next.partitions(topic)).toEqual(had);
    expect(await group.describe()).toMatchObject({ groupState: 'Stable', groupEpoch: 3, assignmentEpoch: 3 });
    expect((await group.describe()).members.map(({ memberId }) => memberId).sort()).toEqual(['next', 'other']);
    expect((await first.beat({ memberEpoch: 3 })).errorCode).toBe(code.fencedInstanceId);
  });

  it('that leaves with -1 leaves for good', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([topic], { instanceId: 'i' });
    expect(await member.leave(-1)).toMatchObject({ errorCode: code.none, memberEpoch: -1 });
    expect(await group.describe()).toMatchObject({ groupState: 'Empty', groupEpoch: 3 });
  });

  it('that is there does not give its name away', async () => {
    const group = await TestGroup.create();
    const [first, second] = [group.member('first'), group.member('second')];
    await first.join([topic], { instanceId: 'i' });
    expect(await second.join([topic], { instanceId: 'i' })).toMatchObject({
      errorCode: code.unreleasedInstanceId,
      errorMessage: 'Static member second with instance id i cannot join the group because the instance id is owned by first member.',
    });
    expect((await first.join([topic], { instanceId: 'i' })).errorCode).toBe(code.unreleasedInstanceId);
    expect((await first.beat({ memberEpoch: 2 })).errorCode).toBe(code.none);
  });

  it.each([
    ['beats under another member id', { memberId: 'second', instanceId: 'i', memberEpoch: 2 }, code.fencedInstanceId],
    ['leaves under another member id', { memberId: 'second', instanceId: 'i', memberEpoch: -1 }, code.fencedInstanceId],
    ['leaves for a while under another member id', { memberId: 'second', instanceId: 'i', memberEpoch: -2 }, code.fencedInstanceId],
    ['beats under a name that nobody has', { memberId: 'first', instanceId: 'j', memberEpoch: 2 }, code.unknownMemberId],
    ['leaves under a name that nobody has', { memberId: 'first', instanceId: 'j', memberEpoch: -1 }, code.unknownMemberId],
    ['beats with a wrong epoch', { memberId: 'first', instanceId: 'i', memberEpoch: 9 }, code.fencedMemberEpoch],
  ])('is refused when it %s', async (_, fields, errorCode) => {
    const group = await TestGroup.create();
    await group.member('first').join([topic], { instanceId: 'i' });
    const answer = await group.heartbeat(fields);
    const messages = new Map([
      [code.fencedInstanceId, 'Static member second with instance id i was fenced by member first.'],
      [code.unknownMemberId, 'Instance id j is unknown.'],
    ]);
    expect(answer).toMatchObject({ errorCode, errorMessage: messages.get(errorCode as never) ?? expect.stringContaining('greater') });
  });

  it('may come back with another subscription', async () => {
    const other = await broker.createTopic({ partitions: 1 });
    const group = await TestGroup.create();
    const [first, next] = [group.member('first'), group.member('next')];
    await first.join([topic], { instanceId: 'i' });
    await first.leave(-2);
    const back = await next.join([other], { instanceId: 'i' });
    expect(back).toMatchObject({ errorCode: code.none, memberEpoch: 3 });
    expect([next.partitions(topic), next.partitions(other)]).toEqual([[], [0]]);
  });

  it('gets the range of its name, whatever its member id', async () => {
    const group = await TestGroup.create();
    const [z, a] = [group.member('z'), group.member('a')];
    await z.join([topic], { instanceId: 'i1', serverAssignor: 'range' });
    await a.join([topic], { instanceId: 'i2', serverAssignor: 'range' });
    await group.stable(z, a);
    expect([z.partitions(topic), a.partitions(topic)]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});
