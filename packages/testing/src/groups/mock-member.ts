/** A partition that a member was assigned. */
export interface AssignedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A member of a group in the hand of a test. */
export interface MockMember {
  readonly memberId: string;
  /** Its group.instance.id; null for a dynamic member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  /** What it is subscribed to. Empty where members are no consumers, such as Kafka Connect's. */
  readonly topics: readonly string[];
  /** What it was assigned, by topic and partition. */
  readonly assignment: readonly AssignedPartition[];
}

/** What a test may do to the members of a group, of any type. */
export interface GroupControls {
  /** Grows with each rebalance: the generation of a classic group, the epoch of any other. */
  readonly generation: number;
  view(): MockMember[];
  /** Has all members join again, or what takes its place. */
  forceRebalance(): void;
  /** Takes a member out, as an administrator does. */
  evict(memberId: string): void;
  /** Ends a member's session. Whether it could: one that waits for the others has a reason to be silent. */
  expire(memberId: string): boolean;
}

export function byPartition(a: AssignedPartition, b: AssignedPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}
