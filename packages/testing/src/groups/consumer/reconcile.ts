import { type ConsumerMember, type OwnedPartitions, ownsNothing } from './consumer-member.ts';
import type { Assignment } from './partition-assignor.ts';

/** Partitions as a request names them. */
export type TopicPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export interface Reconciliation {
  readonly targetEpoch: number;
  readonly target: Assignment;
  /** The ids of the topics that the member is subscribed to. */
  readonly topicIds: ReadonlySet<string>;
  /** Whether the request that is being answered has changed that. */
  readonly subscriptionChanged: boolean;
  /** What the member says that it owns; null when it does not say. */
  readonly owned: TopicPartitions | null;
  /** Whether any member, itself included, still holds the partition. */
  isHeld(topicId: string, partition: number): boolean;
}

/**
 * The next step of a member towards the target assignment (KIP-848).
 *
 * First it gives back what is no longer its own and stays at its epoch until it has; then it comes to the target's epoch with whatever is
 * free; and it waits for those partitions that others have yet to give back.
 */
export function reconcile(member: ConsumerMember, to: Reconciliation): ConsumerMember {
  switch (member.state) {
    case 'stable':
      if (member.memberEpoch !== to.targetEpoch) return nextAssignment(member, to);
      return to.subscriptionChanged ? withoutUnsubscribed(member, to) : member;
    case 'unrevoked partitions':
      if (!stillOwns(to.owned, member.partitionsPendingRevocation)) return nextAssignment(member, to);
      return to.subscriptionChanged ? withoutUnsubscribed(member, to) : member;
    case 'unreleased partitions':
      return nextAssignment(member, to);
  }
}

/** A member that does not say what it owns still owns all. */
function stillOwns(owned: TopicPartitions | null, revoked: OwnedPartitions): boolean {
  if (owned === null) return true;
  return owned.some(({ topicId, partitions }) => partitions.some((partition) => revoked.get(topicId)?.has(partition)));
}

/** Takes away at once what the member is no longer subscribed to, whatever the target says. */
function withoutUnsubscribed(member: ConsumerMember, { topicIds, owned }: Reconciliation): ConsumerMember {
  const lost = [...member.assignedPartitions].filter(([topicId]) => !topicIds.has(topicId));
  if (lost.length === 0) return member;
  const assignedPartitions = new Map([...member.assignedPartitions].filter(([topicId]) => topicIds.has(topicId)));
  const pending = new Map(member.partitionsPendingRevocation);
  for (const [topicId, partitions] of lost) pending.set(topicId, new Map([...(pending.get(topicId) ?? []), ...partitions]));
  const moved = { ...member, previousMemberEpoch: member.memberEpoch, assignedPartitions };
  if (!stillOwns(owned, pending)) return moved;
  return { ...moved, state: 'unrevoked partitions', partitionsPendingRevocation: pending };
}

function nextAssignment(member: ConsumerMember, to: Reconciliation): ConsumerMember {
  const assigned = new Map<string, Map<number, number>>();
  const revoked = new Map<string, ReadonlyMap<number, number>>();
  const added: [topicId: string, partition: number][] = [];
  let unreleased = false;
  for (const topicId of new Set([...to.target.keys(), ...member.assignedPartitions.keys()])) {
    const target: ReadonlySet<number> = (to.topicIds.has(topicId) ? to.target.get(topicId) : undefined) ?? new Set();
    const current = [...(member.assignedPartitions.get(topicId) ?? [])];
    const kept = current.filter(([partition]) => target.has(partition));
    const lost = current.filter(([partition]) => !target.has(partition));
    if (kept.length > 0) assigned.set(topicId, new Map(kept));
    if (lost.length > 0) revoked.set(topicId, new Map(lost));
    for (const partition of target) {
      if (assigned.get(topicId)?.has(partition)) continue;
      // What it is itself still giving back is not in its way.
      const ownRevocation = member.partitionsPendingRevocation.get(topicId)?.has(partition) === true;
      if (to.isHeld(topicId, partition) && !ownRevocation) unreleased = true;
      else added.push([topicId, partition]);
    }
  }

  if (revoked.size > 0 && stillOwns(to.owned, revoked)) {
    return {
      ...member,
      state: 'unrevoked partitions',
      previousMemberEpoch: member.memberEpoch,
      assignedPartitions: assigned,
      partitionsPendingRevocation: revoked,
    };
  }
  for (const [topicId, partition] of added) {
    let partitions = assigned.get(topicId);
    if (partitions === undefined) assigned.set(topicId, (partitions = new Map()));
    partitions.set(partition, to.targetEpoch);
  }
  return {
    ...member,
    state: unreleased ? 'unreleased partitions' : 'stable',
    memberEpoch: to.targetEpoch,
    previousMemberEpoch: member.memberEpoch,
    assignedPartitions: assigned,
    partitionsPendingRevocation: ownsNothing,
  };
}
