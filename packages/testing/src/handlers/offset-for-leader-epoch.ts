import { apis, type Decoded, errorCodes, type OffsetForLeaderEpochRequest } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { endOffsetForEpoch } from '../log/leader-epochs.ts';

type Asked = Decoded<OffsetForLeaderEpochRequest>['topics'][number]['partitions'][number];

/** Where a leader epoch ended: a consumer sees by it whether its position was truncated (KIP-320). */
export const offsetForLeaderEpochHandler = defineHandler(apis.offsetForLeaderEpoch, (request, context) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => ({ partition: asked.partition, ...answer(topic, asked, context) })),
  })),
}));

function answer(topic: string, asked: Asked, context: HandlerContext): { errorCode: number; leaderEpoch: number; endOffset: number } {
  const failed = (errorCode: number) => ({ errorCode, leaderEpoch: -1, endOffset: -1 });
  const partition = context.state.partition(topic, asked.partition);
  if (partition === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const error = context.failureOf(topic, asked.partition) || partition.checkLeader(context.brokerId, asked.currentLeaderEpoch);
  if (error !== 0) return failed(error);
  const { epoch, endOffset } = endOffsetForEpoch(partition.log.epochs, asked.leaderEpoch, partition.log.endOffset);
  return { errorCode: errorCodes.NONE, leaderEpoch: epoch, endOffset };
}
