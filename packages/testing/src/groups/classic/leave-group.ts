import { errorCodes } from '@tskafka/core/protocol';
import type { ClassicMembers } from './classic-members.ts';
import type { LeavingMembers, LeftMembers } from './classic-protocol.ts';

/** Members go, or an administrator takes them out: static ones by their instance id alone (KIP-345). */
export function leaveGroup(group: ClassicMembers, members: LeavingMembers): LeftMembers {
  const left = members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    errorCode: leave(group, memberId, groupInstanceId),
  }));
  if (left.some(({ errorCode }) => errorCode === 0)) {
    if (group.state === 'PreparingRebalance') group.tryCompleteJoin();
    else if (group.state !== 'Empty') group.prepareRebalance();
  }
  return left;
}

function leave(group: ClassicMembers, memberId: string, groupInstanceId: string | null): number {
  const { roster } = group;
  if (memberId === '') {
    const found = roster.get(roster.staticMemberId(groupInstanceId) ?? '');
    if (found === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
    group.remove(found);
    return errorCodes.NONE;
  }
  if (roster.pendingJoin.has(memberId)) {
    group.removePending(memberId);
    return errorCodes.NONE;
  }
  const refusal = roster.errorOf(memberId, groupInstanceId);
  if (refusal === 0) group.remove(roster.get(memberId)!);
  return refusal;
}
