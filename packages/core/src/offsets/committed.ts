import type { Cluster } from '../cluster/cluster.ts';
import { finalWhenMissing, isMissing } from '../cluster/missing.ts';
import { groupBy } from '../group-by.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';
import { throwIfLeftOut, topicNamed } from './answered.ts';
import { askCommitted, committedIn } from './ask-committed.ts';

/** What a group has committed for a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
  /** -1 if none was stored. */
  readonly leaderEpoch: number;
  /** The text that was committed with it. */
  readonly metadata: string;
}

export interface FetchCommittedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /**
   * Whether to wait while an open transaction holds a commit of these partitions (KIP-447). Default true, which a reader that continues
   * from there needs. False returns the commit before it.
   */
  readonly requireStable?: boolean;
  /**
   * As which member of a consumer group (KIP-848), asked for anew by each attempt: one that is behind its group, or is no member any more,
   * is told nothing, for another one may still commit for the partitions. Where the member has no say yet, or no more, undefined.
   */
  readonly member?: (() => ReadingMember | undefined) | undefined;
}

export interface ReadingMember {
  readonly memberId: string;
  readonly memberEpoch: number;
}

/** Kafka says -1 for what was never committed. */
export function isCommitted({ offset }: CommittedOffset): boolean {
  return offset >= 0;
}

/**
 * What the group has committed for these partitions. One that it never committed is not in the result.
 * An error is retried or thrown, never taken for "nothing committed": that would send a consumer back to autoOffsetReset.
 */
export function fetchCommitted(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  { requireStable = true, member, signal: stop, timeoutMs = cluster.options.apiTimeoutMs }: FetchCommittedOptions = {},
): Promise<CommittedOffset[]> {
  const attempt = async (brokerId: number, signal: AbortSignal): Promise<CommittedOffset[]> => {
    const topics = await Promise.all(
      [...groupBy(partitions, ({ topic }) => topic)].map(async ([name, ofTopic]) => ({
        name,
        topicId: (await cluster.topic(name, { signal })).topicId,
        partitionIndexes: ofTopic.map(({ partition }) => partition),
      })),
    );
    const connection = await cluster.connection(brokerId, 'coordinator', signal);
    // From version 10 on requests and answers have ids only.
    const maxVersion = topics.every(({ topicId }) => topicId !== undefined) ? undefined : 9;
    const answer = (
      await askCommitted(connection, [{ groupId, topics, ...member?.() }], { requireStable, minVersion: 1, maxVersion, signal })
    ).get(groupId);
    const told = answer === undefined ? [] : committedIn(groupId, answer, (topicId) => topicNamed(topics, topicId));
    const places = new Set(told.map(partitionName));
    throwIfLeftOut(partitions.map(partitionName).filter((place) => !places.has(place)), `committed offsets of the group '${groupId}'`); // prettier-ignore
    return told.filter(isCommitted);
  };
  const attemptAnew = async (brokerId: number, signal: AbortSignal): Promise<CommittedOffset[]> => {
    try {
      return await attempt(brokerId, signal);
    } catch (error) {
      // A topic that was made anew has another id.
      if (isMissing(error)) await cluster.refresh([...new Set(partitions.map(({ topic }) => topic))], signal);
      throw error;
    }
  };
  const finalAt = finalWhenMissing(cluster.options);
  return cluster.coordinators.retry('group', groupId, attemptAnew, {
    what: `committed offsets of the group '${groupId}'`,
    timeoutMs,
    signal: stop,
    finalAt,
  });
}
