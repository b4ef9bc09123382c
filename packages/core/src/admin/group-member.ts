import { ProtocolError } from '../errors.ts';
import type { Decoded, Message } from '../protocol/api.ts';
import type { ConsumerGroupDescribeResponse } from '../protocol/apis/consumer-group-describe.ts';
import type { DescribeGroupsResponse } from '../protocol/apis/describe-groups.ts';
import type { ShareGroupDescribeResponse } from '../protocol/apis/share-group-describe.ts';
import type { StreamsGroupDescribeResponse } from '../protocol/apis/streams-group-describe.ts';
import { consumerProtocolAssignment } from '../protocol/messages/consumer-protocol-assignment.ts';
import { consumerProtocolSubscription } from '../protocol/messages/consumer-protocol-subscription.ts';
import { Reader } from '../protocol/reader.ts';
import type { TopicPartition } from '../topic-partition.ts';

/** A member of a group of any type. Java: MemberDescription, ShareMemberDescription. */
export interface GroupMember {
  readonly memberId: string;
  /** `group.instance.id` of a static member (KIP-345). */
  readonly instanceId: string | undefined;
  /** `client.rack` of a member, where it has one and its protocol tells it (KIP-881). */
  readonly rackId: string | undefined;
  readonly clientId: string;
  /** Where it comes from, as the broker sees it: `/10.0.3.4`. */
  readonly host: string;
  /** The epoch of the group's assignment that it has reached; undefined for a member of a classic group. */
  readonly epoch: number | undefined;
  readonly subscribedTopics: readonly string[];
  /** The regular expression that it subscribes to, in a group of KIP-848. */
  readonly subscribedRegex: string | undefined;
  /** What it reads now; undefined where that cannot be told: a classic member that is no consumer writes what only its like can read. */
  readonly assignment: readonly TopicPartition[] | undefined;
  /** What it will read once it and others have let go; undefined where the protocol has no such thing. */
  readonly targetAssignment: readonly TopicPartition[] | undefined;
}

type MemberOf<Response extends { readonly groups: readonly { readonly members: readonly unknown[] }[] }> = Decoded<
  Response['groups'][number]['members'][number]
>;

export function consumerMember(member: MemberOf<ConsumerGroupDescribeResponse>): GroupMember {
  return {
    ...common(member),
    instanceId: member.instanceId ?? undefined,
    rackId: member.rackId ?? undefined,
    epoch: member.memberEpoch,
    subscribedTopics: member.subscribedTopicNames,
    subscribedRegex: member.subscribedTopicRegex || undefined,
    assignment: partitionsOf(member.assignment.topicPartitions),
    targetAssignment: partitionsOf(member.targetAssignment.topicPartitions),
  };
}

export function shareMember(member: MemberOf<ShareGroupDescribeResponse>): GroupMember {
  return {
    ...common(member),
    instanceId: undefined,
    rackId: member.rackId ?? undefined,
    epoch: member.memberEpoch,
    subscribedTopics: member.subscribedTopicNames,
    subscribedRegex: undefined,
    assignment: partitionsOf(member.assignment.topicPartitions),
    targetAssignment: undefined,
  };
}

/** What classic members tell each other passes through the broker unread, and may be anything. */
export function classicMember(member: MemberOf<DescribeGroupsResponse>, protocolType: string): GroupMember {
  const isConsumer = protocolType === 'consumer';
  const subscription = isConsumer ? decode(consumerProtocolSubscription, member.memberMetadata) : undefined;
  const assignment = isConsumer ? decode(consumerProtocolAssignment, member.memberAssignment) : undefined;
  const assigned = assignment?.assignedPartitions.map(({ topic, partitions }) => ({ topicName: topic, partitions }));
  return {
    ...common(member),
    instanceId: member.groupInstanceId ?? undefined,
    rackId: subscription?.rackId ?? undefined,
    epoch: undefined,
    subscribedTopics: subscription?.topics ?? [],
    subscribedRegex: undefined,
    // Until the leader has assigned there is nothing to read.
    assignment: isConsumer && member.memberAssignment.length === 0 ? [] : assigned && partitionsOf(assigned),
    targetAssignment: undefined,
  };
}

type StreamsGroup = Decoded<StreamsGroupDescribeResponse['groups'][number]>;

/** A member of a streams group has tasks: the source topics' partitions of its active ones are what it reads. */
export function streamsMember(member: MemberOf<StreamsGroupDescribeResponse>, topology: StreamsGroup['topology']): GroupMember {
  const sources = new Map((topology?.subtopologies ?? []).map((subtopology) => [subtopology.subtopologyId, subtopology.sourceTopics]));
  const ofTasks = (tasks: readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[]): TopicPartition[] =>
    tasks.flatMap(({ subtopologyId, partitions }) =>
      partitionsOf((sources.get(subtopologyId) ?? []).map((topicName) => ({ topicName, partitions }))),
    );
  return {
    ...common(member),
    instanceId: member.instanceId ?? undefined,
    rackId: member.rackId ?? undefined,
    epoch: member.memberEpoch,
    subscribedTopics: [...sources.values()].flat(),
    subscribedRegex: undefined,
    assignment: ofTasks(member.assignment.activeTasks),
    targetAssignment: ofTasks(member.targetAssignment.activeTasks),
  };
}

interface AnyMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
}

function common({ memberId, clientId, clientHost: host }: AnyMember): AnyMemberFields {
  return { memberId, clientId, host };
}

type AnyMemberFields = Pick<GroupMember, 'memberId' | 'clientId' | 'host'>;

interface OfTopic {
  readonly topicName: string;
  readonly partitions: readonly number[];
}

function partitionsOf(topics: readonly OfTopic[]): TopicPartition[] {
  return topics.flatMap(({ topicName: topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

/** Reads as much as its version has; undefined when the bytes are something else. */
function decode<T>(message: Message<T>, bytes: Buffer): Decoded<T> | undefined {
  try {
    const r = new Reader(bytes);
    const version = Math.min(r.int16(), message.maxVersion);
    return message.read(r, version);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
