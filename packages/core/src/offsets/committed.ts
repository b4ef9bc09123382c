import type { Cluster } from '../cluster/cluster.ts';
import { finalWhenMissing, isMissing } from '../cluster/missing.ts';
import { groupBy } from '../group-by.ts';
import { offsetFetch } from '../protocol/apis/offset-fetch.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';
import { throwIfLeftOut, topicNamed } from './answered.ts';

/** What a group has stored for a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
  /** -1 where none was stored. */
  readonly leaderEpoch: number;
  /** The text that was stored with it. */
  readonly metadata: string;
}

export interface FetchCommittedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /**
   * Whether to wait while a transaction holds a commit of these partitions that may yet count (KIP-447). Default true: who is to read on
   * from there must. False gives what was committed before.
   */
  readonly requireStable?: boolean;
}

/**
 * What the group has committed for these partitions, or for all of which it has. One that it never committed is not in the result.
 * An error is retried or thrown, never taken for "nothing committed": that would send a consumer back to autoOffsetReset.
 */
export function fetchCommitted(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[] | 'all',
  { requireStable = true, signal: stop, timeoutMs = cluster.options.apiTimeoutMs }: FetchCommittedOptions = {},
): Promise<CommittedOffset[]> {
  const isAll = partitions === 'all';
  const named = isAll ? [] : partitions;
  const attempt = async (brokerId: number, signal: AbortSignal): Promise<CommittedOffset[]> => {
    const asked = await Promise.all(
      [...groupBy(named, ({ topic }) => topic)].map(async ([name, ofTopic]) => ({
        name,
        topicId: (await cluster.topic(name, { signal })).topicId,
        partitionIndexes: ofTopic.map(({ partition }) => partition),
      })),
    );
    const connection = await cluster.connection(brokerId, 'coordinator', signal);
    // From version 10 on answers have ids only, and whoever asks for all does not know them.
    const maxVersion = !isAll && asked.every(({ topicId }) => topicId !== undefined) ? undefined : 9;
    const topics = isAll ? null : asked;
    // Up to version 7 a request is for one group, from version 8 on for a list of them.
    const version = connection.versions.pick(offsetFetch as never, { maxVersion });
    const single = version < 8;
    // Brokers before 2.5 cannot wait for transactions. Java's consumer takes what they have, too.
    const waits = { requireStable: requireStable && version >= 7 };
    const request = single ? { groupId, topics, ...waits } : { groups: [{ groupId, topics }], ...waits };
    const response = await connection.send(offsetFetch, request, { minVersion: isAll ? 2 : 1, maxVersion, signal });
    const group = single ? response : response.groups[0];
    if (group === undefined) throw brokerError(errorCodes.UNKNOWN_SERVER_ERROR, `committed offsets of the group '${groupId}'`);
    if (group.errorCode !== 0) throw brokerError(group.errorCode, `committed offsets of the group '${groupId}'`);
    const unanswered = new Set(named.map(partitionName));
    const found: CommittedOffset[] = [];
    for (const topic of group.topics) {
      const name = topic.name || topicNamed(asked, 'topicId' in topic ? topic.topicId : undefined);
      for (const { partitionIndex: partition, errorCode, committedOffset, committedLeaderEpoch, metadata } of topic.partitions) {
        const place = partitionName({ topic: name, partition });
        if (errorCode !== 0) throw brokerError(errorCode, `committed offset of the group '${groupId}' in ${place}`);
        unanswered.delete(place);
        if (committedOffset < 0) continue;
        found.push({ topic: name, partition, offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' });
      }
    }
    throwIfLeftOut(unanswered, `committed offsets of the group '${groupId}'`);
    return found;
  };
  const attemptAnew = async (brokerId: number, signal: AbortSignal): Promise<CommittedOffset[]> => {
    try {
      return await attempt(brokerId, signal);
    } catch (error) {
      // A topic that was made anew has another id.
      if (isMissing(error)) await cluster.refresh([...new Set(named.map(({ topic }) => topic))], signal);
      throw error;
    }
  };
  const finalAt = finalWhenMissing(cluster.options);
  return cluster.coordinators.retry('group', groupId, attemptAnew, { timeoutMs, signal: stop, finalAt });
}
