import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { ClassicMembers } from '../classic/classic-members.ts';
import { selectProtocol } from '../classic/protocols.ts';
import { GroupError } from '../group-error.ts';
import { type ConsumerMember, newMember, withEpoch } from './consumer-member.ts';
import { ConsumerMembers } from './consumer-members.ts';
import { timelineOrder } from './java-hash-order.ts';
import { readAssignment, readSubscription, writeAssignment } from './embedded-protocol.ts';

/** Groups that go from one protocol to the other while their members run (KIP-848). */

/** What the brokers' `group.consumer.migration.policy` allows. */
export function migrationPolicy({ configs }: ClusterState): { readonly upgrade: boolean; readonly downgrade: boolean } {
  const policy = configs.value('group.consumer.migration.policy')!.toLowerCase();
  const isBoth = policy === 'bidirectional';
  return { upgrade: isBoth || policy === 'upgrade', downgrade: isBoth || policy === 'downgrade' };
}

/** A consumer group with the members of a classic one; nothing happens to the latter yet. */
export function upgraded(classic: ClassicMembers, groupId: string, cluster: ClusterState): ConsumerMembers {
  const refuse = (reason: string): never => {
    throw new GroupError(errorCodes.GROUP_ID_NOT_FOUND, `Cannot upgrade classic group ${groupId} to consumer group because ${reason}.`);
  };
  if (!migrationPolicy(cluster).upgrade) refuse('online upgrade is disabled');
  if (!classic.usesConsumerProtocol) refuse('the group does not use the consumer embedded protocol');
  if (classic.roster.members.size > cluster.configs.number('group.consumer.max.size')) {
    refuse('the group size exceeds the consumer group maximum size');
  }
  // So does a group whose first rebalance has not ended.
  if (classic.protocolName === null) throw stumbles();

  const members = classic.roster.all.map((member): ConsumerMember => {
    try {
      const { assignment, userData } = readAssignment(member.assignment, cluster);
      if (userData.length > 0) {
        const advice = 'Please refer to the documentation or switch to a default assignor before re-attempting the upgrade';
        refuse(`an unsupported custom assignor is in use. ${advice}`);
      }
      const { topics, rackId } = readSubscription(member.metadata(classic.protocolName), cluster);
      return {
        ...newMember(member.id),
        memberEpoch: classic.generation,
        previousMemberEpoch: classic.generation,
        instanceId: member.groupInstanceId,
        rackId,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        clientId: member.clientId ?? '',
        clientHost: member.clientHost,
        subscribedTopicNames: new Set(topics),
        assignedPartitions: withEpoch(assignment, classic.generation),
        classic: { sessionTimeoutMs: member.sessionTimeoutMs, protocols: member.protocols },
      };
    } catch (error) {
      if (error instanceof GroupError) throw error;
      // A version that there is not is malformed to Kafka; it stumbles over bytes that end too early.
      if (error instanceof RangeError) return refuse('the embedded consumer protocol is malformed');
      throw stumbles();
    }
  });
  const group = new ConsumerMembers(cluster, groupId);
  group.takeOver(classic.generation, members);
  return group;
}

/** What a client is told when Kafka does not know what to tell it. */
function stumbles(): GroupError {
  return new GroupError(errorCodes.UNKNOWN_SERVER_ERROR, null);
}

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
