import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';

/** The groups that this broker coordinates. One without members that holds offsets is an empty classic group. */
export const listGroupsHandler = defineHandler(apis.listGroups, (request, context) => {
  const { state, brokerId } = context;
  const failure = context.failureOf();
  if (failure !== 0) return { errorCode: failure, groups: [] };
  const matches = (filter: readonly string[] | undefined, value: string): boolean =>
    !filter?.length || filter.some((wanted) => wanted.trim().toLowerCase() === value);
  const shown = matches(request.statesFilter, 'empty') && matches(request.typesFilter, 'classic');
  const groups = shown ? [...state.groups.values()].filter(({ id }) => state.coordinatorOf('group', id) === brokerId) : [];
  return {
    errorCode: errorCodes.NONE,
    groups: groups.map(({ id }) => ({ groupId: id, protocolType: '', groupState: 'Empty', groupType: 'classic' })),
  };
});
