import { apis, errorCodes, type ShareGroupDescribeResponse } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { GroupError } from '../groups/group-error.ts';
import { shareGroup } from '../groups/share/share-group.ts';
import type { ShareMember } from '../groups/share/share-members.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { notAsked } from '../security/authorized-operations.ts';

type Described = ShareGroupDescribeResponse['groups'][number];

/** What share groups are, and who their members (KIP-932). */
export const shareGroupDescribeHandler = defineHandler(apis.shareGroupDescribe, (request, context) => ({
  throttleTimeMs: 0,
  groups: inOrder(request.groupIds).map((groupId) => {
    const described = describe(groupId, context);
    const asked = request.includeAuthorizedOperations && described.errorCode === errorCodes.NONE;
    return { ...described, authorizedOperations: asked ? context.access.operations('group', groupId) : notAsked };
  }),
}));

/** Names that no group has come first. */
function inOrder(groupIds: readonly string[]): readonly string[] {
  const isEmpty = (id: string): boolean => id.trim() === '';
  return [...groupIds.filter(isEmpty), ...groupIds.filter((id) => !isEmpty(id))];
}

function describe(groupId: string, context: HandlerContext): Described {
  const nothing = { groupId, errorMessage: null, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };
  if (groupId.trim() === '') return { ...nothing, errorCode: errorCodes.INVALID_GROUP_ID };
  const error = context.failureOf() || groupCoordinatorError(groupId, context);
  if (error !== 0) return { ...nothing, errorCode: error };
  try {
    const group = shareGroup(context.state, groupId);
    return {
      errorCode: errorCodes.NONE,
      errorMessage: null,
      groupId,
      groupState: group.state,
      groupEpoch: group.epoch,
      assignmentEpoch: group.assignmentEpoch,
      assignorName: 'simple',
      members: group.members.map((member) => describeMember(member, context)),
    };
  } catch (refusal) {
    if (!(refusal instanceof GroupError)) throw refusal;
    return { ...nothing, errorCode: refusal.code, errorMessage: refusal.told };
  }
}

function describeMember(member: ShareMember, { state }: HandlerContext): Described['members'][number] {
  const { memberId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, assigned } = member;
  const topicPartitions = [...assigned].flatMap(([topicId, partitions]) => {
    const topic = state.topicById(topicId);
    return topic === undefined ? [] : [{ topicId, topicName: topic.name, partitions: [...partitions] }];
  });
  return { memberId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, assignment: { topicPartitions } };
}
