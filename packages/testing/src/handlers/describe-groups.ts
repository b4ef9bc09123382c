import { apis, type DescribeGroupsResponse, errorCodes } from '@tskafka/core/protocol';
import { notAsked } from '../security/authorized-operations.ts';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

type Described = DescribeGroupsResponse['groups'][number];

/** What groups are. A group that is not there is dead, and from version 6 on an error besides (KIP-1043). */
export const describeGroupsHandler = defineHandler(apis.describeGroups, (request, context) => ({
  groups: request.groups.map((groupId) => {
    const described = describe(groupId, context);
    const asked = context.version >= 3 && request.includeAuthorizedOperations && described.errorCode === errorCodes.NONE;
    return { ...described, authorizedOperations: asked ? context.access.operations('group', groupId) : notAsked };
  }),
}));

function describe(groupId: string, context: HandlerContext): Described {
  const nothing = { groupId, groupState: '', protocolType: '', protocolData: '', members: [] };
  const error = context.failureOf() || groupCoordinatorError(groupId, context);
  if (error !== 0) return { ...nothing, errorCode: error };
  const members = context.state.groups.get(groupId)?.members;
  if (members?.type === 'classic') {
    const { state: groupState, protocolType, protocolName, roster } = members;
    // Before all is settled, what members said and by which protocol is nobody's business.
    const protocolData = groupState === 'Stable' ? protocolName : null;
    return {
      ...nothing,
      errorCode: errorCodes.NONE,
      groupState,
      protocolType,
      protocolData: protocolData ?? '',
      members: roster.all.map((member) => ({
        memberId: member.id,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId ?? '',
        clientHost: member.clientHost,
        memberMetadata: member.metadata(protocolData),
        memberAssignment: member.assignment,
      })),
    };
  }
  const dead = { ...nothing, groupState: 'Dead' };
  if (context.version < 6) return { ...dead, errorCode: errorCodes.NONE };
  return {
    ...dead,
    errorCode: errorCodes.GROUP_ID_NOT_FOUND,
    errorMessage: members === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a classic group.`,
  };
}
