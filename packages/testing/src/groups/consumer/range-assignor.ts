import type { Assignment, GroupSpec, MemberSpec, MutableAssignment, PartitionAssignor } from './partition-assignor.ts';

/** Gives each member the same range of every topic, so that topics with equal numbers of partitions are read side by side. */
export const rangeAssignor: PartitionAssignor = {
  name: 'range',
  assign(group) {
    const members = [...group.members].sort(byInstanceThenMember);
    const target = new Map<string, MutableAssignment>(members.map(([memberId]) => [memberId, new Map()]));
    const topicIds = new Set(members.flatMap(([, { topicIds }]) => [...topicIds]));
    for (const topicId of topicIds) assignTopic(topicId, members, target, group);
    return target satisfies ReadonlyMap<string, Assignment>;
  },
};

function assignTopic(
  topicId: string,
  members: readonly (readonly [string, MemberSpec])[],
  target: ReadonlyMap<string, MutableAssignment>,
  { partitionCounts }: GroupSpec,
): void {
  const subscribers = members.filter(([, member]) => member.topicIds.has(topicId));
  const count = partitionCounts.get(topicId)!;
  const share = Math.floor(count / subscribers.length);
  const extras = count % subscribers.length;
  let start = 0;
  for (const [index, [memberId]] of subscribers.entries()) {
    const length = share + (index < extras ? 1 : 0);
    const from = start;
    if (length > 0) target.get(memberId)!.set(topicId, new Set(Array.from({ length }, (_, i) => from + i)));
    start += length;
  }
}

/** Static members come first, so that they find their ranges again after a restart. */
function byInstanceThenMember([idA, a]: readonly [string, MemberSpec], [idB, b]: readonly [string, MemberSpec]): number {
  if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId);
  if (a.instanceId !== null) return -1;
  if (b.instanceId !== null) return 1;
  return compare(idA, idB);
}

/** By code units, as Java compares strings. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
