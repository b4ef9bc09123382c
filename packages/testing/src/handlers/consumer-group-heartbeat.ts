import { apis, type ConsumerGroupHeartbeatRequest, type Decoded, errorCodes } from '@tskafka/core/protocol';
import { assignorsOf } from '../groups/consumer/assignors.ts';
import { consumerMembersFor, consumerMembersOf } from '../groups/consumer/consumer-group.ts';
import type { ConsumerMembers } from '../groups/consumer/consumer-members.ts';
import { consumerHeartbeat, consumerLeave, type HeartbeatAnswer } from '../groups/consumer/consumer-requests.ts';
import { leaveEpoch, leaveStaticEpoch } from '../groups/consumer/member-checks.ts';
import type { Assignment } from '../groups/consumer/partition-assignor.ts';
import { groupClient } from '../groups/group-client.ts';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { GroupError } from '../groups/group-error.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

type Request = Decoded<ConsumerGroupHeartbeatRequest>;

/** A member of a consumer group joins, tells that it lives and what it owns, or leaves (KIP-848). */
export const consumerGroupHeartbeatHandler = defineHandler(apis.consumerGroupHeartbeat, (request, context) => {
  const nothing = { throttleTimeMs: 0, errorCode: errorCodes.NONE, memberEpoch: 0, heartbeatIntervalMs: 0 };
  try {
    const failure = context.failureOf();
    if (failure !== 0) return { ...nothing, errorCode: failure };
    checkRequest(request, context);
    const notHere = groupCoordinatorError(request.groupId, context);
    if (notHere !== 0) return { ...nothing, errorCode: notHere };
    return { ...nothing, ...answer(request, context) };
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    return { ...nothing, errorCode: error.code, errorMessage: error.told };
  }
});

function answer(request: Request, context: HandlerContext) {
  const { state } = context;
  const { groupId, memberId, memberEpoch, instanceId } = request;
  if (memberEpoch === leaveEpoch || memberEpoch === leaveStaticEpoch) {
    consumerLeave(consumerMembersOf(groupId, state), memberId, instanceId, memberEpoch);
    return { memberId, memberEpoch };
  }
  const members = consumerMembersFor(groupId, memberEpoch === 0, state);
  const { assignment, ...told } = heartbeat(members, request, context);
  const group = state.group(groupId);
  // Those who wait in a classic group that is taken over have to join again.
  if (group.members !== members) group.members.close(errorCodes.REBALANCE_IN_PROGRESS);
  group.members = members;
  return { ...told, assignment: assignment === null ? null : { topicPartitions: topicPartitionsOf(assignment) } };
}

/** A member that is refused leaves no group behind. */
function heartbeat(members: ConsumerMembers, request: Request, context: HandlerContext): HeartbeatAnswer {
  try {
    return consumerHeartbeat(members, request, groupClient(context));
  } catch (error) {
    if (context.state.groups.get(request.groupId)?.members !== members) members.close(errorCodes.NONE);
    throw error;
  }
}

function topicPartitionsOf(assignment: Assignment) {
  return [...assignment].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions].sort((a, b) => a - b) }));
}

/** What Kafka looks at before it asks whose group it is. */
function checkRequest(request: Request, { version, state }: HandlerContext): void {
  const { memberEpoch, memberId, groupId, instanceId, rackId, serverAssignor } = request;
  const needsMemberId = version >= 1 || memberEpoch > 0 || memberEpoch === leaveEpoch;
  if (needsMemberId && isBlank(memberId)) refuse("MemberId can't be empty.");
  if (isBlank(groupId)) refuse("GroupId can't be empty.");
  if (isBlank(instanceId)) refuse("InstanceId can't be empty.");
  if (isBlank(rackId)) refuse("RackId can't be empty.");
  if (memberEpoch === 0) checkJoin(request);
  else if (memberEpoch === leaveStaticEpoch && instanceId === null) refuse("InstanceId can't be null.");
  else if (memberEpoch < leaveStaticEpoch) refuse('MemberEpoch is invalid.');
  const assignors = assignorsOf(state.configs);
  if (serverAssignor !== null && !assignors.includes(serverAssignor)) {
    const message = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`;
    throw new GroupError(errorCodes.UNSUPPORTED_ASSIGNOR, message);
  }
}

function checkJoin({ rebalanceTimeoutMs, topicPartitions, subscribedTopicNames, subscribedTopicRegex }: Request): void {
  if (rebalanceTimeoutMs === -1) refuse('RebalanceTimeoutMs must be provided in first request.');
  if (topicPartitions === null || topicPartitions.length > 0) refuse('TopicPartitions must be empty when (re-)joining.');
  if (subscribedTopicNames === null && subscribedTopicRegex === null) {
    refuse('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.');
  }
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === '';
}

function refuse(message: string): never {
  throw new GroupError(errorCodes.INVALID_REQUEST, message);
}
