import { errorCodes } from '@tskafka/core/protocol';
import type { Committer } from '../group-members.ts';
import type { ClassicMembers } from './classic-members.ts';

/** Why a member of a classic group, or somebody outside of it, may not commit; 0 when it may. A commit is a sign of life. */
export function commitErrorOf(group: ClassicMembers, committer: Committer): number {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generation, transactional } = committer;
  if (generation < 0 && group.isEmpty) return errorCodes.NONE;
  if (generation >= 0 || memberId !== '' || groupInstanceId !== null) {
    const refusal = group.roster.errorOf(memberId, groupInstanceId);
    if (refusal !== 0) return refusal;
    if (generation !== group.generation) return errorCodes.ILLEGAL_GENERATION;
  } else if (!transactional && !group.isEmpty) {
    return errorCodes.UNKNOWN_MEMBER_ID;
  }
  if (transactional) return errorCodes.NONE;
  if (group.state === 'CompletingRebalance') return errorCodes.REBALANCE_IN_PROGRESS;
  const member = group.roster.get(memberId);
  if (member !== undefined) group.beginSession(member);
  return errorCodes.NONE;
}
