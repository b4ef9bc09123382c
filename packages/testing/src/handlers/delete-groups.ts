import { apis, errorCodes } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler } from '../handler.ts';

/** Deletes groups with all that they have committed. */
export const deleteGroupsHandler = defineHandler(apis.deleteGroups, (request, context) => ({
  throttleTimeMs: 0,
  results: [...new Set(request.groupsNames)].map((groupId) => {
    const error = context.failureOf() || groupCoordinatorError(groupId, context);
    if (error !== 0) return { groupId, errorCode: error };
    const group = context.state.groups.get(groupId);
    const refusal = group === undefined ? errorCodes.GROUP_ID_NOT_FOUND : group.members.deleteError();
    if (refusal === 0) context.state.deleteGroup(groupId);
    return { groupId, errorCode: refusal };
  }),
}));
