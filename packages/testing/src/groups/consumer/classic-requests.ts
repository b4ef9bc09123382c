import { type Decoded, errorCodes, type JoinGroupResponse, type SyncGroupResponse } from '@tskafka/core/protocol';
import {
  type GroupClient,
  type Heartbeat,
  type JoinGroup,
  joinRefused,
  type LeavingMembers,
  type LeftMembers,
  type SyncGroup,
  syncRefused,
} from '../classic/classic-protocol.ts';
import { GroupError } from '../group-error.ts';
import { javaUuid } from '../member-id.ts';
import { type ConsumerMember, newMember, partitionsOf } from './consumer-member.ts';
import type { ConsumerMembers, Speaker } from './consumer-members.ts';
import { readSubscription, type Subscription, writeAssignment } from './embedded-protocol.ts';
import { checkInstance } from './member-checks.ts';
import { becomeClassic, mayBecomeClassicWithout } from './downgrade.ts';
import { migrationPolicy } from './migration-policy.ts';

/** Members of a consumer group that still speak the classic protocol (KIP-848): each is its own leader, and gets its part of the target. */

/** The first version whose members must come back with the id that they are given (KIP-394). */
const memberIdRequiredFrom = 4;

export function joinConsumerGroup(
  group: ConsumerMembers,
  request: JoinGroup,
  client: GroupClient,
  answer: (response: JoinGroupResponse) => void,
): void {
  try {
    answer(join(group, request, client));
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    answer(joinRefused(error.code, ''));
  }
}

function join(group: ConsumerMembers, request: JoinGroup, client: GroupClient): JoinGroupResponse {
  const { cluster } = group;
  const policy = migrationPolicy(cluster);
  if (!policy.upgrade && !policy.downgrade) throw new GroupError(errorCodes.INCONSISTENT_GROUP_PROTOCOL, 'the group migration is disabled');
  const isUnknown = request.memberId === '';
  const memberId = isUnknown ? javaUuid(cluster.random) : request.memberId;
  group.checkRoom(memberId);
  checkProtocols(group, request);
  if (isUnknown && request.groupInstanceId === null && client.version >= memberIdRequiredFrom) {
    return joinRefused(errorCodes.MEMBER_ID_REQUIRED, memberId);
  }
  const { member, replaces } = speakerOf(group, memberId, request.groupInstanceId, isUnknown);
  const downgrades = replaces !== undefined && mayBecomeClassicWithout(group, replaces);
  const generation = group.epoch;
  const subscription = subscriptionOf(request.protocols[0]!.metadata, group);
  const updated: ConsumerMember = {
    ...member,
    clientId: client.clientId ?? '',
    clientHost: client.clientHost,
    instanceId: request.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId ?? member.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    subscribedTopicNames: new Set(subscription.topics),
    subscribedTopicRegex: '',
    classic: { sessionTimeoutMs: request.sessionTimeoutMs, protocols: request.protocols },
  };
  const { changed, regexesToResolve } = group.subscribe(member, updated, replaces);
  const joined = downgrades
    ? downgrade(group, updated, changed, subscription, generation)
    : group.advance(updated, changed, subscription.ownedPartitions);
  if (!downgrades) {
    group.beginSession(memberId, request.sessionTimeoutMs);
    group.awaitSync(joined);
    group.resolve(regexesToResolve);
  }
  return {
    errorCode: errorCodes.NONE,
    memberId,
    generationId: joined.memberEpoch,
    protocolType: 'consumer',
    protocolName: request.protocols[0]!.name,
    leader: '',
    members: [],
  };
}

/** The last member of the consumer protocol comes back with the classic one. Where the target is old, all join anew. */
function downgrade(
  group: ConsumerMembers,
  member: ConsumerMember,
  changed: boolean,
  { ownedPartitions }: Subscription,
  generation: number,
): ConsumerMember {
  const isOld = group.targetEpoch < group.epoch;
  const joined = isOld ? member : group.reconcile(member, changed, ownedPartitions);
  const classic = becomeClassic(group, [], generation, member.memberId);
  if (isOld) classic.prepareRebalance();
  return joined;
}

/** Members of the classic protocol must have one in common with the others of theirs. */
function checkProtocols({ members }: ConsumerMembers, { protocolType, protocols }: JoinGroup): void {
  const classic = members.flatMap((member) => member.classic ?? []);
  const isCommon = (name: string): boolean => classic.every((other) => other.protocols.some((protocol) => protocol.name === name));
  if (protocolType === 'consumer' && protocols.some(({ name }) => isCommon(name))) return;
  throw new GroupError(errorCodes.INCONSISTENT_GROUP_PROTOCOL, 'the protocols are not supported');
}

function speakerOf(group: ConsumerMembers, memberId: string, instanceId: string | null, isUnknown: boolean): Speaker {
  if (instanceId === null) return { member: group.find(memberId) ?? newMember(memberId) };
  const known = group.staticMember(instanceId);
  if (!isUnknown) return { member: checkInstance(known, memberId, instanceId) };
  if (known === undefined) return { member: newMember(memberId) };
  return { member: { ...known, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: known };
}

function subscriptionOf(metadata: Uint8Array, { cluster }: ConsumerMembers): Subscription {
  try {
    return readSubscription(metadata, cluster);
  } catch (error) {
    if (error instanceof GroupError) throw error;
    throw new GroupError(errorCodes.UNKNOWN_SERVER_ERROR, null);
  }
}

export function syncConsumerGroup(group: ConsumerMembers, request: SyncGroup): SyncGroupResponse {
  const { protocolType, protocolName } = request;
  const found = classicMember(group, request);
  if (typeof found === 'number') return syncRefused(found);
  const [{ name, metadata }] = found.classic.protocols as [{ name: string; metadata: Buffer }];
  const differs = (protocolType !== null && protocolType !== 'consumer') || (protocolName !== null && protocolName !== name);
  if (differs) return syncRefused(errorCodes.INCONSISTENT_GROUP_PROTOCOL);
  // One that is giving back partitions has joined already, and is to finish that first.
  if (group.targetEpoch > found.memberEpoch && found.state !== 'unrevoked partitions') {
    group.awaitJoin(found);
    return syncRefused(errorCodes.REBALANCE_IN_PROGRESS);
  }
  group.synced(found.memberId);
  group.beginSession(found.memberId, found.classic.sessionTimeoutMs);
  const { version } = subscriptionOf(metadata, group);
  const assignment = writeAssignment(partitionsOf(found.assignedPartitions), version, group.cluster);
  return { errorCode: errorCodes.NONE, protocolType, protocolName, assignment };
}

/** The member lives, and is told to join again when there is something to give back or to get. */
export function heartbeatToConsumerGroup(group: ConsumerMembers, request: Heartbeat): number {
  const found = classicMember(group, request);
  if (typeof found === 'number') return found;
  group.beginSession(found.memberId, found.classic.sessionTimeoutMs);
  const isBehind = found.memberEpoch < group.targetEpoch || found.state === 'unrevoked partitions';
  if (!isBehind && !(found.state === 'unreleased partitions' && !isWaiting(group, found))) return errorCodes.NONE;
  group.awaitJoin(found);
  return errorCodes.REBALANCE_IN_PROGRESS;
}

/** Whether others still hold what the member shall have. */
function isWaiting(group: ConsumerMembers, { memberId, assignedPartitions }: ConsumerMember): boolean {
  return [...group.targetOf(memberId)].some(([topicId, partitions]) =>
    [...partitions].some((partition) => !assignedPartitions.get(topicId)?.has(partition) && group.isHeld(topicId, partition)),
  );
}

type ClassicMemberOfGroup = ConsumerMember & { readonly classic: NonNullable<ConsumerMember['classic']> };

/** The member that sends the request, or why it is refused. */
function classicMember(group: ConsumerMembers, request: Decoded<Pick<SyncGroup, 'memberId' | 'groupInstanceId' | 'generationId'>>) {
  const { memberId, groupInstanceId, generationId } = request;
  try {
    const member =
      groupInstanceId === null
        ? group.memberNamed(memberId)
        : checkInstance(group.staticMember(groupInstanceId), memberId, groupInstanceId);
    if (member.classic === null) return errorCodes.UNKNOWN_MEMBER_ID;
    return member.memberEpoch === generationId ? (member as ClassicMemberOfGroup) : errorCodes.ILLEGAL_GENERATION;
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    return error.code;
  }
}

/** Members go, or an administrator takes them out, whichever protocol they speak. */
export function leaveConsumerGroup(group: ConsumerMembers, leaving: LeavingMembers): LeftMembers {
  const gone: string[] = [];
  const left = leaving.map(({ memberId, groupInstanceId }) => {
    try {
      const named = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId);
      const expected = memberId === '' ? (named?.memberId ?? '') : memberId;
      const member = groupInstanceId === null ? group.memberNamed(memberId) : checkInstance(named, expected, groupInstanceId);
      gone.push(member.memberId);
      return { memberId, groupInstanceId, errorCode: errorCodes.NONE };
    } catch (error) {
      if (!(error instanceof GroupError)) throw error;
      return { memberId, groupInstanceId, errorCode: error.code };
    }
  });
  group.fence([...new Set(gone)]);
  return left;
}
