import { copiedHashOrder, uuidHash } from './java-hash-order.ts';
import {
  addPartition,
  type Assignment,
  copyAssignment,
  type GroupSpec,
  type MutableAssignment,
  partitionOrder,
  removePartition,
  topicOrder,
} from './partition-assignor.ts';

/**
 * The uniform assignor where all members have the same subscription.
 *
 * Everybody keeps what it has, up to its share; what is left over goes to those below their share, in the order of the members.
 */
export function assignHomogeneous(group: GroupSpec): ReadonlyMap<string, Assignment> {
  const [first] = group.members.values();
  const topicIds = copiedHashOrder([...first!.topicIds], uuidHash);
  if (topicIds.length === 0) return new Map();
  const unassigned: [topicId: string, partition: number][] = [];
  let partitions = 0;
  for (const topicId of topicIds) {
    const count = group.partitionCounts.get(topicId)!;
    partitions += count;
    for (let partition = 0; partition < count; partition++) {
      if (!group.isAssigned(topicId, partition)) unassigned.push([topicId, partition]);
    }
  }

  const share = Math.floor(partitions / group.members.size);
  let extras = partitions % group.members.size;
  let membersLeft = group.members.size;
  const target = new Map<string, MutableAssignment>();
  const unfilled: { readonly memberId: string; readonly quota: number }[] = [];
  for (const [memberId, member] of group.members) {
    const mayHaveExtra = extras > 0;
    const kept = keep(member.assignment, first!.topicIds, share + (mayHaveExtra ? 1 : 0));
    unassigned.push(...kept.revoked);
    target.set(memberId, kept.assignment);
    let { quota } = kept;
    // One that does not fill its extra leaves it to a later member, but for the last ones, which must take it.
    const givesUpExtra = mayHaveExtra && quota > 0 && membersLeft > extras;
    if (givesUpExtra) quota--;
    if (quota > 0) unfilled.push({ memberId, quota });
    if (mayHaveExtra && !givesUpExtra) extras--;
    membersLeft--;
  }

  let next = 0;
  for (const { memberId, quota } of unfilled) {
    for (const [topicId, partition] of unassigned.slice(next, next + quota)) addPartition(target.get(memberId)!, topicId, partition);
    next += quota;
  }
  return target;
}

/** What a member may keep of its assignment, what it has to give back, and how many more it may get. */
function keep(old: Assignment, topicIds: ReadonlySet<string>, quota: number) {
  const assignment = copyAssignment(old);
  const revoked: [topicId: string, partition: number][] = [];
  for (const topicId of topicOrder(old)) {
    if (!topicIds.has(topicId)) {
      assignment.delete(topicId);
      continue;
    }
    for (const partition of partitionOrder(old.get(topicId)!)) {
      if (quota > 0) quota--;
      else {
        removePartition(assignment, topicId, partition);
        revoked.push([topicId, partition]);
      }
    }
  }
  return { assignment, revoked, quota };
}
