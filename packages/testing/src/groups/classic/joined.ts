import { errorCodes, type JoinGroupResponse } from '@tskafka/core/protocol';
import type { ClassicMember } from './classic-member.ts';
import type { ClassicMembers } from './classic-members.ts';

/** What a member that has joined the present generation is told. Only the leader hears of the others. */
export function joinedAs(member: ClassicMember, { roster, generation, protocolName }: ClassicMembers): JoinGroupResponse {
  const others = roster.all.map((other) => ({
    memberId: other.id,
    groupInstanceId: other.groupInstanceId,
    metadata: other.metadata(protocolName),
  }));
  return {
    errorCode: errorCodes.NONE,
    generationId: generation,
    protocolType: roster.protocolType,
    protocolName,
    leader: roster.leader ?? '',
    skipAssignment: false,
    memberId: member.id,
    members: roster.leader === member.id ? others : [],
  };
}
