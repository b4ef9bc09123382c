import type { OffsetToCommit } from './commit.ts';

/** Which group somebody reads for, and as which member of it. Java: ConsumerGroupMetadata (KIP-447). */
export interface GroupMetadata {
  readonly groupId: string;
  /** -1 outside of the group's own assignment of partitions. */
  readonly generationId: number;
  /** Empty outside of it. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** What knows how far a group has read, such as a consumer: its offsets can be committed in a producer's transaction. */
export interface OffsetSource {
  /** Throws KafkaError when it is no member of its group at the moment. */
  groupMetadata(): GroupMetadata;
  /** The next offset to read of each partition. */
  positions(): readonly OffsetToCommit[];
}
