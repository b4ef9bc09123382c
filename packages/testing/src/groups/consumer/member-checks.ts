import { errorCodes } from '@tskafka/core/protocol';
import { GroupError } from '../group-error.ts';
import type { ConsumerMember, OwnedPartitions } from './consumer-member.ts';
import type { TopicPartitions } from './reconcile.ts';

/** The epoch of a static member that is away and will be back. */
export const leaveStaticEpoch = -2;
/** The epoch of a member that leaves for good. */
export const leaveEpoch = -1;

/**
 * Whether the member may go on from the epoch that it believes in.
 *
 * The previous epoch will do when the member owns no more than it was given: the answer that told it of the new one may have been lost.
 */
export function checkEpoch(member: ConsumerMember, epoch: number, owned: TopicPartitions | null): void {
  if (epoch === 0 || epoch === member.memberEpoch) return;
  const fenced = (relation: string): GroupError =>
    new GroupError(
      errorCodes.FENCED_MEMBER_EPOCH,
      `The consumer group member has a ${relation} member epoch (${epoch}) than the one known by the group coordinator ` +
        `(${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
    );
  if (epoch > member.memberEpoch) throw fenced('greater');
  if (epoch !== member.previousMemberEpoch || !isSubset(owned, member.assignedPartitions)) throw fenced('smaller');
}

function isSubset(owned: TopicPartitions | null, assigned: OwnedPartitions): boolean {
  if (owned === null) return false;
  return owned.every(({ topicId, partitions }) => {
    const known = assigned.get(topicId);
    return known !== undefined && partitions.every((partition) => known.has(partition));
  });
}

/** A static member may only come back under another member id when it has said that it goes. */
export function checkReleased(member: ConsumerMember, memberId: string, instanceId: string): void {
  if (member.memberEpoch === leaveStaticEpoch) return;
  throw new GroupError(
    errorCodes.UNRELEASED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ` +
      `${member.memberId} member.`,
  );
}

/** The static member with this instance id, which must have this member id. */
export function checkInstance(member: ConsumerMember | undefined, memberId: string, instanceId: string): ConsumerMember {
  if (member === undefined) throw new GroupError(errorCodes.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
  if (member.memberId === memberId) return member;
  throw new GroupError(
    errorCodes.FENCED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
  );
}
