import type { OffsetToCommit } from './commit.ts';

/** A group, and the membership of a reader in it. Java: ConsumerGroupMetadata (KIP-447). */
export interface GroupMetadata {
  readonly groupId: string;
  /** -1 if the group does not assign the partitions. */
  readonly generationId: number;
  /** Empty if the group does not assign the partitions. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** Something that knows the positions of a group, such as a consumer. A producer's transaction can commit them. */
export interface OffsetSource {
  /** Throws KafkaError while it is not a member of its group. */
  groupMetadata(): GroupMetadata;
  /** The next offset to read in each partition. */
  positions(): readonly OffsetToCommit[];
}
