import { batchOf } from '../../requests.ts';
import type { TestTopic } from '../../broker.ts';

/** Requests of several families. */

/** A topic that nobody has. */
export const nowhere: TestTopic = { name: 'fidelity-nowhere', id: 'AQIDBAUGBwgJCgsMDQ4PEA' };

/** The time of the records: that of a batch must be the same on both sides. */
export const recordTime = 1_000_000;

/** A batch of records with these values. */
export const valuesBatch = (...values: string[]): Buffer => batchOf(values.map((value) => ({ value, timestamp: recordTime })));

export function produceRequest(
  topic: TestTopic,
  records: Uint8Array | null,
  { partition = 0, acks = -1, transactionalId = null as string | null } = {},
) {
  const partitionData = [{ index: partition, records }];
  return { transactionalId, acks, timeoutMs: 10_000, topicData: [{ name: topic.name, topicId: topic.id, partitionData }] };
}

export interface FetchFields {
  readonly partition?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly isolationLevel?: number;
  readonly leaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

export function fetchRequest(topic: TestTopic, fetchOffset: number, fields: FetchFields = {}) {
  const { partition = 0, maxBytes = 50_000_000, partitionMaxBytes = 1_000_000, isolationLevel = 0 } = fields;
  const { leaderEpoch = -1, lastFetchedEpoch = -1 } = fields;
  const asked = { partition, fetchOffset, partitionMaxBytes, currentLeaderEpoch: leaderEpoch, lastFetchedEpoch };
  return { maxWaitMs: 0, minBytes: 0, maxBytes, isolationLevel, topics: [{ topic: topic.name, topicId: topic.id, partitions: [asked] }] };
}

export function listOffsetsRequest(topic: TestTopic, timestamp: number, { partition = 0, leaderEpoch = -1, isolationLevel = 0 } = {}) {
  const partitions = [{ partitionIndex: partition, timestamp, currentLeaderEpoch: leaderEpoch }];
  return { replicaId: -1, isolationLevel, topics: [{ name: topic.name, partitions }], timeoutMs: 10_000 };
}

export interface CommitFields {
  readonly partition?: number;
  readonly metadata?: string | null;
  readonly generation?: number;
  readonly memberId?: string;
  readonly leaderEpoch?: number;
}

export function commitRequest(groupId: string, topic: TestTopic, committedOffset: number, fields: CommitFields = {}) {
  const { partition = 0, metadata = 'meta', generation = -1, memberId = '', leaderEpoch = -1 } = fields;
  const asked = { partitionIndex: partition, committedOffset, committedLeaderEpoch: leaderEpoch, committedMetadata: metadata };
  return {
    ...{ groupId, generationIdOrMemberEpoch: generation, memberId },
    topics: [{ name: topic.name, topicId: topic.id, partitions: [asked] }],
  };
}

/** Asks for what groups have committed: for one group before version 8, for several from then on. */
export function committedRequest(version: number, groupId: string, topics: readonly TestTopic[] | null, partitionIndexes = [0, 1]) {
  const asked = topics?.map(({ name, id }) => ({ name, topicId: id, partitionIndexes })) ?? null;
  return version >= 8 ? { groups: [{ groupId, topics: asked }] } : { groupId, topics: asked };
}
