import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';

/** Why this broker cannot speak for the group; 0 when it can. */
export function groupCoordinatorError(groupId: string, { state, brokerId }: HandlerContext): number {
  return state.coordinators.error('group', groupId, brokerId);
}

/** As above, for requests that are also refused for a group without a name. */
export function groupRequestError(groupId: string, context: HandlerContext): number {
  return groupId === '' ? errorCodes.INVALID_GROUP_ID : groupCoordinatorError(groupId, context);
}
