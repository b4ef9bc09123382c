import { apis, type Decoded, errorCodes, type JoinGroupRequest, type JoinGroupResponse } from '@tskafka/core/protocol';
import { ClassicMembers } from '../groups/classic/classic-members.ts';
import { joinRefused, takesClassicMembers } from '../groups/classic/classic-protocol.ts';
import { groupClient } from '../groups/group-client.ts';
import { groupRequestError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

type Request = Decoded<JoinGroupRequest>;

/** A member of the classic protocol joins its group. It waits for the answer until the others have joined too. */
export const joinGroupHandler = defineHandler(apis.joinGroup, async (request, context) => {
  const answer = await join(request, context);
  // Before version 7 the name of the protocol cannot be null.
  return { ...answer, protocolName: answer.protocolName ?? (context.version < 7 ? '' : null) };
});

function join(sent: Request, context: HandlerContext): JoinGroupResponse | Promise<JoinGroupResponse> {
  const request = context.version === 0 ? { ...sent, rebalanceTimeoutMs: sent.sessionTimeoutMs } : sent;
  const refusal = refusalOf(request, context);
  if (refusal !== undefined) return refusal;
  const group = context.state.group(request.groupId);
  // An empty consumer group becomes a classic one again.
  if (group.members.type === 'consumer' && group.members.isEmpty) group.members = new ClassicMembers(context.state);
  const { members } = group;
  if (!takesClassicMembers(members)) return joinRefused(errorCodes.INCONSISTENT_GROUP_PROTOCOL, '');
  return new Promise((resolve) => members.join(request, groupClient(context), resolve));
}

function refusalOf({ groupId, memberId, sessionTimeoutMs }: Request, context: HandlerContext): JoinGroupResponse | undefined {
  const { configs, groups } = context.state;
  const failure = context.failureOf();
  if (failure !== 0) return joinRefused(failure, '');
  if (groupId === '') return joinRefused(errorCodes.INVALID_GROUP_ID, memberId);
  const isInRange =
    sessionTimeoutMs >= configs.number('group.min.session.timeout.ms') &&
    sessionTimeoutMs <= configs.number('group.max.session.timeout.ms');
  if (!isInRange) return joinRefused(errorCodes.INVALID_SESSION_TIMEOUT, memberId);
  const notHere = groupRequestError(groupId, context);
  if (notHere !== 0) return joinRefused(notHere, '');
  // Only somebody who has no id yet brings a group into being.
  if (memberId !== '' && !groups.has(groupId)) return joinRefused(errorCodes.UNKNOWN_MEMBER_ID, memberId);
  return undefined;
}
