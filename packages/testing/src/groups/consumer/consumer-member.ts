import type { Assignment } from './partition-assignor.ts';

/** Topic id -> partition -> the epoch at which the member was given it. */
export type OwnedPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>;

export const ownsNothing: OwnedPartitions = new Map();

/** How far a member is on its way to the target assignment. */
export type MemberState = 'stable' | 'unrevoked partitions' | 'unreleased partitions';

/** What a member of a consumer group has said with JoinGroup: it speaks the classic protocol (KIP-848's migration). */
export interface ClassicMembership {
  readonly sessionTimeoutMs: number;
  readonly protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

/** A member of a consumer group (KIP-848). It is replaced as a whole when anything about it changes. */
export interface ConsumerMember {
  readonly memberId: string;
  /** 0 until it was given its first assignment; -2 for a static member that is away. */
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: ReadonlySet<string>;
  /** Empty for none. */
  readonly subscribedTopicRegex: string;
  /** null: it leaves the choice to the others. */
  readonly serverAssignor: string | null;
  readonly assignedPartitions: OwnedPartitions;
  readonly partitionsPendingRevocation: OwnedPartitions;
  /** null: it speaks the consumer protocol. */
  readonly classic: ClassicMembership | null;
}

export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: 'stable',
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: new Set(),
    subscribedTopicRegex: '',
    serverAssignor: null,
    assignedPartitions: ownsNothing,
    partitionsPendingRevocation: ownsNothing,
    classic: null,
  };
}

export function isReconciledTo(member: ConsumerMember, targetEpoch: number): boolean {
  return member.state === 'stable' && member.memberEpoch === targetEpoch;
}

/** Whether it is responsible for the partition, be it that it still has to give it back. */
export function holds({ assignedPartitions, partitionsPendingRevocation }: ConsumerMember, topicId: string, partition: number): boolean {
  return assignedPartitions.get(topicId)?.has(partition) === true || partitionsPendingRevocation.get(topicId)?.has(partition) === true;
}

/** The partitions without their epochs. */
export function partitionsOf(owned: OwnedPartitions): Assignment {
  return new Map([...owned].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]));
}

export function withEpoch(assignment: Assignment, epoch: number): OwnedPartitions {
  return new Map(
    [...assignment].map(([topicId, partitions]) => [topicId, new Map([...partitions].map((partition) => [partition, epoch]))]),
  );
}

export function sameOwned(a: OwnedPartitions, b: OwnedPartitions): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  return [...a].every(([topicId, partitions]) => {
    const others = b.get(topicId);
    return others?.size === partitions.size && [...partitions].every(([partition, epoch]) => others.get(partition) === epoch);
  });
}
