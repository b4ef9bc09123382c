import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';

/** The groups that this broker coordinates, of any type. */
export const listGroupsHandler = defineHandler(apis.listGroups, (request, context) => {
  const { state, brokerId } = context;
  const failure = context.failureOf() || (state.coordinators.isLoading('group', brokerId) ? errorCodes.COORDINATOR_LOAD_IN_PROGRESS : 0);
  if (failure !== 0) return { errorCode: failure, groups: [] };
  const matches = (filter: readonly string[] | undefined, value: string): boolean =>
    !filter?.length || filter.some((wanted) => wanted.trim().toLowerCase() === value.toLowerCase());
  const groups = [...state.groups.values()].filter(
    ({ id, members }) =>
      state.coordinatorOf('group', id) === brokerId &&
      matches(request.statesFilter, members.state) &&
      matches(request.typesFilter, members.type),
  );
  return {
    errorCode: errorCodes.NONE,
    groups: groups.map(({ id, members: { protocolType, state: groupState, type: groupType } }) => ({
      groupId: id,
      protocolType,
      groupState,
      groupType,
    })),
  };
});
