import type { ShareAcknowledgeRequest, ShareFetchRequest } from '@tskafka/core/protocol';
import type { PartitionAcknowledgements } from './pending-acknowledgements.ts';
import { byTopicId, keyOf, type SharePartition } from './share-partition.ts';
import type { SessionChange } from './share-session.ts';

/** Whose requests they are. */
export interface ShareMemberName {
  readonly groupId: string;
  readonly memberId: string;
}

export interface ShareLimits {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** KIP-1206. */
  readonly acquireMode: 'batch_optimized' | 'record_limit';
}

/** Asks for nothing, but to begin or change the session. */
export const nothingAsked = { maxWaitMs: 0, minBytes: 0, maxBytes: 0, maxRecords: 0 };

/** A fetch, with acknowledgements of earlier records. */
export function shareFetchRequest(
  member: ShareMemberName,
  { epoch, added, forgotten }: SessionChange,
  acknowledgements: readonly PartitionAcknowledgements[],
  { maxWaitMs, minBytes, maxBytes, maxRecords, acquireMode }: ShareLimits,
): ShareFetchRequest {
  const batches = new Map(acknowledgements.map((of) => [keyOf(of.partition), of.batches()]));
  const named = new Map<string, SharePartition>(
    [...added, ...acknowledgements.map(({ partition }) => partition)].map((of) => [keyOf(of), of]),
  );
  return {
    ...member,
    shareSessionEpoch: epoch,
    ...{ maxWaitMs, minBytes, maxBytes, maxRecords, batchSize: maxRecords },
    shareAcquireMode: acquireMode === 'record_limit' ? 1 : 0,
    topics: byTopicId([...named.values()]).map(({ topicId, entries }) => ({
      topicId,
      partitions: entries.map((of) => ({ partitionIndex: of.partition, acknowledgementBatches: batches.get(keyOf(of)) ?? [] })),
    })),
    forgottenTopicsData: byTopicId(forgotten).map(({ topicId, entries }) => ({
      topicId,
      partitions: entries.map(({ partition }) => partition),
    })),
  };
}

export function shareAcknowledgeRequest(
  member: ShareMemberName,
  shareSessionEpoch: number,
  acknowledgements: readonly PartitionAcknowledgements[],
): ShareAcknowledgeRequest {
  const entries = acknowledgements.map((of) => ({ topicId: of.partition.topicId, of }));
  return {
    ...member,
    shareSessionEpoch,
    isRenewAck: acknowledgements.some(({ renews }) => renews),
    topics: byTopicId(entries).map(({ topicId, entries: ofTopic }) => ({
      topicId,
      partitions: ofTopic.map(({ of }) => ({ partitionIndex: of.partition.partition, acknowledgementBatches: of.batches() })),
    })),
  };
}
