import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import { type AcknowledgementBatch, acknowledgeType } from './acknowledge.ts';

/** What a request says of the records of one partition. */
export interface PartitionAcknowledgements {
  readonly topicId: string;
  readonly partition: number;
  readonly batches: readonly AcknowledgementBatch[];
}

/** What became of it. */
export interface AcknowledgeResult {
  readonly topicId: string;
  /** undefined when nobody knows the id. */
  readonly topic: string | undefined;
  readonly partition: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

interface Acknowledging {
  readonly groupId: string;
  readonly memberId: string;
  /** Whether the request says that it renews locks (KIP-1222). */
  readonly renews: boolean;
}

/** Acknowledges the records of each partition by itself: one that is refused leaves the others alone. */
export function acknowledgePartitions(
  partitions: readonly PartitionAcknowledgements[],
  { groupId, memberId, renews }: Acknowledging,
  context: HandlerContext,
): AcknowledgeResult[] {
  const { state, metadata, brokerId } = context;
  const newestType = context.version >= 2 ? acknowledgeType.renew : acknowledgeType.reject;
  let acknowledgesAny = false;
  const results = partitions.map((asked) => {
    const { topicId, partition, batches } = asked;
    const topic = metadata.topicNameOf(topicId);
    const result = (errorCode: number, errorMessage: string | null = null): AcknowledgeResult => ({
      ...{ topicId, topic, partition },
      ...{ errorCode, errorMessage },
    });
    if (topic === undefined) return result(errorCodes.UNKNOWN_TOPIC_ID);
    if (!areValid(batches, newestType, renews)) return result(errorCodes.INVALID_REQUEST);
    if (!context.access.may('read', 'topic', topic)) return result(errorCodes.TOPIC_AUTHORIZATION_FAILED);
    if (state.partition(topic, partition) === undefined) return result(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    const failure = context.failureOf(topic, partition);
    if (failure !== 0) return result(failure);
    if (batches.length === 0) return result(errorCodes.NONE);
    acknowledgesAny = true;
    const broker = state.shareBroker(brokerId);
    const share = broker.loaded(groupId, asked);
    if (share === undefined) return result(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
    const error = share.acknowledge(memberId, batches);
    if (error === undefined) return result(errorCodes.NONE);
    broker.dropIfLost(groupId, asked, error);
    return result(error.code, error.message);
  });
  // Partitions of which nothing is said are named beside others only (Kafka 4.3.1).
  return acknowledgesAny ? results : results.filter(({ errorCode }) => errorCode !== errorCodes.NONE);
}

/** Whether the batches follow each other, and each has one type for all of its offsets or for each. */
function areValid(batches: readonly AcknowledgementBatch[], newestType: number, renews: boolean): boolean {
  let end = -1;
  return batches.every(({ firstOffset, lastOffset, acknowledgeTypes: types }) => {
    if (firstOffset > lastOffset || firstOffset < end || types.length === 0) return false;
    if (types.length > 1 && types.length !== lastOffset - firstOffset + 1) return false;
    end = lastOffset;
    return types.every((type) => type >= 0 && type <= newestType && (type !== acknowledgeType.renew || renews));
  });
}
