import type { TopicPartition } from '@tskafka/core';

/** What a member of a classic group says of itself when it joins. */
export interface GroupSubscription {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
  /** What it has now, as it says. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** The generation that it has them from; -1 when it does not say. */
  readonly generation: number;
  readonly rackId: string | null;
  readonly userData: Uint8Array | null;
}

/** What a member has when it joins anew. */
export interface OwnAssignment {
  readonly partitions: readonly TopicPartition[];
  readonly generation: number;
}

/** The racks of the brokers that have a partition, once each; those that do not say theirs are left out. */
export type RacksOf = (partition: TopicPartition) => readonly string[];

/**
 * Says who reads what in a classic group. The leader of the group runs it for all; a group uses one that every member offers.
 * Java: ConsumerPartitionAssignor.
 */
export interface Assignor {
  /** The name that members agree on: those of Java's are `range`, `roundrobin`, `sticky` and `cooperative-sticky`. */
  readonly name: string;
  /** Whether members keep what they have while the group is rebalanced, and give up only what another one is to have (KIP-429). */
  readonly isCooperative: boolean;
  /** What the member adds to its subscription for the leader's assignor. */
  userData?(own: OwnAssignment): Uint8Array | null;
  /**
   * Each member's partitions, by its id; a member that is left out has none. `partitionCounts` has the topics that exist: one that is
   * subscribed to may be missing. `racksOf` says where the replicas of a partition are, for assignors that keep reading within a rack (KIP-881).
   */
  assign(
    members: readonly GroupSubscription[],
    partitionCounts: ReadonlyMap<string, number>,
    racksOf: RacksOf,
  ): ReadonlyMap<string, readonly TopicPartition[]>;
}

/** Java's order of members: static ones first, by their names, then the others by their ids. */
export function inMemberOrder(members: readonly GroupSubscription[]): GroupSubscription[] {
  return [...members].sort((a, b) => {
    if (a.groupInstanceId !== null && b.groupInstanceId !== null) return compare(a.groupInstanceId, b.groupInstanceId);
    if (a.groupInstanceId !== null) return -1;
    if (b.groupInstanceId !== null) return 1;
    return compare(a.memberId, b.memberId);
  });
}

/** All topics that somebody subscribes to and that exist, in order. */
export function subscribedTopics(members: readonly GroupSubscription[], partitionCounts: ReadonlyMap<string, number>): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))].filter((topic) => partitionCounts.has(topic)).sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
