import { javaHash } from '../coordinator-key.ts';
import type { ConsumerMember } from './consumer-member.ts';
import { copiedHashOrder } from './java-hash-order.ts';
import { type Assignment, emptyAssignment, type MemberSpec, memberOrder, type PartitionAssignor } from './partition-assignor.ts';
import { isHomogeneous, type ResolvedRegexes, subscribedNames } from './subscriptions.ts';

export type TargetAssignment = ReadonlyMap<string, Assignment>;

/** What a group knows of the cluster's topics. */
export interface TopicImage {
  readonly id: string;
  readonly partitionCount: number;
}

export interface TargetInput {
  readonly assignor: PartitionAssignor;
  /** The members as they will be, by id. */
  readonly members: ReadonlyMap<string, ConsumerMember>;
  readonly regexes: ResolvedRegexes;
  /** The last target assignment, by member id. */
  readonly previous: TargetAssignment;
  topic(name: string): TopicImage | undefined;
}

/** Who shall have what from now on: each member gets its part, if only an empty one. */
export function computeTarget({ assignor, members, regexes, previous, topic }: TargetInput): TargetAssignment {
  const partitionCounts = new Map<string, number>();
  const specs = new Map<string, MemberSpec>();
  for (const memberId of memberOrder(members.keys())) {
    const member = members.get(memberId)!;
    const topicIds = new Set<string>();
    for (const name of copiedHashOrder([...subscribedNames(member, regexes)], javaHash)) {
      const found = topic(name);
      if (found === undefined) continue;
      topicIds.add(found.id);
      partitionCounts.set(found.id, found.partitionCount);
    }
    specs.set(memberId, { instanceId: member.instanceId, topicIds, assignment: previous.get(memberId) ?? emptyAssignment });
  }
  const assigned = new Set<string>();
  for (const assignment of previous.values()) {
    for (const [topicId, partitions] of assignment) for (const partition of partitions) assigned.add(`${topicId}-${partition}`);
  }
  const computed = assignor.assign({
    members: specs,
    homogeneous: isHomogeneous([...members.values()], regexes),
    partitionCounts,
    isAssigned: (topicId, partition) => assigned.has(`${topicId}-${partition}`),
  });
  return new Map([...members.keys()].map((memberId) => [memberId, computed.get(memberId) ?? emptyAssignment]));
}
