import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import type { Decoded, DescribeGroupsResponse } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { commit } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { Member, stableGroup, subscription } from './classic-member.ts';

/** DescribeGroups, ListGroups and DeleteGroups: what an administrator sees of a group. */

afterAll(() => broker.closeWires());

async function describeGroup(groupId: string, version = 6): Promise<Decoded<DescribeGroupsResponse>['groups'][number]> {
  const wire = await broker.coordinatorWire(groupId);
  const { groups } = await wire.send(apis.describeGroups, version, { groups: [groupId] });
  return groups[0]!;
}

describe.each(versionsOf(apis.describeGroups))('DescribeGroups version %i', (version) => {
  it('shows the members of a stable group, what they said and what they have', async () => {
    const members = await stableGroup(2, [{ groupInstanceId: 'a' }, {}]);
    const { groupId } = members[0]!;
    const described = await describeGroup(groupId, version);
    expect(described).toMatchObject({
      errorCode: code.none,
      groupId,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
    });
    const expected = members.map(({ memberId, options }) => ({
      memberId,
      groupInstanceId: version >= 4 ? (options.groupInstanceId ?? null) : null,
      clientId: 'conformance',
      clientHost: '/127.0.0.1',
      memberMetadata: subscription(),
      memberAssignment: Buffer.from(`for ${memberId}`),
    }));
    const byId = (a: { memberId: string }, b: { memberId: string }): number => (a.memberId < b.memberId ? -1 : 1);
    expect(described.members.toSorted(byId)).toEqual(expected.toSorted(byId));
  });
});

describe('DescribeGroups', () => {
  it('shows less of a group that is not stable', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    const preparing = await describeGroup(leader!.groupId);
    expect(preparing).toMatchObject({ groupState: 'PreparingRebalance', protocolType: 'consumer', protocolData: '' });
    const nothing = Buffer.alloc(0);
    expect(preparing.members.map(({ memberMetadata }) => memberMetadata)).toEqual([nothing, nothing]);
    expect(preparing.members.map(({ memberAssignment }) => String(memberAssignment)).sort()).toEqual(
      [leader!, follower!].map(({ memberId }) => `for ${memberId}`).sort(),
    );
    await Promise.all([joining, follower!.join()]);
    const completing = await describeGroup(leader!.groupId);
    expect(completing).toMatchObject({ groupState: 'CompletingRebalance', protocolData: '' });
  });

  it('keeps the type of a group that is empty again', async () => {
    const [member] = await stableGroup(1);
    await member!.leave();
    expect(await describeGroup(member!.groupId)).toMatchObject({ groupState: 'Empty', protocolType: 'consumer', members: [] });
  });

  it('shows a group whose only member has still to come back with its id', async () => {
    const pending = await Member.connect(broker.freshName('classic'));
    await pending.joinOnce();
    expect(await describeGroup(pending.groupId)).toMatchObject({ groupState: 'Empty', protocolType: '', members: [] });
  });
});

describe.each(versionsOf(apis.listGroups))('ListGroups version %i', (version) => {
  it('filters by state and type', async () => {
    const [stable] = await stableGroup(1);
    const { groupId } = stable!;
    const wire = await broker.coordinatorWire(groupId);
    const list = async (filters: { statesFilter?: string[]; typesFilter?: string[] }) => {
      const { groups } = await wire.send(apis.listGroups, version, filters);
      return groups.filter((group) => group.groupId === groupId);
    };
    const expected = {
      groupId,
      protocolType: 'consumer',
      groupState: version >= 4 ? 'Stable' : '',
      groupType: version >= 5 ? 'classic' : '',
    };
    expect(await list({})).toEqual([expected]);
    if (version >= 4) {
      expect(await list({ statesFilter: ['stable', 'Empty'] })).toEqual([expected]);
      expect(await list({ statesFilter: ['Empty', 'PreparingRebalance'] })).toEqual([]);
    }
    if (version >= 5) {
      expect(await list({ typesFilter: ['Classic'] })).toEqual([expected]);
      expect(await list({ typesFilter: ['consumer', 'share'] })).toEqual([]);
      expect(await list({ typesFilter: ['classic'], statesFilter: ['Dead'] })).toEqual([]);
    }
  });
});

describe.each(versionsOf(apis.deleteGroups))('DeleteGroups version %i', (version) => {
  it('refuses a group with members, and takes one that is empty, with its offsets', async () => {
    const topic = await broker.createTopic();
    const [member] = await stableGroup(1);
    const { wire, groupId, memberId, generation } = member!;
    await commit(wire, 8, groupId, topic, 5, { memberId, generation });
    const remove = async () => (await wire.send(apis.deleteGroups, version, { groupsNames: [groupId] })).results;
    expect(await remove()).toEqual([{ groupId, errorCode: code.nonEmptyGroup }]);
    await member!.leave();
    expect(await remove()).toEqual([{ groupId, errorCode: code.none }]);
    expect(await remove()).toEqual([{ groupId, errorCode: code.groupIdNotFound }]);
    expect((await describeGroup(groupId, 5)).groupState).toBe('Dead');
  });

  it('begins anew with a group that was deleted', async () => {
    const [member] = await stableGroup(1);
    await member!.leave();
    await member!.wire.send(apis.deleteGroups, version, { groupsNames: [member!.groupId] });
    const next = await Member.connect(member!.groupId);
    expect((await next.join()).generationId).toBe(1);
  });
});
