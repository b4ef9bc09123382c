import { apis, errorCodes, type OffsetFetchResponse, zeroUuid } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

/** The topics that are asked for, in whatever form the version has; null is all. */
interface AskedTopic {
  readonly name?: string;
  readonly topicId?: string;
  readonly partitionIndexes: readonly number[];
}

interface AskedGroup extends Member {
  readonly groupId: string;
  readonly topics: readonly AskedTopic[] | null;
  /** Whether an offset that a transaction may still change is no answer (KIP-447). */
  readonly requireStable: boolean;
}

interface GroupAnswer {
  readonly errorCode: number;
  readonly topics: {
    readonly name: string;
    readonly topicId: string;
    readonly partitions: NonNullable<OffsetFetchResponse['topics']>[number]['partitions'];
  }[];
}

/** Who asks. */
interface Member {
  readonly memberId: string | null;
  readonly memberEpoch: number;
}

const nobody: Member = { memberId: null, memberEpoch: -1 };

type PartitionAnswer = GroupAnswer['topics'][number]['partitions'][number];

/** What groups have committed: -1 where that is nothing. */
export const offsetFetchHandler = defineHandler(apis.offsetFetch, (request, context) => {
  const { requireStable } = request;
  if (context.version >= 8) {
    return {
      groups: request.groups.map((group) => ({ groupId: group.groupId, ...answerGroup({ ...group, requireStable }, context) })),
    };
  }
  const { errorCode, topics } = answerGroup({ ...request, ...nobody }, context);
  if (errorCode === errorCodes.NONE || context.version >= 2) return { errorCode, topics };
  // Before version 2 there is no error of the group, so each partition has it.
  return { topics: (request.topics ?? []).map((topic) => failedTopic(topic, errorCode)) };
});

function answerGroup(asked: AskedGroup, context: HandlerContext): GroupAnswer {
  const { groupId, topics } = asked;
  const errorCode = context.failureOf() || groupCoordinatorError(groupId, context) || membershipError(asked, context);
  if (errorCode !== 0) return { errorCode, topics: [] };
  return { errorCode, topics: topics === null ? allTopics(asked, context) : topics.map((topic) => askedTopic(asked, topic, context)) };
}

/** From version 9 on, a member may say which one it is. */
function membershipError({ groupId, memberId, memberEpoch }: AskedGroup, { state }: HandlerContext): number {
  return state.groups.get(groupId)?.members.fetchError(memberId, memberEpoch) ?? errorCodes.NONE;
}

function askedTopic(group: AskedGroup, topic: AskedTopic, context: HandlerContext): GroupAnswer['topics'][number] {
  const byId = context.version >= 10;
  const name = byId ? context.metadata.topicNameOf(topic.topicId!) : topic.name!;
  if (name === undefined) return failedTopic(topic, errorCodes.UNKNOWN_TOPIC_ID);
  return {
    name,
    topicId: topic.topicId ?? zeroUuid,
    partitions: topic.partitionIndexes.map((partition) => {
      const failure = context.failureOf(name, partition);
      return failure === 0 ? committed(group, name, partition, context) : noOffset(partition, failure);
    }),
  };
}

function allTopics(group: AskedGroup, context: HandlerContext): GroupAnswer['topics'] {
  return [...(context.state.groups.get(group.groupId)?.offsets.topics ?? [])].map(([name, partitions]) => ({
    name,
    topicId: context.metadata.topic(name)?.id ?? zeroUuid,
    partitions: [...partitions.keys()].map((partition) => committed(group, name, partition, context)),
  }));
}

function committed({ groupId, requireStable }: AskedGroup, topic: string, partition: number, { state }: HandlerContext): PartitionAnswer {
  const group = state.groups.get(groupId)?.offsets;
  if (requireStable && group?.isUnstable(topic, partition)) return noOffset(partition, errorCodes.UNSTABLE_OFFSET_COMMIT);
  const found = group?.get(topic, partition);
  if (found === undefined) return noOffset(partition, errorCodes.NONE);
  return {
    partitionIndex: partition,
    committedOffset: found.offset,
    committedLeaderEpoch: found.leaderEpoch,
    metadata: found.metadata,
    errorCode: errorCodes.NONE,
  };
}

function noOffset(partitionIndex: number, errorCode: number): PartitionAnswer {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode };
}

function failedTopic({ name, topicId, partitionIndexes }: AskedTopic, errorCode: number): GroupAnswer['topics'][number] {
  return {
    name: name ?? '',
    topicId: topicId ?? zeroUuid,
    partitions: partitionIndexes.map((partition) => noOffset(partition, errorCode)),
  };
}
