import { apis } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { isReassigning } from '../topics/reassignment.ts';

/** The partitions that are on their way to other replicas: all, or those among the named ones. */
export const listPartitionReassignmentsHandler = defineHandler(apis.listPartitionReassignments, (request, { state, failureOf }) => {
  const asked = request.topics?.map(({ name, partitionIndexes }) => ({ topic: state.topics.get(name), indexes: partitionIndexes }));
  const topics = asked ?? [...state.topics.values()].map((topic) => ({ topic, indexes: undefined }));
  return {
    throttleTimeMs: 0,
    errorCode: failureOf(),
    errorMessage: null,
    topics: topics.flatMap(({ topic, indexes }) => {
      const known = indexes?.flatMap((index) => topic?.partitions[index] ?? []) ?? topic?.partitions ?? [];
      const partitions = known.filter(isReassigning).map(({ index, replicas, adding, removing }) => ({
        partitionIndex: index,
        replicas,
        addingReplicas: adding,
        removingReplicas: removing,
      }));
      return partitions.length === 0 ? [] : [{ name: topic!.name, partitions }];
    }),
  };
});
