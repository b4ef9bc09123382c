import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { cordonedLogDirsOf, logDirsOf, moveToDir } from '../topics/log-dirs.ts';

/** The suffix of the folder of a partition that is being moved makes long names too long (KAFKA-4893). */
const longestName = 255 - '-0.'.length - 32 - '-future'.length;

/** Moves this broker's copies of partitions to other folders of its own (KIP-113). */
export const alterReplicaLogDirsHandler = defineHandler(apis.alterReplicaLogDirs, (request, context) => {
  // The last folder that a request names for a partition holds.
  const wanted = new Map<string, Map<number, string>>();
  for (const { path, topics } of request.dirs) {
    for (const { name, partitions } of topics) {
      const ofTopic = wanted.get(name) ?? new Map<number, string>();
      for (const index of partitions) ofTopic.set(index, path);
      wanted.set(name, ofTopic);
    }
  }
  return {
    throttleTimeMs: 0,
    results: [...wanted].map(([topicName, partitions]) => ({
      topicName,
      partitions: [...partitions].map(([partitionIndex, dir]) => ({
        partitionIndex,
        errorCode: move(topicName, partitionIndex, dir, context),
      })),
    })),
  };
});

function move(topic: string, index: number, dir: string, context: HandlerContext): number {
  const { state, brokerId } = context;
  const failure = context.failureOf(topic, index);
  if (failure !== 0) return failure;
  if (topic.length > longestName) return errorCodes.INVALID_TOPIC_EXCEPTION;
  if (!logDirsOf(state, brokerId).includes(dir)) return errorCodes.LOG_DIR_NOT_FOUND;
  if (cordonedLogDirsOf(state, brokerId).includes(dir)) return errorCodes.INVALID_REPLICA_ASSIGNMENT;
  const partition = state.partition(topic, index);
  if (partition === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (!partition.replicas.includes(brokerId)) {
    partition.dirs.set(brokerId, { current: dir }); // for the day when it gets this replica
    return errorCodes.REPLICA_NOT_AVAILABLE;
  }
  moveToDir(partition, brokerId, dir, state);
  return errorCodes.NONE;
}
