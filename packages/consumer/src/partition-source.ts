import type { TopicPartition } from '@tskafka/core';
import type { CommitIdentity, ReadingMember } from '@tskafka/core/internal';
import type { CloseDeadline } from './close-deadline.ts';
import type { StartOffset } from './start-offsets.ts';

/** A partition to read, from where to where. */
export interface ReadRange extends StartOffset {
  /** Reading ends before this offset. */
  readonly until: number;
}

/** Where a consumer gets its partitions from. */
export interface PartitionSource {
  /** What is read, found when the consumer starts. A partition that is known already goes on where it is. */
  rangesToRead(isKnown: (partition: TopicPartition) => boolean, signal: AbortSignal): Promise<readonly ReadRange[]>;
  /** As which member of its group the consumer commits; undefined where the group is only a name. Throws where it is no member now. */
  commitIdentity(): CommitIdentity | undefined;
  /** As which member of its group the consumer asks what is committed; undefined where it need not, or cannot, say. */
  reader(): ReadingMember | undefined;
  /** Whether messages may be handed out now. Throws where that will never be again. */
  mayRead(): boolean;
  /** Somebody waits for messages. */
  wanted(): void;
  /** Why nothing is read at all, for people to read. */
  readonly problem: string | undefined;
  /** The end of reading, when nothing is handed out any more. */
  finish(deadline: CloseDeadline, lastCommit: () => Promise<void>): Promise<void>;
}

/** The source of partitions that are nobody else's business. */
export function fixedSource(rangesToRead: PartitionSource['rangesToRead']): PartitionSource {
  return {
    rangesToRead,
    commitIdentity: () => undefined,
    reader: () => undefined,
    mayRead: () => true,
    wanted: () => {},
    problem: undefined,
    finish: (_deadline, lastCommit) => lastCommit(),
  };
}
