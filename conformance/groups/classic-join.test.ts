import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import { admit, Member, stableGroup, subscription, syncAll } from './classic-member.ts';

/** JoinGroup: who gets in, what each is told, and when. */

afterAll(() => broker.closeWires());

describe.each(versionsOf(apis.joinGroup))('JoinGroup version %i', (version) => {
  it('makes the first member the leader of generation 1, and tells it of all members', async () => {
    const member = await Member.connect(broker.freshName('classic'));
    const answer = await member.join(version);
    expect(answer).toEqual({
      throttleTimeMs: 0,
      errorCode: code.none,
      generationId: 1,
      protocolType: version >= 7 ? 'consumer' : null,
      protocolName: 'range',
      leader: answer.memberId,
      skipAssignment: false,
      memberId: expect.stringMatching(/^conformance-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      members: [{ memberId: answer.memberId, groupInstanceId: null, metadata: subscription() }],
    });
  });

  it(version >= 4 ? 'gives a new member an id to come back with (KIP-394)' : 'takes a new member at once', async () => {
    const member = await Member.connect(broker.freshName('classic'));
    const answer = await member.joinOnce(version);
    expect(answer.errorCode).toBe(version >= 4 ? code.memberIdRequired : code.none);
    expect(answer.memberId).not.toBe('');
    if (version >= 4) {
      expect(answer).toMatchObject({
        generationId: -1,
        protocolType: null,
        protocolName: version >= 7 ? null : '',
        leader: '',
        members: [],
      });
    }
  });

  it('tells followers of their leader, and of nobody else', async () => {
    const [leader] = await stableGroup(1);
    const follower = await Member.connect(leader!.groupId);
    const joining = follower.join(version);
    await leader!.isAskedToRejoin();
    const [toFollower, toLeader] = await Promise.all([joining, leader!.join(version)]);
    expect(toFollower).toMatchObject({ errorCode: code.none, generationId: 2, leader: leader!.memberId, members: [] });
    expect(toLeader).toMatchObject({ errorCode: code.none, generationId: 2, leader: leader!.memberId });
    expect(toLeader.members.map(({ memberId }) => memberId).sort()).toEqual([leader!.memberId, follower.memberId].sort());
  });

  it.each([
    ['a group without a name', '', {}, code.invalidGroupId],
    ['too short a session', 'short', { sessionTimeoutMs: 999 }, code.invalidSessionTimeout],
    ['too long a session', 'long', { sessionTimeoutMs: 1_800_001 }, code.invalidSessionTimeout],
    ['a member without protocols', 'none', { protocols: [] }, code.inconsistentGroupProtocol],
    ['a member without a type of protocol', 'untyped', { protocolType: '' }, code.inconsistentGroupProtocol],
  ] as const)('refuses %s', async (_what, name, options, expected) => {
    const groupId = name === '' ? '' : broker.freshName(name);
    const answer = await new Member(groupId, await broker.coordinatorWire(groupId), options).joinOnce(version);
    expect(answer).toMatchObject({ errorCode: expected, memberId: '', members: [], leader: '', protocolName: version >= 7 ? null : '' });
  });

  it('refuses a member that it does not know, in a group that there is, and in one that there is not', async () => {
    const [member] = await stableGroup(1);
    for (const groupId of [member!.groupId, broker.freshName('classic')]) {
      const stranger = await Member.connect(groupId);
      stranger.memberId = 'stranger';
      expect(await stranger.joinOnce(version)).toMatchObject({ errorCode: code.unknownMemberId, memberId: 'stranger', generationId: -1 });
    }
  });
});

describe('the protocol of a group', () => {
  const named = (...names: string[]) => names.map((name) => [name, subscription(name)] as const);

  it.each([
    [
      'the only one that all have',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      'b',
    ],
    [
      'the one with the most votes',
      [
        ['a', 'b'],
        ['b', 'a'],
        ['b', 'a'],
      ],
      'b',
    ],
    [
      'with equal votes the one that Java’s HashMap has first',
      [
        ['range', 'roundrobin'],
        ['roundrobin', 'range'],
      ],
      'range',
    ],
    [
      'with equal votes the one that Java’s HashMap has first, also of others',
      [
        ['sticky', 'range'],
        ['range', 'sticky'],
      ],
      'sticky',
    ],
    [
      'with equal votes the one that Java’s HashMap has first, in any order',
      [
        ['b', 'a'],
        ['a', 'b'],
      ],
      'a',
    ],
  ])('is %s', async (_what, preferences, expected) => {
    const members = await stableGroup(
      preferences.length,
      preferences.map((names) => ({ protocols: named(...names) })),
    );
    expect(members.map(({ protocolName }) => protocolName)).toEqual(preferences.map(() => expected));
  });

  it('has the leader see what each member said with it', async () => {
    const [first] = await stableGroup(1, { protocols: named('a', 'b') });
    const second = await Member.connect(first!.groupId, { protocols: named('b') });
    const joining = second.join();
    await first!.isAskedToRejoin();
    const [, answer] = await Promise.all([joining, first!.join()]);
    expect(answer.members.map(({ metadata }) => metadata)).toEqual([subscription('b'), subscription('b')]);
  });

  it.each([
    ['nothing in common', { protocols: named('c') }],
    ['another type', { protocolType: 'connect', protocols: named('a') }],
  ])('shuts out a member with %s', async (_what, options) => {
    const [member] = await stableGroup(1, { protocols: named('a', 'b') });
    const other = await Member.connect(member!.groupId, options);
    expect((await other.joinOnce()).errorCode).toBe(code.inconsistentGroupProtocol);
    expect(await member!.heartbeat()).toBe(code.none);
  });

  it('may be of any type when the group is empty again', async () => {
    const [member] = await stableGroup(1);
    await member!.leave();
    const other = await Member.connect(member!.groupId, { protocolType: 'connect', protocols: named('c') });
    expect(await other.join()).toMatchObject({ errorCode: code.none, protocolType: 'connect', protocolName: 'c' });
  });
});

describe('a member that joins again', () => {
  it('hears of the present generation when it follows and has nothing new', async () => {
    const [, follower] = await stableGroup(2);
    const { generation } = follower!;
    expect(await follower!.join()).toMatchObject({ errorCode: code.none, generationId: generation, members: [] });
    expect(await follower!.heartbeat()).toBe(code.none);
  });

  it('begins a rebalance when it leads', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    const answers = await Promise.all([joining, follower!.join()]);
    expect(answers.map(({ generationId }) => generationId)).toEqual([3, 3]);
  });

  it('begins a rebalance when it says something else', async () => {
    const [leader, follower] = await stableGroup(2);
    follower!.options = { protocols: [['range', subscription('other')]] };
    const joining = follower!.join();
    await leader!.isAskedToRejoin();
    const [, answer] = await Promise.all([joining, leader!.join()]);
    expect(answer.members.map(({ metadata }) => metadata)).toContainEqual(subscription('other'));
  });

  it('hears the same again while the assignment is awaited, as when the answer was lost', async () => {
    const groupId = broker.freshName('classic');
    const member = await Member.connect(groupId);
    const first = await member.join();
    expect(await member.joinOnce()).toEqual(first);
  });

  it('begins a rebalance while the assignment is awaited when it says something else', async () => {
    const [leader, follower] = await stableGroup(2);
    await Promise.all([leader!.join(), leader!.generation && follower!.isAskedToRejoin().then(() => follower!.join())]);
    const waiting = follower!.sync();
    leader!.options = { protocols: [['range', subscription('other')]] };
    const again = leader!.joinOnce();
    expect(await waiting).toMatchObject({ errorCode: code.rebalanceInProgress, assignment: Buffer.alloc(0) });
    const answers = await Promise.all([again, follower!.join()]);
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([code.none, code.none]);
  });
});

describe('a rebalance', () => {
  it('waits for those who were given an id', async () => {
    const [member] = await stableGroup(1);
    const late = await Member.connect(member!.groupId);
    expect((await late.joinOnce()).errorCode).toBe(code.memberIdRequired);
    const joining = member!.join(); // it leads, so this begins a rebalance
    const joined = late.joinOnce();
    expect((await joining).members).toHaveLength(2);
    expect((await joined).errorCode).toBe(code.none);
  });

  it('follows a rebalance, as cooperative members do who first give partitions back (KIP-429)', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await follower!.isAskedToRejoin();
    await Promise.all([joining, follower!.join()]);
    const synced = await syncAll([leader!, follower!]);
    expect(synced.map(({ errorCode }) => errorCode)).toEqual([code.none, code.none]);
    follower!.options = { protocols: [['range', subscription('given back')]] };
    const again = follower!.join();
    await leader!.isAskedToRejoin();
    const answers = await Promise.all([again, leader!.join()]);
    expect(answers.map(({ generationId }) => generationId)).toEqual([4, 4]);
  });

  it('does not hold other connections', async () => {
    const [leader, follower] = await stableGroup(2);
    const joining = leader!.join();
    await until('the rebalance is on', async () => (await follower!.heartbeat()) === code.rebalanceInProgress);
    const third = await broker.coordinatorWire(leader!.groupId);
    const described = await third.send(apis.describeGroups, 5, { groups: [leader!.groupId] });
    expect(described.groups[0]).toMatchObject({ groupState: 'PreparingRebalance' });
    await follower!.join();
    await joining;
  });
});

describe.concurrent('a rebalance whose time-out passes', () => {
  /** Short for a test that waits for it, and long enough for whoever shall come in time although the broker or this process hesitates. */
  const rebalanceTimeoutMs = 4000;

  it('goes on without those who have not come in time', async () => {
    const members = await stableGroup(2, { rebalanceTimeoutMs });
    const answer = await members[1]!.join().then(() => members[0]!.join());
    expect(answer).toMatchObject({ errorCode: code.none, generationId: 3 });
    expect(answer.members.map(({ memberId }) => memberId)).toEqual([members[0]!.memberId]);
    expect(await members[1]!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('takes as long as its slowest member may', async () => {
    const [first, second] = await stableGroup(2, [{ rebalanceTimeoutMs: 2000 }, { rebalanceTimeoutMs }]);
    const begun = performance.now();
    await first!.join();
    expect(performance.now() - begun).toBeGreaterThan(rebalanceTimeoutMs - 100);
    expect(await second!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('elects another leader when the old one does not come', async () => {
    const [leader, follower] = await stableGroup(2, { rebalanceTimeoutMs });
    follower!.options = { rebalanceTimeoutMs, protocols: [['range', subscription('other')]] };
    const answer = await follower!.join();
    expect(answer).toMatchObject({ errorCode: code.none, leader: follower!.memberId });
    expect(answer.members).toHaveLength(1);
    expect(await leader!.heartbeat()).toBe(code.unknownMemberId);
  });

  it('goes on after a member that waits has lost its connection: it stays a member, and is out when it does not sync', async () => {
    const [first] = await stableGroup(1, { rebalanceTimeoutMs });
    const lost = await Member.connect(first!.groupId, { rebalanceTimeoutMs });
    await lost.joinOnce();
    void lost.joinOnce(); // nobody ever hears the answer
    await first!.isAskedToRejoin();
    lost.wire.close();
    expect((await first!.join()).members).toHaveLength(2);
    await first!.sync();
    await first!.isAskedToRejoin(); // the rebalance time-out is over, and the lost one has not synced
    expect((await first!.join()).members).toHaveLength(1);
  });
});

it('a group grows by one member after the other', async () => {
  let members = await stableGroup(3);
  members = await admit(members, await Member.connect(members[0]!.groupId));
  expect(members.map(({ generation }) => generation)).toEqual([4, 4, 4, 4]);
});
