import { errorCodes, type SyncGroupResponse } from '@tskafka/core/protocol';
import type { ClassicMembers } from './classic-members.ts';
import { type SyncGroup, syncRefused } from './classic-protocol.ts';

/** A member asks for its assignment; the leader brings all of them. The others wait for it. */
export function syncGroup(group: ClassicMembers, request: SyncGroup, answer: (response: SyncGroupResponse) => void): void {
  const refusal = refusalOf(group, request);
  if (refusal !== 0) return answer(syncRefused(refusal));
  const { roster } = group;
  const member = roster.get(request.memberId)!;
  group.synced(member.id);
  if (group.state === 'Stable') {
    const { protocolName } = group;
    return answer({ errorCode: errorCodes.NONE, protocolType: roster.protocolType, protocolName, assignment: member.assignment });
  }
  member.awaitSync(answer);
  if (roster.leader === member.id) {
    group.assign(new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment])));
  }
}

function refusalOf(group: ClassicMembers, { memberId, groupInstanceId, generationId, protocolType, protocolName }: SyncGroup): number {
  const refusal = group.isEmpty ? errorCodes.UNKNOWN_MEMBER_ID : group.roster.errorOf(memberId, groupInstanceId);
  if (refusal !== 0) return refusal;
  if (generationId !== group.generation) return errorCodes.ILLEGAL_GENERATION;
  if (differs(protocolType, group.roster.protocolType) || differs(protocolName, group.protocolName)) {
    return errorCodes.INCONSISTENT_GROUP_PROTOCOL;
  }
  return group.state === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE;
}

/** Older versions do not say it. */
function differs(said: string | null, known: string | null): boolean {
  return said !== null && known !== null && said !== known;
}
