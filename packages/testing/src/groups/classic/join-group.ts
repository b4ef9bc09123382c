import { errorCodes, type JoinGroupResponse } from '@tskafka/core/protocol';
import { newMemberId } from '../member-id.ts';
import { ClassicMember } from './classic-member.ts';
import type { ClassicMembers } from './classic-members.ts';
import { type GroupClient, type JoinGroup, joinRefused } from './classic-protocol.ts';
import { joinedAs } from './joined.ts';
import { areSame, selectProtocol } from './protocols.ts';

type Answer = (response: JoinGroupResponse) => void;

/** How long a member that has never been answered may wait to be: it cannot send heartbeats, and may be long gone. */
const newMemberJoinTimeoutMs = 5 * 60_000;

/** The first version whose members must come back with the id that they are given (KIP-394). */
const memberIdRequiredFrom = 4;
/** The first version that can tell a leader to leave the assignment alone (KIP-814). */
const skipAssignmentFrom = 9;

/** A member joins, or joins again. The answer may have to wait for the others. */
export function joinGroup(group: ClassicMembers, request: JoinGroup, client: GroupClient, answer: Answer): void {
  const { memberId } = request;
  if (!hasRoom(group, memberId)) {
    group.roster.remove(memberId);
    return answer(joinRefused(errorCodes.GROUP_MAX_SIZE_REACHED, ''));
  }
  if (!isSupported(group, request)) return answer(joinRefused(errorCodes.INCONSISTENT_GROUP_PROTOCOL, memberId));
  if (memberId === '') joinNew(group, request, client, answer);
  else joinAgain(group, request, client, answer);
}

/** While members join again, those who have count, so that the last ones find no room when the limit was lowered. */
function hasRoom({ state, roster, context }: ClassicMembers, memberId: string): boolean {
  const maxSize = context.configs.number('group.max.size');
  if (state === 'Empty') return true;
  if (state !== 'PreparingRebalance') return roster.members.has(memberId) || roster.members.size < maxSize;
  return roster.get(memberId)?.isAwaitingJoin === true || roster.awaitingJoin < maxSize;
}

function isSupported({ state, roster }: ClassicMembers, { protocolType, protocols }: JoinGroup): boolean {
  if (state === 'Empty') return protocolType !== '' && protocols.length > 0;
  return roster.supports(
    protocolType,
    protocols.map(({ name }) => name),
  );
}

function joinNew(group: ClassicMembers, request: JoinGroup, client: GroupClient, answer: Answer): void {
  const { groupInstanceId } = request;
  const memberId = newMemberId(group.context.random, client.clientId, groupInstanceId);
  const former = group.roster.get(group.roster.staticMemberId(groupInstanceId) ?? '');
  if (former !== undefined) return replaceStatic(group, former, memberId, request, client, answer);
  if (groupInstanceId !== null || client.version < memberIdRequiredFrom) return add(group, memberId, request, client, answer);
  group.addPending(memberId, request.sessionTimeoutMs);
  answer(joinRefused(errorCodes.MEMBER_ID_REQUIRED, memberId));
}

function joinAgain(group: ClassicMembers, request: JoinGroup, client: GroupClient, answer: Answer): void {
  const { memberId, groupInstanceId } = request;
  const { roster, state } = group;
  if (roster.pendingJoin.has(memberId)) {
    // Kafka stumbles over this one: nobody is given an id to join with who has an instance id.
    if (groupInstanceId !== null) return answer(joinRefused(errorCodes.UNKNOWN_SERVER_ERROR, ''));
    return add(group, memberId, request, client, answer);
  }
  const refusal = roster.errorOf(memberId, groupInstanceId);
  if (refusal !== 0) return answer(joinRefused(refusal, memberId));
  const member = roster.get(memberId)!;
  const isUnchanged = areSame(member.protocols, request.protocols);
  // A leader of a stable group that joins has seen something that its members have not: new partitions, perhaps.
  const isNews = !isUnchanged || (state === 'Stable' && roster.leader === memberId);
  if (state !== 'PreparingRebalance' && !isNews) return answer(joinedAs(member, group));
  update(member, request, answer);
  group.rebalanceOrGoOn();
}

function add(group: ClassicMembers, memberId: string, request: JoinGroup, { clientId, clientHost }: GroupClient, answer: Answer): void {
  const member = new ClassicMember({ ...request, memberId, clientId, clientHost });
  member.isNew = true;
  member.awaitJoin(answer);
  group.memberAdded();
  group.roster.add(member);
  group.beginSession(member, newMemberJoinTimeoutMs);
  group.rebalanceOrGoOn();
}

function update(member: ClassicMember, request: JoinGroup, answer: Answer): void {
  member.protocols = request.protocols;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.awaitJoin(answer);
}

/** A static member has restarted. Where its protocols change nothing, the others need not know (KIP-345). */
function replaceStatic(
  group: ClassicMembers,
  former: ClassicMember,
  memberId: string,
  request: JoinGroup,
  { version }: GroupClient,
  answer: Answer,
): void {
  const formerLeader = group.roster.leader;
  const member = group.roster.replaceStatic(former, memberId);
  group.beginSession(member);
  update(member, request, answer);
  if (group.state === 'CompletingRebalance') return group.prepareRebalance();
  if (group.state !== 'Stable') return group.tryCompleteJoin();
  if (selectProtocol(group.roster.all) !== group.protocolName) return group.rebalanceOrGoOn();
  group.write();
  const skipAssignment = version >= skipAssignmentFrom && group.roster.leader === memberId;
  // An old leader that was told so would assign, and a stable group takes no assignment: it is told the id that it no longer has.
  if (version >= skipAssignmentFrom) member.answerJoin({ ...joinedAs(member, group), skipAssignment });
  else member.answerJoin({ ...joinedAs(member, group), leader: formerLeader ?? '', members: [] });
}
