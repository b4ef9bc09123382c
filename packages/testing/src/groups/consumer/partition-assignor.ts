import { javaHash } from '../coordinator-key.ts';
import { copiedHashOrder, hashOrder, timelineOrder, uuidHash } from './java-hash-order.ts';

/** Topic id -> partitions. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>;
export type MutableAssignment = Map<string, Set<number>>;

export const emptyAssignment: Assignment = new Map();

/** What an assignor knows of a member. */
export interface MemberSpec {
  readonly instanceId: string | null;
  /** The ids of the topics that it is subscribed to, and that there are. */
  readonly topicIds: ReadonlySet<string>;
  /** Its part of the last target assignment. */
  readonly assignment: Assignment;
}

export interface GroupSpec {
  /** By member id, in the order in which Kafka walks through them (`memberOrder`). */
  readonly members: ReadonlyMap<string, MemberSpec>;
  /** Whether all members are subscribed to the same topics. */
  readonly homogeneous: boolean;
  /** How many partitions each topic has. */
  readonly partitionCounts: ReadonlyMap<string, number>;
  /** Whether the last target assignment gives this partition to anybody, members that have left since included. */
  isAssigned(topicId: string, partition: number): boolean;
}

/** Decides on the broker which member gets which partition (KIP-848). */
export interface PartitionAssignor {
  readonly name: string;
  assign(group: GroupSpec): ReadonlyMap<string, Assignment>;
}

/** The order in which Kafka's assignors see the members: that of a `HashMap` filled from a `TimelineHashMap`. */
export function memberOrder(memberIds: Iterable<string>): string[] {
  return hashOrder(timelineOrder(memberIds), javaHash);
}

export function topicOrder(assignment: Assignment): string[] {
  return hashOrder(assignment.keys(), uuidHash);
}

/** Partitions in the order of a `HashSet` made of a list of them. */
export function partitionOrder(partitions: Iterable<number>): number[] {
  return copiedHashOrder(
    [...partitions].sort((a, b) => a - b),
    (partition) => partition,
  );
}

export function copyAssignment(assignment: Assignment): MutableAssignment {
  return new Map([...assignment].map(([topicId, partitions]) => [topicId, new Set(partitions)]));
}

export function addPartition(assignment: MutableAssignment, topicId: string, partition: number): void {
  let partitions = assignment.get(topicId);
  if (partitions === undefined) assignment.set(topicId, (partitions = new Set()));
  partitions.add(partition);
}

export function removePartition(assignment: MutableAssignment, topicId: string, partition: number): void {
  const partitions = assignment.get(topicId);
  partitions?.delete(partition);
  if (partitions?.size === 0) assignment.delete(topicId);
}
