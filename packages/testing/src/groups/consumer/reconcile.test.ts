import { describe, expect, it } from 'vitest';
import { type ConsumerMember, newMember, partitionsOf } from './consumer-member.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';

/** One topic, `t`: partition -> the epoch since when the member has it. */
type Owned = Readonly<Record<number, number>>;

interface Case {
  readonly title: string;
  readonly state?: ConsumerMember['state'];
  readonly epoch: number;
  readonly assigned?: Owned;
  readonly pending?: Owned;
  readonly target: readonly number[];
  readonly targetEpoch: number;
  /** What the member says that it owns. */
  readonly owned?: readonly number[];
  readonly heldByOthers?: readonly number[];
  readonly unsubscribes?: boolean;
  readonly expected: {
    readonly state: ConsumerMember['state'];
    readonly epoch: number;
    readonly assigned?: Owned;
    readonly pending?: Owned;
  };
}

const topic = (owned: Owned = {}) =>
  Object.keys(owned).length === 0 ? new Map() : new Map([['t', new Map(Object.entries(owned).map(([p, e]) => [Number(p), e]))]]);

function step(given: Case): ConsumerMember {
  const member: ConsumerMember = {
    ...newMember('m'),
    state: given.state ?? 'stable',
    memberEpoch: given.epoch,
    previousMemberEpoch: given.epoch - 1,
    assignedPartitions: topic(given.assigned),
    partitionsPendingRevocation: topic(given.pending),
  };
  const own = [member.assignedPartitions, member.partitionsPendingRevocation].flatMap((owned) => [...(partitionsOf(owned).get('t') ?? [])]);
  const to: Reconciliation = {
    targetEpoch: given.targetEpoch,
    target: new Map([['t', new Set(given.target)]]),
    topicIds: new Set(given.unsubscribes ? [] : ['t']),
    subscriptionChanged: given.unsubscribes ?? false,
    owned: given.owned === undefined ? null : [{ topicId: 't', partitions: given.owned }],
    isHeld: (_, partition) => own.includes(partition) || (given.heldByOthers ?? []).includes(partition),
  };
  return reconcile(member, to);
}

describe('reconcile', () => {
  it.each<Case>([
    {
      title: 'a new member gets what is free',
      ...{ epoch: 0, target: [0, 1], targetEpoch: 2 },
      expected: { state: 'stable', epoch: 2, assigned: { 0: 2, 1: 2 } },
    },
    {
      title: 'a new member waits for what others hold',
      ...{ epoch: 0, target: [0, 1], targetEpoch: 3, heldByOthers: [1] },
      expected: { state: 'unreleased partitions', epoch: 3, assigned: { 0: 3 } },
    },
    {
      title: 'one that waits gets what has become free',
      ...{ state: 'unreleased partitions', epoch: 3, assigned: { 0: 3 }, target: [0, 1], targetEpoch: 3 },
      expected: { state: 'stable', epoch: 3, assigned: { 0: 3, 1: 3 } },
    },
    {
      title: 'one that has what it shall have stays',
      ...{ epoch: 3, assigned: { 0: 2 }, target: [0], targetEpoch: 3 },
      expected: { state: 'stable', epoch: 3, assigned: { 0: 2 } },
    },
    {
      title: 'one that keeps its partitions comes to the new epoch, and has them since the old one',
      ...{ epoch: 2, assigned: { 0: 2 }, target: [0], targetEpoch: 3 },
      expected: { state: 'stable', epoch: 3, assigned: { 0: 2 } },
    },
    {
      title: 'one that must give back stays at its epoch, and gets nothing meanwhile',
      ...{ epoch: 2, assigned: { 0: 2, 1: 2 }, target: [0, 2], targetEpoch: 3, owned: [0, 1] },
      expected: { state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 } },
    },
    {
      title: 'one that does not say what it owns has given nothing back',
      ...{ epoch: 2, assigned: { 0: 2, 1: 2 }, target: [0], targetEpoch: 3 },
      expected: { state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 } },
    },
    {
      title: 'one that does not own it any longer goes on at once',
      ...{ epoch: 2, assigned: { 0: 2, 1: 2 }, target: [0, 2], targetEpoch: 3, owned: [0] },
      expected: { state: 'stable', epoch: 3, assigned: { 0: 2, 2: 3 } },
    },
    {
      title: 'one that still owns what it must give back waits',
      ...{ state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 }, target: [0], targetEpoch: 3, owned: [0, 1] },
      expected: { state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 } },
    },
    {
      title: 'one that has given back goes on',
      ...{ state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 }, target: [0, 2], targetEpoch: 3, owned: [0] },
      expected: { state: 'stable', epoch: 3, assigned: { 0: 2, 2: 3 } },
    },
    {
      title: 'what it gave back just now may come back to it',
      ...{ state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 }, target: [0, 1], targetEpoch: 4, owned: [0] },
      expected: { state: 'stable', epoch: 4, assigned: { 0: 2, 1: 4 } },
    },
    {
      title: 'what it is no longer subscribed to goes at once, before the target says so',
      ...{ epoch: 3, assigned: { 0: 3 }, target: [0], targetEpoch: 3, unsubscribes: true },
      expected: { state: 'unrevoked partitions', epoch: 3, pending: { 0: 3 } },
    },
    {
      title: 'what it is no longer subscribed to, and does not own, is not waited for',
      ...{ epoch: 3, assigned: { 0: 3 }, target: [0], targetEpoch: 3, unsubscribes: true, owned: [] },
      expected: { state: 'stable', epoch: 3 },
    },
    {
      title: 'more to give back is added to what is being given back',
      ...{ state: 'unrevoked partitions', epoch: 2, assigned: { 0: 2 }, pending: { 1: 2 }, target: [0], targetEpoch: 3 },
      ...{ unsubscribes: true, owned: [0, 1] },
      expected: { state: 'unrevoked partitions', epoch: 2, pending: { 0: 2, 1: 2 } },
    },
  ])('$title', (given) => {
    const { state, memberEpoch, assignedPartitions, partitionsPendingRevocation } = step(given);
    const { expected } = given;
    expect({ state, epoch: memberEpoch }).toEqual({ state: expected.state, epoch: expected.epoch });
    expect(assignedPartitions).toEqual(topic(expected.assigned));
    expect(partitionsPendingRevocation).toEqual(topic(expected.pending));
  });
});
