import { apis, type ConsumerGroupDescribeResponse, errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import type { ConsumerMember } from '../groups/consumer/consumer-member.ts';
import type { ConsumerMembers } from '../groups/consumer/consumer-members.ts';
import { copiedHashOrder } from '../groups/consumer/java-hash-order.ts';
import { javaHash } from '../groups/coordinator-key.ts';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { notAsked } from '../security/authorized-operations.ts';

type Described = ConsumerGroupDescribeResponse['groups'][number];

/** What consumer groups are: their epochs, and what each member has and shall have (KIP-848). */
export const consumerGroupDescribeHandler = defineHandler(apis.consumerGroupDescribe, (request, context) => ({
  throttleTimeMs: 0,
  groups: request.groupIds.map((groupId) => {
    const described = describe(groupId, context);
    const asked = request.includeAuthorizedOperations && described.errorCode === errorCodes.NONE;
    return { ...described, authorizedOperations: asked ? context.access.operations('group', groupId) : notAsked };
  }),
}));

function describe(groupId: string, context: HandlerContext): Described {
  const nothing = { groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };
  const error = context.failureOf() || (groupId === '' ? errorCodes.INVALID_GROUP_ID : groupCoordinatorError(groupId, context));
  if (error !== 0) return { ...nothing, errorCode: error };
  const members = context.state.groups.get(groupId)?.members;
  if (members?.type !== 'consumer') {
    const errorMessage = members === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`;
    return { ...nothing, errorCode: errorCodes.GROUP_ID_NOT_FOUND, errorMessage };
  }
  return {
    errorCode: errorCodes.NONE,
    groupId,
    groupState: members.state,
    groupEpoch: members.epoch,
    assignmentEpoch: members.targetEpoch,
    assignorName: members.assignorName,
    members: members.members.map((member) => describeMember(member, members, context.state)),
  };
}

function describeMember(member: ConsumerMember, group: ConsumerMembers, state: ClusterState): Described['members'][number] {
  // It answers for what it still has to give back, too.
  const held = new Map<string, number[]>();
  for (const owned of [member.assignedPartitions, member.partitionsPendingRevocation]) {
    for (const [topicId, partitions] of owned) held.set(topicId, [...(held.get(topicId) ?? []), ...partitions.keys()]);
  }
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.memberEpoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    // In the order of Kafka's hash set.
    subscribedTopicNames: copiedHashOrder([...member.subscribedTopicNames], javaHash),
    subscribedTopicRegex: member.subscribedTopicRegex,
    assignment: { topicPartitions: existing(held, state) },
    targetAssignment: { topicPartitions: existing(group.targetOf(member.memberId), state) },
    memberType: member.classic === null ? 1 : 0,
  };
}

function existing(assignment: ReadonlyMap<string, Iterable<number>>, state: ClusterState) {
  return [...assignment].flatMap(([topicId, partitions]) => {
    const topic = state.topicById(topicId);
    return topic === undefined ? [] : [{ topicId, topicName: topic.name, partitions: [...partitions].sort((a, b) => a - b) }];
  });
}
