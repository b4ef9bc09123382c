import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { Group } from '../group.ts';
import { GroupError } from '../group-error.ts';
import { ShareMembers } from './share-members.ts';

/**
 * The members of a share group that is there.
 *
 * @throws GroupError when there is no group of this name, or one of another type.
 */
export function shareGroup(state: ClusterState, groupId: string, missing = `Group ${groupId} not found.`): ShareMembers {
  const group = state.groups.get(groupId);
  if (group === undefined) throw new GroupError(errorCodes.GROUP_ID_NOT_FOUND, missing);
  if (group.members.type === 'share') return group.members;
  throw new GroupError(errorCodes.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a share group.`);
}

/**
 * The same, or a new one: `keep` makes it one of the cluster's groups.
 *
 * @throws GroupError when there is a group of another type: no type becomes a share group, not even an empty one.
 */
export function shareGroupOrNew(state: ClusterState, groupId: string): { readonly members: ShareMembers; keep(): void } {
  if (state.groups.has(groupId)) return { members: shareGroup(state, groupId), keep: () => {} };
  const members = new ShareMembers(state, groupId);
  const keep = (): void => {
    const group = new Group(groupId, state);
    group.members = members;
    state.groups.set(groupId, group);
  };
  return { members, keep };
}
