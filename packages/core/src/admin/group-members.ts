import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { leaveGroup } from '../protocol/apis/leave-group.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf, partOf } from './admin-options.ts';
import { atCoordinator } from './at-coordinators.ts';
import { describeGroups } from './describe-groups.ts';
import { checkList, checkName, checkText } from './items.ts';
import type { Results } from './results.ts';

/** A member, by its `group.instance.id` or by its id. Needs brokers of 2.4 or newer. */
export type MemberToRemove = { readonly instanceId: string } | { readonly memberId: string };

/** Options of `removeGroupMembers`. */
export interface RemoveGroupMembersOptions extends AdminOptions {
  /** The reason, for the log of the group and for the member. Default: removed by an administrator. */
  readonly reason?: string;
}

/**
 * Removes members from a classic or consumer group, without waiting for their sessions to end: those named, or `'all'` that are in it now.
 * One that still runs joins again. Java: Admin.removeMembersFromConsumerGroup. The result is by `instanceId` or `memberId`; a member's
 * error is BrokerError UNKNOWN_MEMBER_ID when it is not in the group. Rejects with TypeError if it gets no list of members, and with
 * BrokerError GROUP_AUTHORIZATION_FAILED, or GROUP_ID_NOT_FOUND where all of a group that does not exist are to go.
 */
export async function removeGroupMembers(
  client: KafkaClient,
  group: string,
  members: readonly MemberToRemove[] | 'all',
  options: RemoveGroupMembersOptions = {},
): Promise<Results<string>> {
  const cluster = clusterOf('removeGroupMembers', client);
  checkText('a group', group);
  if (members !== 'all') checkList('members', members, checkMember);
  const limits = limitsOf(cluster, 'removeGroupMembers', options, ['reason']);
  const { reason = 'removed by an administrator' } = options;
  checkText('reason', reason);
  const named = members === 'all' ? await membersOf(client, group, partOf(limits)) : members;
  if (named.length === 0) return new Map();
  const identities = named.map((member) => ({
    memberId: 'memberId' in member ? member.memberId : '',
    groupInstanceId: 'instanceId' in member ? member.instanceId : null,
  }));
  const ask = async (connection: Connection, _: string, giveUp: AbortSignal): Promise<Results<string>> => {
    const hasReason = connection.versions.offers(leaveGroup, { minVersion: 5 });
    const leaving = identities.map((identity) => (hasReason ? { ...identity, reason } : identity));
    const answer = await connection.send(leaveGroup, { groupId: group, members: leaving }, { minVersion: 3, signal: giveUp });
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `members of the group '${group}'`);
    return new Map(
      identities.map(({ memberId, groupInstanceId }) => {
        const result = answer.members.find((one) =>
          groupInstanceId === null ? one.memberId === memberId : one.groupInstanceId === groupInstanceId,
        );
        const code = result?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR;
        const name = groupInstanceId ?? memberId;
        return [name, code === 0 ? undefined : brokerError(code, `member '${name}' of the group '${group}'`)];
      }),
    );
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}

function checkMember(member: MemberToRemove): void {
  if (typeof member !== 'object' || member === null)
    throw new TypeError(`a member must be { instanceId } or { memberId }, not ${shown(member)}`);
  if ('instanceId' in member) checkName("a member's instanceId", member.instanceId);
  else checkName("a member's memberId", member.memberId);
}

/** Static members by their instance ids, as Java does: the id of one that comes back meanwhile is another. */
async function membersOf(client: KafkaClient, group: string, options: AdminOptions): Promise<MemberToRemove[]> {
  const described = (await describeGroups(client, [group], options)).get(group)!;
  if (described instanceof Error) throw described;
  return described.members.map(({ instanceId, memberId }) => (instanceId === undefined ? { memberId } : { instanceId }));
}
