import { apis, errorCodes } from '@tskafka/core/protocol';
import { takesClassicMembers } from '../groups/classic/classic-protocol.ts';
import { groupRequestError } from '../groups/group-coordinator.ts';
import { defineHandler } from '../handler.ts';

/** A member lives, and is told whether it has to join again. */
export const heartbeatHandler = defineHandler(apis.heartbeat, (request, context) => {
  const refusal = context.failureOf() || groupRequestError(request.groupId, context);
  // Who coordinates since a moment ago does not know its members, and lets none of them go.
  if (refusal === errorCodes.COORDINATOR_LOAD_IN_PROGRESS) return { errorCode: errorCodes.NONE };
  if (refusal !== 0) return { errorCode: refusal };
  const members = context.state.groups.get(request.groupId)?.members;
  if (members === undefined || !takesClassicMembers(members)) return { errorCode: errorCodes.UNKNOWN_MEMBER_ID };
  return { errorCode: members.heartbeat(request) };
});
