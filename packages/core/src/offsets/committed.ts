import type { Cluster } from '../cluster/cluster.ts';
import { isMissing } from '../cluster/missing.ts';
import { type BrokerError, KafkaError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { offsetCommit } from '../protocol/apis/offset-commit.ts';
import { offsetFetch } from '../protocol/apis/offset-fetch.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { checkOffset } from './offset.ts';

/** What a group has stored for a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
  /** -1 where none was stored. */
  readonly leaderEpoch: number;
  /** The text that was stored with it. */
  readonly metadata: string;
}

export interface OffsetToCommit extends TopicPartition {
  /** The next offset to read: after message 4 it is 5. */
  readonly offset: number;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

/** Who commits: a member of a group says its generation, so that one that was expelled cannot; without it a group is only a name. */
export interface CommitIdentity {
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string | null;
}

export interface CommitOptions {
  /** Asked for anew by each attempt: a member's epoch may rise meanwhile. */
  readonly identity?: (() => CommitIdentity | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface FetchCommittedOptions extends CommitOptions {
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
  { requireStable = true, ...options }: FetchCommittedOptions = {},
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
    const unanswered = new Set(named.map(nameOf));
    const found: CommittedOffset[] = [];
    for (const topic of group.topics) {
      const name = topic.name || topicNamed(asked, 'topicId' in topic ? topic.topicId : undefined);
      for (const { partitionIndex: partition, errorCode, committedOffset, committedLeaderEpoch, metadata } of topic.partitions) {
        const place = nameOf({ topic: name, partition });
        if (errorCode !== 0) throw brokerError(errorCode, `committed offset of the group '${groupId}' in ${place}`);
        unanswered.delete(place);
        if (committedOffset < 0) continue;
        found.push({ topic: name, partition, offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' });
      }
    }
    throwIfAny(unanswered, `committed offsets of the group '${groupId}'`);
    return found;
  };
  return cluster.coordinators.retry('group', groupId, attempt, timesOf(cluster, options));
}

/**
 * Stores offsets for a group. All of them, or it rejects; a repeated commit stores the same again. A topic that does not exist keeps
 * nobody else's offset from being stored: it is told in the end.
 */
export async function commitOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly OffsetToCommit[],
  options: CommitOptions = {},
): Promise<void> {
  for (const { offset } of offsets) checkOffset(offset, 'an offset to commit');
  if (offsets.length === 0) return;
  const left = new Map(offsets.map((entry) => [nameOf(entry), entry]));
  let missing: Error | undefined;
  const topicToCommit = async (name: string, ofTopic: readonly OffsetToCommit[], signal: AbortSignal) => {
    try {
      const { topicId } = await cluster.topic(name, { signal });
      return [{ name, topicId, partitions: ofTopic.map(partitionToCommit) }];
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing ??= error;
      for (const entry of ofTopic) left.delete(nameOf(entry));
      return [];
    }
  };
  const attempt = async (brokerId: number, signal: AbortSignal): Promise<void> => {
    const { generationId = -1, memberId = '', groupInstanceId = null } = options.identity?.() ?? {};
    const byTopic = [...groupBy([...left.values()], ({ topic }) => topic)];
    const topics = (await Promise.all(byTopic.map(([name, ofTopic]) => topicToCommit(name, ofTopic, signal)))).flat();
    if (topics.length === 0) return;
    const maxVersion = topics.every(({ topicId }) => topicId !== undefined) ? undefined : 9;
    const request = { groupId, generationIdOrMemberEpoch: generationId, memberId, groupInstanceId, topics };
    const response = await cluster.send(brokerId, offsetCommit, request, { purpose: 'coordinator', minVersion: 2, maxVersion, signal });
    let refused: BrokerError | undefined;
    for (const topic of response.topics) {
      const name = topic.name || topicNamed(topics, topic.topicId);
      for (const { partitionIndex: partition, errorCode } of topic.partitions) {
        const place = nameOf({ topic: name, partition });
        if (errorCode === 0) left.delete(place);
        else if (refused === undefined || refused.retriable)
          refused = commitError(errorCode, `commit of the group '${groupId}' in ${place}`);
      }
    }
    // Whether the topic is still there decides the next attempt.
    if (isMissing(refused))
      await cluster.refresh(
        byTopic.map(([name]) => name),
        signal,
      );
    if (refused !== undefined) throw refused;
    throwIfAny(new Set(left.keys()), `commit of the group '${groupId}'`);
  };
  await cluster.coordinators.retry('group', groupId, attempt, timesOf(cluster, options));
  if (missing !== undefined) throw missing;
}

/** Offsets as requests carry them, by the names of their topics. */
export function topicsToCommit(offsets: readonly OffsetToCommit[]) {
  return [...groupBy(offsets, ({ topic }) => topic)].map(([name, ofTopic]) => ({ name, partitions: ofTopic.map(partitionToCommit) }));
}

function partitionToCommit({ partition, offset, leaderEpoch = -1, metadata = '' }: OffsetToCommit) {
  return { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata: metadata };
}

/** A member that is behind its group commits again with the epoch that its next heartbeat brings (KIP-848). */
function commitError(code: number, what: string): BrokerError {
  return brokerError(code, what, code === errorCodes.STALE_MEMBER_EPOCH ? { retriable: true } : {});
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** The topic that was asked for by this id: newer versions answer without names. */
function topicNamed(
  topics: readonly { readonly name: string; readonly topicId: string | undefined }[],
  topicId: string | undefined,
): string {
  return topics.find((topic) => topic.topicId === topicId)?.name ?? `topic id ${topicId}`;
}

/** What a broker leaves out of its answer is neither "nothing committed" nor "stored". */
function throwIfAny(unanswered: ReadonlySet<string>, what: string): void {
  if (unanswered.size > 0) throw new KafkaError(`${what}: the broker left out ${[...unanswered].join(', ')}`, { retriable: true });
}

function timesOf(
  cluster: Cluster,
  { timeoutMs = cluster.options.apiTimeoutMs, signal }: CommitOptions,
): Pick<CommitOptions, 'signal'> & { timeoutMs: number } {
  return { timeoutMs, signal };
}
