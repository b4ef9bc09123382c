import type { MockMember } from '../mock-member.ts';
import type { ClassicMembers } from './classic-members.ts';
import { assignedPartitions, subscribedTopics } from './consumer-protocol.ts';

/** The members of a classic group as a test sees them: what they read, where they use the protocol of consumers. */
export function membersOf({ roster, usesConsumerProtocol, protocolName }: ClassicMembers): MockMember[] {
  return roster.all.map((member) => ({
    memberId: member.id,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    topics: usesConsumerProtocol ? (subscribedTopics(member.metadata(protocolName)) ?? []) : [],
    assignment: usesConsumerProtocol ? assignedPartitions(member.assignment) : [],
  }));
}

/** The topics that members say they read; undefined where one does not say it as consumers do. */
export function topicsReadBy({ roster, usesConsumerProtocol, protocolName }: ClassicMembers): ReadonlySet<string> | undefined {
  if (!usesConsumerProtocol) return undefined;
  const topics = roster.all.map((member) => subscribedTopics(member.metadata(protocolName)));
  return topics.includes(undefined) ? undefined : new Set(topics.flatMap((names) => names!));
}
