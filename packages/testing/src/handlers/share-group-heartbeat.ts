import { apis, type Decoded, errorCodes, type ShareGroupHeartbeatRequest, type ShareGroupHeartbeatResponse } from '@tskafka/core/protocol';
import { groupClient } from '../groups/group-client.ts';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { GroupError } from '../groups/group-error.ts';
import { shareGroup, shareGroupOrNew } from '../groups/share/share-group.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { isMemberId } from '../share/member-id.ts';

type Request = Decoded<ShareGroupHeartbeatRequest>;

const leaves = -1;

/** Joins a share group, stays in it, and leaves it; tells the member what it may fetch (KIP-932). */
export const shareGroupHeartbeatHandler = defineHandler(apis.shareGroupHeartbeat, (request, context): ShareGroupHeartbeatResponse => {
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (!isMemberId(request.memberId)) return refused(errorCodes.INVALID_REQUEST);
  const invalid = invalidIn(request);
  if (invalid !== undefined) return refused(errorCodes.INVALID_REQUEST, invalid);
  const error = groupCoordinatorError(request.groupId, context);
  if (error !== 0) return refused(error);
  try {
    return request.memberEpoch === leaves ? leave(request, context) : heartbeat(request, context);
  } catch (refusal) {
    if (!(refusal instanceof GroupError)) throw refusal;
    return refused(refusal.code, refusal.told);
  }
});

function refused(errorCode: number, errorMessage: string | null = null): ShareGroupHeartbeatResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, memberEpoch: 0, heartbeatIntervalMs: 0 };
}

function invalidIn({ groupId, rackId, memberEpoch, subscribedTopicNames }: Request): string | undefined {
  if (groupId.trim() === '') return "GroupId can't be empty.";
  if (rackId?.trim() === '') return "RackId can't be empty.";
  if (memberEpoch === 0 && !subscribedTopicNames?.length) return 'SubscribedTopicNames must be set in first request.';
  return memberEpoch < leaves ? 'MemberEpoch is invalid.' : undefined;
}

function leave({ groupId, memberId, memberEpoch }: Request, { state }: HandlerContext): ShareGroupHeartbeatResponse {
  shareGroup(state, groupId).leave(memberId);
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, memberId, memberEpoch, heartbeatIntervalMs: 0 };
}

function heartbeat(request: Request, context: HandlerContext): ShareGroupHeartbeatResponse {
  const { state } = context;
  const { groupId, memberId, memberEpoch, rackId, subscribedTopicNames } = request;
  const joins = memberEpoch === 0;
  const group = joins ? shareGroupOrNew(state, groupId) : undefined;
  const members = group?.members ?? shareGroup(state, groupId, `Share group ${groupId} not found.`);
  const { clientId, clientHost } = groupClient(context);
  const client = { clientId: clientId ?? '', clientHost };
  const answer = members.heartbeat({
    memberId,
    memberEpoch,
    rackId: rackId ?? null,
    subscribedTopicNames: subscribedTopicNames ?? null,
    ...client,
  });
  group?.keep();
  const topicPartitions = [...(answer.assignment ?? [])].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions] }));
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    memberId,
    memberEpoch: answer.memberEpoch,
    heartbeatIntervalMs: state.groupConfigs(groupId).number('share.heartbeat.interval.ms'),
    assignment: answer.assignment === undefined ? null : { topicPartitions },
  };
}
