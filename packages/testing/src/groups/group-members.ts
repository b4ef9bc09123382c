/** What a group may be. Streams groups are not offered (SKIPPED.md). */
export type GroupType = 'classic' | 'consumer' | 'share';

/** Who commits: a member says which one it is, and of which generation or epoch; anybody else says -1 and no names. */
export interface Committer {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationIdOrMemberEpoch: number;
  /** Whether the offsets are part of a transaction (TxnOffsetCommit). */
  readonly transactional: boolean;
  /** The version of the request: refusals differ by it. */
  readonly version: number;
  /** What it commits offsets for. */
  readonly partitions: readonly { readonly topicId: string; readonly partition: number }[];
}

/** What the members of any type of group decide for the rest of the broker. Errors are Kafka's codes; 0 is none. */
export interface GroupMembers {
  readonly type: GroupType;
  /** Kafka's name of the state that the group is in. */
  readonly state: string;
  /** What kind of members these are: `consumer`, `connect`, … Empty where only offsets were ever kept. */
  readonly protocolType: string;
  readonly isEmpty: boolean;

  commitError(committer: Committer): number;
  /** A member that fetches offsets may say which one it is, and of which epoch (KIP-848); others say null and -1. */
  fetchError(memberId: string | null, memberEpoch: number): number;
  deleteError(): number;
  /** Why nobody may take back offsets of this group. Those of a subscribed topic stay in any case. */
  offsetDeleteError(): number;
  isSubscribedTo(topic: string): boolean;
  /** From when on the retention of an offset counts that was committed then; undefined while it does not. Milliseconds since 1970. */
  offsetKeptSince(committedAt: number): number | undefined;

  /** The group is no more, or is no longer this coordinator's: those who wait are told `errorCode`, and no timer is left. */
  close(errorCode: number): void;
  /** A coordinator takes the group over: it knows what was written, and all sessions begin anew. */
  load(): void;
}
