import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { type MarkerToWrite, writeMarker } from '../transactions/write-marker.ts';

/** Ends transactions in partitions. Coordinators send it to leaders, and administrators, to get rid of a hanging transaction (KIP-664). */
export const writeTxnMarkersHandler = defineHandler(apis.writeTxnMarkers, (request, context) => ({
  markers: request.markers.map(({ topics, transactionResult: committed, ...marker }) => ({
    producerId: marker.producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: context.failureOf(name, partitionIndex) || write(name, partitionIndex, { ...marker, committed }, context),
      })),
    })),
  })),
}));

function write(
  topic: string,
  index: number,
  marker: Omit<MarkerToWrite, 'transactionVersion'> & { transactionVersion?: number },
  context: HandlerContext,
): number {
  const { state, brokerId } = context;
  const partition = state.partition(topic, index);
  if (partition === undefined || !partition.replicas.includes(brokerId)) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (partition.leader !== brokerId) return errorCodes.NOT_LEADER_OR_FOLLOWER;
  if (marker.producerEpoch < 0) return errorCodes.UNKNOWN_SERVER_ERROR; // Kafka cannot make a batch of it
  return errorCodes[writeMarker(partition, { transactionVersion: 0, ...marker }, state)];
}
