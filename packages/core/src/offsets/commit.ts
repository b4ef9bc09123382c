import type { Cluster } from '../cluster/cluster.ts';
import { finalWhenMissing, isMissing } from '../cluster/missing.ts';
import type { BrokerError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { offsetCommit } from '../protocol/apis/offset-commit.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';
import { throwIfLeftOut, topicNamed } from './answered.ts';
import { checkOffset } from './offset.ts';

export interface OffsetToCommit extends TopicPartition {
  /** The next offset to read: after message 4 it is 5. */
  readonly offset: number;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
  /** The topic that was read. Where another one has its name by now, the offset is not stored: it would be a place in another log (KIP-516). */
  readonly topicId?: string | undefined;
}

/** Who commits: a member of a group says its generation, so that one that was expelled cannot; without it a group is only a name. */
export interface CommitIdentity {
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string | null;
  /** It is joining: its generation may be over, and it will hear of the next one. */
  readonly isJoining?: boolean;
}

export interface CommitOptions {
  /** Asked for anew by each attempt: a member's generation or epoch may rise meanwhile. */
  readonly identity?: (() => CommitIdentity | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Stores offsets for a group. All of them, or it rejects; a repeated commit stores the same again. A topic that is deleted keeps nobody else's
 * offset from being stored, and nobody waiting: it is told in the end, with BrokerError.
 */
export async function commitOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly OffsetToCommit[],
  { identity, signal, timeoutMs = cluster.options.apiTimeoutMs }: CommitOptions = {},
): Promise<void> {
  for (const { offset } of offsets) checkOffset(offset, 'an offset to commit');
  if (offsets.length === 0) return;
  const left = new Map(offsets.map((entry) => [partitionName(entry), entry]));
  const topicsRead = new TopicsRead(cluster);
  let gone: BrokerError | undefined;
  const attempt = async (brokerId: number, stop: AbortSignal): Promise<void> => {
    const member = identity?.();
    const { generationId = -1, memberId = '', groupInstanceId = null } = member ?? {};
    const byTopic = groupBy([...left.values()], ({ topic }) => topic);
    await topicsRead.lookUp([...byTopic.keys()], stop);
    const topics = [...byTopic].flatMap(([name, ofTopic]) => {
      const found = topicsRead.find(name, ofTopic);
      if ('topicId' in found) return [{ name, topicId: found.topicId, partitions: ofTopic.map(partitionToCommit) }];
      gone ??= found.error;
      for (const entry of ofTopic) left.delete(partitionName(entry));
      return [];
    });
    if (topics.length === 0) return;
    const maxVersion = topics.every(({ topicId }) => topicId !== undefined) ? undefined : 9;
    const request = { groupId, generationIdOrMemberEpoch: generationId, memberId, groupInstanceId, topics };
    const sending = { purpose: 'coordinator', minVersion: 2, maxVersion, signal: stop } as const;
    const response = await cluster.send(brokerId, offsetCommit, request, sending);
    let refused: BrokerError | undefined;
    for (const topic of response.topics) {
      const name = topic.name || topicNamed(topics, topic.topicId);
      for (const { partitionIndex: partition, errorCode } of topic.partitions) {
        const place = partitionName({ topic: name, partition });
        if (errorCode === 0) left.delete(place);
        else if (refused === undefined || refused.retriable)
          refused = commitError(errorCode, `commit of the group '${groupId}' in ${place}`, isBehind(errorCode, member, identity));
      }
    }
    // Whether the topic is still there decides the next attempt.
    if (isMissing(refused)) await cluster.refresh([...byTopic.keys()], stop);
    if (refused !== undefined) throw refused;
    throwIfLeftOut(left.keys(), `commit of the group '${groupId}'`);
  };
  await cluster.coordinators.retry('group', groupId, attempt, {
    what: `commit of the group '${groupId}'`,
    timeoutMs,
    signal,
    finalAt: finalWhenMissing(cluster.options),
  });
  if (gone !== undefined) throw gone;
}

/** The topics of one commit, as they were when it began: what has their names later is not what was read. */
class TopicsRead {
  readonly #cluster: Cluster;
  readonly #ids = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Asks for those that are not known, twice: one broker may not have heard of a new topic yet, and for the second time another one is asked. */
  async lookUp(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (let asked = 0; asked < 2; asked++) {
      const unknown = names.filter((name) => this.#cluster.metadata.topic(name) === undefined);
      if (unknown.length > 0) await this.#cluster.refresh(unknown, signal);
    }
  }

  /** The id of a topic, undefined where the broker is too old to tell; or why its offsets cannot be stored any more. */
  find(name: string, offsets: readonly OffsetToCommit[]): { readonly topicId: string | undefined } | { readonly error: BrokerError } {
    const known = this.#cluster.metadata.topic(name);
    if (known === undefined) return { error: brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `commit for the topic '${name}'`) };
    const { topicId } = known;
    const read = this.#ids.get(name) ?? offsets.find((entry) => entry.topicId !== undefined)?.topicId ?? topicId;
    if (read !== undefined) this.#ids.set(name, read);
    if (read === undefined || topicId === undefined || read === topicId) return { topicId };
    const detail = 'it was deleted and created again, so what was read is no longer in it';
    return { error: brokerError(errorCodes.UNKNOWN_TOPIC_ID, `commit for the topic '${name}'`, { detail }) };
  }
}

/** Offsets as requests carry them, by the names of their topics. */
export function topicsToCommit(offsets: readonly OffsetToCommit[]) {
  return [...groupBy(offsets, ({ topic }) => topic)].map(([name, ofTopic]) => ({ name, partitions: ofTopic.map(partitionToCommit) }));
}

function partitionToCommit({ partition, offset, leaderEpoch = -1, metadata = '' }: OffsetToCommit) {
  return { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata: metadata };
}

function commitError(code: number, what: string, isBehind: boolean): BrokerError {
  return brokerError(code, what, isBehind ? { retriable: true } : {});
}

/**
 * Whether a member commits again with what it hears next: the epoch that its next heartbeat brings (KIP-848), or the generation that it is joining
 * while it keeps what it has (KIP-429). Whoever is no member any more is told so by `identity`.
 */
function isBehind(code: number, member: CommitIdentity | undefined, identity: CommitOptions['identity']): boolean {
  if (member === undefined) return false;
  if (code === errorCodes.STALE_MEMBER_EPOCH || code === errorCodes.REBALANCE_IN_PROGRESS) return true;
  if (code !== errorCodes.ILLEGAL_GENERATION) return false;
  const now = identity?.();
  return member.isJoining === true || now?.isJoining === true || now?.generationId !== member.generationId;
}
