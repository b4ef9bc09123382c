import { apis, errorCodes } from '@tskafka/core/protocol';
import { type LeavingMembers, type LeftMembers, takesClassicMembers } from '../groups/classic/classic-protocol.ts';
import { groupRequestError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

/** Members leave, or are taken out: one before version 3, any number since. */
export const leaveGroupHandler = defineHandler(apis.leaveGroup, (request, context) => {
  const refusal = context.failureOf() || groupRequestError(request.groupId, context);
  if (refusal !== 0) return { errorCode: refusal, members: [] };
  if (context.version >= 3) return { errorCode: errorCodes.NONE, members: leave(request.groupId, request.members, context) };
  const [left] = leave(request.groupId, [{ memberId: request.memberId, groupInstanceId: null, reason: null }], context);
  return { errorCode: left!.errorCode };
});

function leave(groupId: string, leaving: LeavingMembers, { state }: HandlerContext): LeftMembers {
  const members = state.groups.get(groupId)?.members;
  if (members !== undefined && takesClassicMembers(members)) return members.leave(leaving);
  return leaving.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode: errorCodes.UNKNOWN_MEMBER_ID }));
}
