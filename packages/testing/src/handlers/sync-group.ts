import { apis, errorCodes } from '@tskafka/core/protocol';
import { syncRefused, takesClassicMembers } from '../groups/classic/classic-protocol.ts';
import { groupClient } from '../groups/group-client.ts';
import { groupRequestError } from '../groups/group-coordinator.ts';
import { defineHandler } from '../handler.ts';

/** The leader brings the assignments, and each member gets its own: it waits until they are there. */
export const syncGroupHandler = defineHandler(apis.syncGroup, (request, context) => {
  const names = [request.protocolType, request.protocolName];
  const failure = context.failureOf() || (context.version >= 5 && names.includes(null) ? errorCodes.INCONSISTENT_GROUP_PROTOCOL : 0);
  const refusal = failure || groupRequestError(request.groupId, context);
  if (refusal !== 0) return syncRefused(refusal);
  const members = context.state.groups.get(request.groupId)?.members;
  if (members === undefined || !takesClassicMembers(members)) return syncRefused(errorCodes.UNKNOWN_MEMBER_ID);
  return new Promise((resolve) => members.sync(request, groupClient(context), resolve));
});
