import { apis, type DeleteShareGroupOffsetsResponse, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { GroupError } from '../groups/group-error.ts';
import { shareGroup } from '../groups/share/share-group.ts';
import { defineHandler } from '../handler.ts';

type Topic = DeleteShareGroupOffsetsResponse['responses'][number];

/** Lets a share group without members forget what it has read of topics (KIP-932). */
export const deleteShareGroupOffsetsHandler = defineHandler(
  apis.deleteShareGroupOffsets,
  (request, context): DeleteShareGroupOffsetsResponse => {
    const { state } = context;
    const { groupId } = request;
    const failure = context.failureOf() || groupCoordinatorError(groupId, context);
    if (groupId === '') return refused(errorCodes.INVALID_GROUP_ID, 'The group id is invalid.');
    if (failure !== 0) return refused(failure);
    try {
      if (!shareGroup(state, groupId).isEmpty) throw new GroupError(errorCodes.NON_EMPTY_GROUP, 'The group is not empty.');
      const responses = request.topics.map(({ topicName }): Topic => {
        const id = state.topics.get(topicName)?.id;
        const error = (errorMessage: string): Topic => ({
          ...{ topicName, topicId: zeroUuid },
          ...{ errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage },
        });
        if (id === undefined) return error('This server does not host this topic-partition.');
        if (!state.shareStates.partitionsOf(groupId).has(id)) return error('There is no offset information to delete.');
        state.shareStates.delete(groupId, id);
        return { topicName, topicId: id, errorCode: errorCodes.NONE, errorMessage: null };
      });
      return {
        throttleTimeMs: 0,
        errorCode: errorCodes.NONE,
        errorMessage: null,
        responses: [...responses.filter(isDone), ...responses.filter((topic) => !isDone(topic))],
      };
    } catch (refusal) {
      if (!(refusal instanceof GroupError)) throw refusal;
      return refused(refusal.code, refusal.told);
    }
  },
);

const isDone = ({ errorCode }: Topic): boolean => errorCode === errorCodes.NONE;

function refused(errorCode: number, errorMessage: string | null = null): DeleteShareGroupOffsetsResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, responses: [] };
}
