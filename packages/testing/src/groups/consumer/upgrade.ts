import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import type { ClassicMembers } from '../classic/classic-members.ts';
import { GroupError } from '../group-error.ts';
import { type ConsumerMember, newMember, withEpoch } from './consumer-member.ts';
import { ConsumerMembers } from './consumer-members.ts';
import { readAssignment, readSubscription } from './embedded-protocol.ts';
import { migrationPolicy } from './migration-policy.ts';

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
