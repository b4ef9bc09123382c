import { apis, type AlterShareGroupOffsetsResponse, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { GroupError } from '../groups/group-error.ts';
import { shareGroupOrNew } from '../groups/share/share-group.ts';
import { defineHandler } from '../handler.ts';

type Topic = AlterShareGroupOffsetsResponse['responses'][number];

const unknown = { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: 'This server does not host this topic-partition.' };

/** Lets a share group without members begin elsewhere (KIP-932). A group that is not there comes into being. */
export const alterShareGroupOffsetsHandler = defineHandler(
  apis.alterShareGroupOffsets,
  (request, context): AlterShareGroupOffsetsResponse => {
    const { state } = context;
    const { groupId } = request;
    const failure = context.failureOf() || groupCoordinatorError(groupId, context);
    if (groupId === '') return refused(errorCodes.INVALID_GROUP_ID, 'The group id is invalid.');
    if (failure !== 0) return refused(failure);
    try {
      const group = shareGroupOrNew(state, groupId);
      if (!group.members.isEmpty) throw new GroupError(errorCodes.NON_EMPTY_GROUP, 'The group is not empty.');
      const responses = inOrder(request.topics, state).map(({ topicName, partitions }): Topic => {
        const topic = state.topics.get(topicName);
        const altered = partitions.map(({ partitionIndex, startOffset }) => {
          if (topic?.partitions[partitionIndex] === undefined) return { partitionIndex, ...unknown };
          state.shareStates.initialize(groupId, topic.id, partitionIndex, group.members.epoch, startOffset);
          return { partitionIndex, errorCode: errorCodes.NONE, errorMessage: null };
        });
        return { topicName, topicId: topic?.id ?? zeroUuid, partitions: altered };
      });
      group.keep();
      return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, responses };
    } catch (refusal) {
      if (!(refusal instanceof GroupError)) throw refusal;
      return refused(refusal.code, refusal.told);
    }
  },
);

/** Topics that are not there are answered first. */
function inOrder<T extends { readonly topicName: string }>(topics: readonly T[], state: ClusterState): readonly T[] {
  const isThere = ({ topicName }: T): boolean => state.topics.has(topicName);
  return [...topics.filter((topic) => !isThere(topic)), ...topics.filter(isThere)];
}

function refused(errorCode: number, errorMessage: string | null = null): AlterShareGroupOffsetsResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, responses: [] };
}
