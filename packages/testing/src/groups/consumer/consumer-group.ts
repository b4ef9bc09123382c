import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { GroupError } from '../group-error.ts';
import { ConsumerMembers } from './consumer-members.ts';
import { upgraded } from './upgrade.ts';

/** The members of a consumer group that is there. */
export function consumerMembersOf(groupId: string, state: ClusterState): ConsumerMembers {
  const members = state.groups.get(groupId)?.members;
  if (members?.type === 'consumer') return members;
  throw notFound(members === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`);
}

/**
 * The members of the group that somebody sends a heartbeat to. One who joins comes into a new group where there is none, or where a classic
 * one is empty; it is attached only when the heartbeat turns out well.
 */
export function consumerMembersFor(groupId: string, joins: boolean, state: ClusterState): ConsumerMembers {
  const members = state.groups.get(groupId)?.members;
  if (members?.type === 'consumer') return members;
  if (joins && members === undefined) return new ConsumerMembers(state, groupId);
  if (joins && members?.type === 'classic')
    return members.isEmpty ? new ConsumerMembers(state, groupId) : upgraded(members, groupId, state);
  throw notFound(members === undefined ? `Consumer group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`);
}

function notFound(message: string): GroupError {
  return new GroupError(errorCodes.GROUP_ID_NOT_FOUND, message);
}
