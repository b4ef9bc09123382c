import { apis, errorCodes } from '@tskafka/core/protocol';
import { topicConfig } from '../configs/configs.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

const upToHighWatermark = -1;

/** Removes what precedes an offset. */
export const deleteRecordsHandler = defineHandler(apis.deleteRecords, (request, context) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const result = remove(name, partitionIndex, offset, context);
      return typeof result === 'number'
        ? { partitionIndex, lowWatermark: -1, errorCode: result }
        : { partitionIndex, lowWatermark: result.startOffset, errorCode: errorCodes.NONE };
    }),
  })),
}));

/** The log afterwards, or the error code. */
function remove(topic: string, index: number, asked: number, context: HandlerContext): number | { readonly startOffset: number } {
  const { state } = context;
  const partition = state.partition(topic, index);
  if (partition === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  const failure = context.failureOf(topic, index);
  if (failure !== 0) return failure;
  if (partition.topic.internal) return errorCodes.INVALID_TOPIC_EXCEPTION;
  if (partition.leader !== context.brokerId) return errorCodes.NOT_LEADER_OR_FOLLOWER;
  const policy = topicConfig('cleanup.policy', partition.topic.configs, state.configs);
  if (policy.includes('compact') && !policy.includes('delete')) return errorCodes.POLICY_VIOLATION;
  const { log } = partition;
  const offset = asked === upToHighWatermark ? log.highWatermark : asked;
  if (offset < 0 || offset > log.highWatermark) return errorCodes.OFFSET_OUT_OF_RANGE;
  log.deleteBefore(offset);
  return log;
}
