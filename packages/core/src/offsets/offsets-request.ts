import { groupBy } from '../group-by.ts';
import type { ListOffsetsRequest } from '../protocol/apis/list-offsets.ts';
import type { TopicPartition } from '../topic-partition.ts';

/** Kafka's numbers for places in a log, which stand where a time would. Nothing outside of this folder knows them. */
export const latestTimestamp = -1;
export const earliestTimestamp = -2;
/** KIP-734; from version 7 on. */
export const maxTimestamp = -3;
/** KIP-405; from version 8 on. */
export const earliestLocalTimestamp = -4;

/**
 * Whose end is meant: `read_committed` is the last stable offset, behind which transactions may still be open, `read_uncommitted` the high
 * watermark.
 */
export type Isolation = 'read_committed' | 'read_uncommitted';

/** ListOffsets for one leader: of these partitions, each of which may be there once. */
export function offsetsRequest<P extends TopicPartition>(
  partitions: readonly P[],
  isolation: Isolation,
  ask: (partition: P) => { readonly timestamp: number; readonly leaderEpoch: number | undefined },
): ListOffsetsRequest {
  const asked = (entry: P): ListOffsetsRequest['topics'][number]['partitions'][number] => {
    const { timestamp, leaderEpoch = -1 } = ask(entry);
    return { partitionIndex: entry.partition, currentLeaderEpoch: leaderEpoch, timestamp };
  };
  const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({ name, partitions: ofTopic.map(asked) }));
  return { replicaId: -1, isolationLevel: isolation === 'read_committed' ? 1 : 0, topics };
}
