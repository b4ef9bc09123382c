import type { ShareAcknowledgeRequest, ShareFetchRequest } from '@tskafka/core/protocol';
import type { SaidOfPartition } from './said.ts';
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

/** A fetch, with what is said of records that came before. */
export function shareFetchRequest(
  member: ShareMemberName,
  { epoch, added, forgotten }: SessionChange,
  said: readonly SaidOfPartition[],
  { maxWaitMs, minBytes, maxBytes, maxRecords, acquireMode }: ShareLimits,
): ShareFetchRequest {
  const batches = new Map(said.map((of) => [keyOf(of.partition), of.batches()]));
  const named = new Map<string, SharePartition>([...added, ...said.map(({ partition }) => partition)].map((of) => [keyOf(of), of]));
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
  said: readonly SaidOfPartition[],
): ShareAcknowledgeRequest {
  const entries = said.map((of) => ({ topicId: of.partition.topicId, of }));
  return {
    ...member,
    shareSessionEpoch,
    isRenewAck: said.some(({ renews }) => renews),
    topics: byTopicId(entries).map(({ topicId, entries: ofTopic }) => ({
      topicId,
      partitions: ofTopic.map(({ of }) => ({ partitionIndex: of.partition.partition, acknowledgementBatches: of.batches() })),
    })),
  };
}
