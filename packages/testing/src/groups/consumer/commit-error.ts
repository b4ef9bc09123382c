import { errorCodes } from '@tskafka/core/protocol';
import type { Committer } from '../group-members.ts';
import type { ConsumerMember } from './consumer-member.ts';

/**
 * Why a member of a consumer group may not commit these offsets; 0 when it may.
 *
 * An older epoch will do for partitions that the member has had ever since (KIP-1251): a commit may have been on its way while the answer
 * with the new epoch was.
 */
export function commitErrorOf(member: ConsumerMember | undefined, committer: Committer): number {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: epoch, transactional } = committer;
  // Producers need not say for which member they commit.
  if (transactional && epoch === -1 && memberId === '' && groupInstanceId === null) return errorCodes.NONE;
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
  if (!transactional && member.classic === null && committer.version < 9) return errorCodes.UNSUPPORTED_VERSION;
  if (epoch === member.memberEpoch) return errorCodes.NONE;
  const stale = member.classic === null ? errorCodes.STALE_MEMBER_EPOCH : errorCodes.ILLEGAL_GENERATION;
  if (epoch > member.memberEpoch) return stale;
  const isHeldSince = ({ topicId, partition }: Committer['partitions'][number]): boolean => {
    const since = member.assignedPartitions.get(topicId)?.get(partition) ?? member.partitionsPendingRevocation.get(topicId)?.get(partition);
    return since !== undefined && epoch >= since;
  };
  return committer.partitions.every(isHeldSince) ? errorCodes.NONE : stale;
}
