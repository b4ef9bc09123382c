import { apis, type DescribeProducersResponse, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { invalidTopicName } from '../topics/topic-name.ts';

type PartitionResponse = DescribeProducersResponse['topics'][number]['partitions'][number];

/** What partitions remember of their producers (KIP-664). Followers know it too. */
export const describeProducersHandler = defineHandler(apis.describeProducers, (request, context) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => describe(name, partitionIndex, context)),
  })),
}));

function describe(topic: string, partitionIndex: number, { state, brokerId, failureOf }: HandlerContext): PartitionResponse {
  const failed = (errorCode: number, errorMessage: string | null = null): PartitionResponse => ({
    ...{ partitionIndex, errorCode, errorMessage, activeProducers: [] },
  });
  const failure = failureOf(topic, partitionIndex);
  if (failure !== 0) return failed(failure);
  const invalid = invalidTopicName(topic);
  if (invalid !== undefined) return failed(errorCodes.INVALID_TOPIC_EXCEPTION, invalid);
  if (!state.topics.has(topic)) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  const partition = state.partition(topic, partitionIndex);
  if (partition === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  if (!partition.replicas.includes(brokerId)) return failed(errorCodes.NOT_LEADER_OR_FOLLOWER);
  const activeProducers = [...partition.log.producers].map(([producerId, known]) => ({
    producerId,
    producerEpoch: known.epoch,
    lastSequence: known.batches.at(-1)?.lastSequence ?? -1,
    lastTimestamp: known.lastTimestamp,
    coordinatorEpoch: known.coordinatorEpoch,
    currentTxnStartOffset: known.transactionStart ?? -1,
  }));
  return { partitionIndex, errorCode: errorCodes.NONE, errorMessage: null, activeProducers };
}
