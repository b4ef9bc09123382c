import { apis, type Decoded, errorCodes, type OffsetCommitRequest } from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

/** What clients say that leave it to the broker how long offsets are kept. Since version 5 all do. */
const brokersRetention = -1;

type CommittedTopic = Decoded<OffsetCommitRequest>['topics'][number];

/** Keeps a group's offsets. */
export const offsetCommitHandler = defineHandler(apis.offsetCommit, (request, context) => {
  const refusal = groupCoordinatorError(request.groupId, context) || membershipError(request, context);
  return {
    topics: request.topics.map((topic) => {
      const name = context.version >= 10 ? context.metadata.topicNameOf(topic.topicId) : topic.name;
      return {
        name: topic.name,
        topicId: topic.topicId,
        partitions: topic.partitions.map((partition) => ({
          partitionIndex: partition.partitionIndex,
          errorCode: commit(request, name, partition, refusal, context),
        })),
      };
    }),
  };
});

/** A group that is not there takes commits of those who do not say that they are members. */
function membershipError(request: Decoded<OffsetCommitRequest>, { state, version, metadata }: HandlerContext): number {
  const { memberId, groupInstanceId = null, generationIdOrMemberEpoch } = request;
  const group = state.groups.get(request.groupId);
  if (group !== undefined) {
    const partitions = request.topics.flatMap((topic) => {
      const known = version >= 10 ? metadata.topicNameOf(topic.topicId) : topic.name;
      const { id: topicId, partitions: existing } = state.topics.get(known ?? '') ?? { id: '', partitions: [] };
      const indexes = topic.partitions.map(({ partitionIndex }) => partitionIndex);
      return indexes.filter((partition) => existing[partition] !== undefined).map((partition) => ({ topicId, partition }));
    });
    return group.members.commitError({ memberId, groupInstanceId, generationIdOrMemberEpoch, transactional: false, version, partitions });
  }
  if (generationIdOrMemberEpoch < 0) return errorCodes.NONE;
  return version >= 9 ? errorCodes.GROUP_ID_NOT_FOUND : errorCodes.ILLEGAL_GENERATION;
}

function commit(
  { groupId, retentionTimeMs }: Decoded<OffsetCommitRequest>,
  topic: string | undefined,
  partition: CommittedTopic['partitions'][number],
  refusal: number,
  context: HandlerContext,
): number {
  const { state } = context;
  if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_ID;
  if (state.partition(topic, partition.partitionIndex) === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  const failure = context.failureOf(topic, partition.partitionIndex) || refusal;
  if (failure !== 0) return failure;
  const metadata = partition.committedMetadata ?? '';
  if (metadata.length > state.configs.number('offset.metadata.max.bytes')) return errorCodes.OFFSET_METADATA_TOO_LARGE;
  const now = state.clock.wallTime();
  state.group(groupId).offsets.commit(topic, partition.partitionIndex, {
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata,
    committedAt: now,
    ...(retentionTimeMs !== brokersRetention && { expiresAt: now + retentionTimeMs }),
  });
  return errorCodes.NONE;
}
