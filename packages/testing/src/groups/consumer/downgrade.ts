import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { ClassicMembers } from '../classic/classic-members.ts';
import { selectProtocol } from '../classic/protocols.ts';
import type { ConsumerMember } from './consumer-member.ts';
import type { ConsumerMembers } from './consumer-members.ts';
import { readSubscription, writeAssignment } from './embedded-protocol.ts';
import { timelineOrder } from './java-hash-order.ts';
import { migrationPolicy } from './migration-policy.ts';

/** Whether the group has only members of the classic protocol once these are gone, and may be a classic one. */
export function mayBecomeClassic({ members, cluster }: ConsumerMembers, leaving: readonly string[]): boolean {
  const staying = members.filter(({ memberId }) => !leaving.includes(memberId));
  return staying.length > 0 && staying.every(({ classic }) => classic !== null) && mayBeClassic(staying.length, cluster);
}

/** As above, for a static member of the consumer protocol whose place is taken by one of the classic protocol. */
export function mayBecomeClassicWithout({ members, cluster }: ConsumerMembers, replaced: ConsumerMember): boolean {
  const others = members.filter(({ memberId }) => memberId !== replaced.memberId);
  return replaced.classic === null && others.every(({ classic }) => classic !== null) && mayBeClassic(members.length, cluster);
}

function mayBeClassic(size: number, cluster: ClusterState): boolean {
  return migrationPolicy(cluster).downgrade && size <= cluster.configs.number('group.max.size');
}

/** Makes the group a classic one whose last generation is the target assignment. */
export function becomeClassic(
  group: ConsumerMembers,
  leaving: readonly string[],
  generation = group.epoch,
  joining?: string,
): ClassicMembers {
  const { cluster } = group;
  const memberIds = group.members.map(({ memberId }) => memberId).filter((id) => id !== joining && !leaving.includes(id));
  // The first one leads; one that has just come is the last.
  const staying = [...timelineOrder(memberIds), ...(joining === undefined ? [] : [joining])].map((id) => group.memberNamed(id));
  const protocolName = selectProtocol(staying.map(({ classic }) => classic!));
  const members = staying.map((member) => {
    const { memberId, clientId, clientHost, rebalanceTimeoutMs, instanceId: groupInstanceId } = member;
    const { sessionTimeoutMs, protocols } = member.classic!;
    const { version } = readSubscription(protocols.find(({ name }) => name === protocolName)!.metadata, cluster);
    return {
      ...{ memberId, groupInstanceId, clientId, clientHost, protocolType: 'consumer', sessionTimeoutMs, rebalanceTimeoutMs },
      protocols: [...protocols],
      assignment: writeAssignment(group.targetOf(memberId), version, cluster),
    };
  });
  group.close(errorCodes.NONE);
  const classic = new ClassicMembers(cluster);
  const stateSince = cluster.clock.wallTime();
  classic.load({ generation, protocolType: 'consumer', protocolName, leader: members[0]!.memberId, members, stateSince });
  cluster.group(group.groupId).members = classic;
  return classic;
}
