import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { reassignPartition, type Reassigned } from '../topics/reassign-partition.ts';

/** Moves partitions to other replicas, or takes a move back (KIP-455). */
export const alterPartitionReassignmentsHandler = defineHandler(apis.alterPartitionReassignments, (request, context) => {
  const { version, failureOf } = context;
  // Before version 1 a change of the number of replicas was not to be kept away (KIP-860).
  const allowReplicationFactorChange = version < 1 || request.allowReplicationFactorChange;
  const failure = failureOf();
  return {
    throttleTimeMs: 0,
    allowReplicationFactorChange,
    errorCode: failure,
    errorMessage: request.topics.length === 0 ? '' : null,
    responses: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, replicas }) => ({
        partitionIndex,
        ...reassign(name, partitionIndex, replicas, allowReplicationFactorChange, context),
      })),
    })),
  };
});

function reassign(topic: string, index: number, replicas: readonly number[] | null, allow: boolean, context: HandlerContext): Reassigned {
  const { state } = context;
  const failure = context.failureOf(topic, index);
  if (failure !== 0) return { errorCode: failure, errorMessage: null };
  const partition = state.partition(topic, index);
  if (partition !== undefined) return reassignPartition(partition, replicas, { allowReplicationFactorChange: allow, state });
  const errorMessage = state.topics.has(topic) ? `Unable to find partition ${topic}:${index}.` : `Unable to find a topic named ${topic}.`;
  return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
}
