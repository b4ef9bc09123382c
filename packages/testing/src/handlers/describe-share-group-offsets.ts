import {
  apis,
  type Decoded,
  type DescribeShareGroupOffsetsRequest,
  type DescribeShareGroupOffsetsResponse,
  errorCodes,
  zeroUuid,
} from '@tskafka/core/protocol';
import { groupCoordinatorError } from '../groups/group-coordinator.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { shareLag } from '../share/share-lag.ts';

type Asked = Decoded<DescribeShareGroupOffsetsRequest>['groups'][number];
type Described = DescribeShareGroupOffsetsResponse['groups'][number];
type Topic = Described['topics'][number];

const unexpected = 'The server experienced an unexpected error when processing the request.';
const unknown = { startOffset: -1, leaderEpoch: 0, lag: -1, errorCode: errorCodes.NONE, errorMessage: null };

/** Where share groups begin to read, and how many records they still have to be done with (KIP-932, KIP-1226). */
export const describeShareGroupOffsetsHandler = defineHandler(apis.describeShareGroupOffsets, (request, context) => ({
  throttleTimeMs: 0,
  groups: request.groups.map((group) => describe(group, context)),
}));

function describe({ groupId, topics }: Asked, context: HandlerContext): Described {
  const { state } = context;
  const nothing = { groupId, topics: [], errorCode: errorCodes.NONE, errorMessage: null };
  const failure = context.failureOf();
  if (failure !== 0) return { ...nothing, errorCode: failure };
  if (topics !== null && groupId === '') {
    // The share coordinators cannot make a key of it, and Kafka says no more than that (4.3.1).
    return { ...nothing, errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: unexpected };
  }
  if (topics !== null) {
    // Whoever is asked for certain topics asks the share coordinators itself, so that any broker can.
    const named = topics.map(({ topicName, partitions }): Topic => {
      const topicId = state.topics.get(topicName)?.id ?? zeroUuid;
      return { topicName, topicId, partitions: partitions.map((index) => describePartition(groupId, topicName, index, context)) };
    });
    return { ...nothing, topics: named };
  }
  const error = groupCoordinatorError(groupId, context);
  if (error === errorCodes.NOT_COORDINATOR) return { ...nothing, errorCode: error, errorMessage: 'This is not the correct coordinator.' };
  if (error !== 0) return { ...nothing, errorCode: error, errorMessage: 'The coordinator is not available.' };
  const all = [...state.shareStates.partitionsOf(groupId)].flatMap(([topicId, partitions]): Topic[] => {
    const topic = state.topicById(topicId);
    if (topic === undefined) return [];
    const described = [...partitions.keys()].map((index) => describePartition(groupId, topic.name, index, context));
    return [{ topicName: topic.name, topicId, partitions: described }];
  });
  return { ...nothing, topics: all };
}

function describePartition(groupId: string, topicName: string, index: number, { state }: HandlerContext): Topic['partitions'][number] {
  const partition = state.partition(topicName, index);
  const stored = partition && state.shareStates.get(groupId, partition.topic.id, index);
  if (stored === undefined) return { partitionIndex: index, ...unknown };
  const { startOffset, leaderEpoch } = stored;
  const lag = shareLag(stored, partition!.log.highWatermark) ?? -1;
  return { partitionIndex: index, ...unknown, startOffset, leaderEpoch, lag };
}
