import { apis, errorCodes } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler } from '../handler.ts';

/** Takes back what a group has committed (KIP-496). */
export const offsetDeleteHandler = defineHandler(apis.offsetDelete, (request, context) => {
  const { state } = context;
  const group = state.groups.get(request.groupId);
  const refusal =
    context.failureOf() ||
    (request.groupId === '' ? errorCodes.INVALID_GROUP_ID : groupCoordinatorError(request.groupId, context)) ||
    (group === undefined ? errorCodes.GROUP_ID_NOT_FOUND : group.members.offsetDeleteError());
  if (refusal !== 0) return { errorCode: refusal, throttleTimeMs: 0, topics: [] };
  return {
    errorCode: errorCodes.NONE,
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        if (state.partition(name, partitionIndex) === undefined) {
          return { partitionIndex, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION };
        }
        if (group!.members.isSubscribedTo(name)) return { partitionIndex, errorCode: errorCodes.GROUP_SUBSCRIBED_TO_TOPIC };
        group!.offsets.forget(name, partitionIndex);
        return { partitionIndex, errorCode: errorCodes.NONE };
      }),
    })),
  };
});
