import type { TopicPartition } from '@tskafka/core';

/** What a member of a classic group says about itself when it joins. */
export interface GroupSubscription {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
  /** The partitions that it owns, by its own account. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** The generation in which it got them; -1 if it does not say. */
  readonly generation: number;
  readonly rackId: string | null;
  readonly userData: Uint8Array | null;
}

/** What a member owns when it joins again. */
export interface OwnAssignment {
  readonly partitions: readonly TopicPartition[];
  readonly generation: number;
}

/** The racks of the brokers with a replica of a partition, without duplicates and unknown racks. */
export type RacksOf = (partition: TopicPartition) => readonly string[];

/**
 * Assigns partitions in a classic group. The leader of the group runs it for all members, and a group uses one that every member offers.
 * Java: ConsumerPartitionAssignor.
 */
export interface Assignor {
  /** The name that members agree on. Java's are `range`, `roundrobin`, `sticky` and `cooperative-sticky`. */
  readonly name: string;
  /** Whether members keep their partitions during a rebalance, and give up only those that another member gets (KIP-429). */
  readonly isCooperative: boolean;
  /** Data that the member adds to its subscription for the leader's assignor. */
  userData?(own: OwnAssignment): Uint8Array | null;
  /**
   * Returns the partitions of each member, by its id; a member that is left out gets none. `partitionCounts` has only topics that exist.
   * `racksOf` returns the racks of a partition, for assignors that keep reading within a rack (KIP-881).
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
