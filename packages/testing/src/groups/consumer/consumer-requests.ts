import { randomUuid } from '../../random-uuid.ts';
import type { GroupClient } from '../classic/classic-protocol.ts';
import { type ConsumerMember, newMember, ownsNothing, partitionsOf, sameOwned, withEpoch } from './consumer-member.ts';
import type { ConsumerMembers, Speaker } from './consumer-members.ts';
import { checkEpoch, checkInstance, checkReleased, leaveEpoch, leaveStaticEpoch } from './member-checks.ts';
import type { Assignment } from './partition-assignor.ts';
import type { TopicPartitions } from './reconcile.ts';

/** What a member says with a heartbeat. null is what it has said before. */
export interface ConsumerHeartbeat {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** -1: as before. */
  readonly rebalanceTimeoutMs: number;
  readonly subscribedTopicNames: readonly string[] | null;
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  /** What it owns. */
  readonly topicPartitions: TopicPartitions | null;
}

export interface HeartbeatAnswer {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null: as it was. */
  readonly assignment: Assignment | null;
}

/** A member joins, or says that it lives, and what has changed about it. */
export function consumerHeartbeat(group: ConsumerMembers, request: ConsumerHeartbeat, client: GroupClient): HeartbeatAnswer {
  group.checkRoom(request.memberId);
  // Before version 1, the coordinator makes up the id of a new member.
  const memberId = request.memberId === '' ? randomUuid(group.cluster.random) : request.memberId;
  const { member, replaces } = speakerOf(group, { ...request, memberId });
  const updated: ConsumerMember = {
    ...member,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: request.subscribedTopicNames === null ? member.subscribedTopicNames : new Set(request.subscribedTopicNames),
    subscribedTopicRegex: request.subscribedTopicRegex ?? member.subscribedTopicRegex,
    classic: null,
  };
  const subscription = group.subscribe(member, updated, replaces);
  const reconciled = group.advance(updated, subscription.changed, request.topicPartitions);
  group.beginSession(memberId, group.configs.number('consumer.session.timeout.ms'));
  group.resolve(subscription.regexesToResolve);

  const isFull =
    request.rebalanceTimeoutMs !== -1 &&
    (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
    request.topicPartitions !== null;
  const isTold = request.memberEpoch === 0 || isFull || !sameOwned(member.assignedPartitions, reconciled.assignedPartitions);
  return {
    memberId,
    memberEpoch: reconciled.memberEpoch,
    heartbeatIntervalMs: group.configs.number('consumer.heartbeat.interval.ms'),
    assignment: isTold ? partitionsOf(reconciled.assignedPartitions) : null,
  };
}

/** A member says that it leaves; with -2 a static one that it will be back. */
export function consumerLeave(group: ConsumerMembers, memberId: string, instanceId: string | null, epoch: number): void {
  const member = instanceId === null ? group.memberNamed(memberId) : checkInstance(group.staticMember(instanceId), memberId, instanceId);
  if (instanceId === null || epoch === leaveEpoch) return group.fence([member.memberId]);
  // Whoever comes back in its place has what it has, as from the beginning.
  group.update({
    ...member,
    memberEpoch: leaveStaticEpoch,
    assignedPartitions: withEpoch(partitionsOf(member.assignedPartitions), 0),
    partitionsPendingRevocation: ownsNothing,
  });
}

function speakerOf(group: ConsumerMembers, { memberId, memberEpoch, instanceId, topicPartitions }: ConsumerHeartbeat): Speaker {
  const joins = memberEpoch === 0;
  if (instanceId === null || !joins) {
    const known = instanceId === null ? group.find(memberId) : checkInstance(group.staticMember(instanceId), memberId, instanceId);
    const member = known ?? (joins ? newMember(memberId) : group.memberNamed(memberId));
    checkEpoch(member, memberEpoch, topicPartitions);
    return { member };
  }
  const known = group.staticMember(instanceId);
  if (known === undefined) return { member: group.find(memberId) ?? newMember(memberId) };
  if (known.classic === null) checkReleased(known, memberId, instanceId);
  return { member: { ...known, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: known };
}
