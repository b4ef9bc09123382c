import { apis, decompressSync, readBatches, readRecords, RecordBatchBuilder } from '@tskafka/core/protocol';
import type {
  Decoded,
  FetchResponse,
  HeaderToWrite,
  KafkaRecord,
  ProduceResponse,
  RecordBytes,
  OffsetFetchResponse,
} from '@tskafka/core/protocol';
import type { TestTopic } from './broker.ts';
import { until } from './until.ts';
import type { Wire } from './wire.ts';

/** One partition of one topic is what most rules are about: these requests ask about one, in any version, and give its part of the answer. */

type CloseOptions = Parameters<RecordBatchBuilder['close']>[0];

export interface RecordToWrite {
  readonly key?: RecordBytes | null;
  readonly value?: RecordBytes | null;
  readonly headers?: readonly HeaderToWrite[];
  /** Default: now. */
  readonly timestamp?: number;
}

/** A record batch as a producer sends it. */
export function batchOf(records: readonly RecordToWrite[], options?: CloseOptions): Buffer {
  const builder = new RecordBatchBuilder(Infinity);
  for (const { key = null, value = null, headers = [], timestamp = Date.now() } of records) builder.append(key, value, headers, timestamp);
  return builder.close(options);
}

/** A batch of records with these values. */
export function batchOfValues(...values: string[]): Buffer {
  return batchOf(values.map((value) => ({ value })));
}

/** An id for an idempotent producer. A real node asks the controller for some when it is first asked, and has none meanwhile. */
export async function newProducer(wire: Wire): Promise<{ readonly producerId: number; readonly producerEpoch: number }> {
  let producer = { producerId: -1, producerEpoch: -1 };
  await until('a producer id is given', async () => {
    const answer = await wire.send(apis.initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 60_000 });
    producer = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
    return answer.errorCode === 0;
  });
  return producer;
}

export interface ProduceFields {
  readonly partition?: number;
  readonly acks?: number;
  readonly transactionalId?: string;
}

function produceRequest(topic: TestTopic, records: Uint8Array | null, { partition = 0, acks = -1, transactionalId }: ProduceFields) {
  const partitionData = [{ index: partition, records }];
  return { transactionalId, acks, timeoutMs: 10_000, topicData: [{ name: topic.name, topicId: topic.id, partitionData }] };
}

type ProducedPartition = Decoded<ProduceResponse>['responses'][number]['partitionResponses'][number];

export async function produceTo(
  wire: Wire,
  version: number,
  topic: TestTopic,
  records: Uint8Array | null,
  fields: ProduceFields = {},
): Promise<ProducedPartition> {
  const answer = await wire.send(apis.produce, version, produceRequest(topic, records, fields));
  return answer.responses[0]!.partitionResponses[0]!;
}

/** Appends a batch for a test that is about something else; gives the offset of its first record. */
export async function append(wire: Wire, topic: TestTopic, records: Uint8Array, fields: ProduceFields = {}): Promise<number> {
  const { errorCode, errorMessage, baseOffset } = await produceTo(wire, 9, topic, records, fields);
  if (errorCode !== 0) throw new Error(`appending to ${topic.name}: error ${errorCode} ${errorMessage}`);
  return baseOffset;
}

/** Produces with acks 0, which has no answer. */
export function produceUnanswered(wire: Wire, version: number, topic: TestTopic, records: Uint8Array): void {
  wire.sendOnly(apis.produce, version, produceRequest(topic, records, { acks: 0 }));
}

export interface FetchFields {
  readonly partition?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly readCommitted?: boolean;
  readonly leaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
  readonly rackId?: string;
}

export type FetchedPartition = Decoded<FetchResponse>['responses'][number]['partitions'][number];

export async function fetchFrom(
  wire: Wire,
  version: number,
  topic: TestTopic,
  offset: number,
  fields: FetchFields = {},
): Promise<FetchedPartition> {
  const { partition = 0, maxWaitMs = 0, minBytes = 0, maxBytes = 50_000_000, partitionMaxBytes = 1_000_000 } = fields;
  const epochs = { currentLeaderEpoch: fields.leaderEpoch ?? -1, lastFetchedEpoch: fields.lastFetchedEpoch ?? -1 };
  const asked = { partition, fetchOffset: offset, partitionMaxBytes, ...epochs };
  const answer = await wire.send(apis.fetch, version, {
    ...{ maxWaitMs, minBytes, maxBytes, isolationLevel: fields.readCommitted === true ? 1 : 0, rackId: fields.rackId ?? '' },
    topics: [{ topic: topic.name, topicId: topic.id, partitions: [asked] }],
  });
  if (answer.errorCode !== 0) throw new Error(`Fetch version ${version}: error ${answer.errorCode}`);
  return answer.responses[0]!.partitions[0]!;
}

/** The records in a fetched partition, from this offset on: a batch is delivered whole, also when the fetch began inside it. */
export function recordsOf(partition: FetchedPartition, fromOffset = 0): KafkaRecord[] {
  const batches = readBatches(partition.records ?? Buffer.alloc(0)).filter((batch) => !batch.isControl);
  return batches.flatMap((batch) => readRecords(batch, decompressSync(batch))).filter((record) => record.offset >= fromOffset);
}

export function valuesOf(partition: FetchedPartition, fromOffset = 0): (string | undefined)[] {
  return recordsOf(partition, fromOffset).map((record) => record.value?.toString());
}

/** The offset for a time, or for Kafka's special times: -1 the end, -2 the start, -3 the largest timestamp, ... */
export async function offsetAt(
  wire: Wire,
  version: number,
  topic: TestTopic,
  timestamp: number,
  fields: { partition?: number; isolationLevel?: number; leaderEpoch?: number } = {},
) {
  const { partition = 0, isolationLevel = 0, leaderEpoch = -1 } = fields;
  const partitions = [{ partitionIndex: partition, timestamp, currentLeaderEpoch: leaderEpoch }];
  const answer = await wire.send(apis.listOffsets, version, {
    replicaId: -1,
    isolationLevel,
    topics: [{ name: topic.name, partitions }],
    timeoutMs: 10_000,
  });
  return answer.topics[0]!.partitions[0]!;
}

export interface CommitFields {
  readonly partition?: number;
  readonly metadata?: string | null;
  readonly leaderEpoch?: number;
  readonly generation?: number;
  readonly memberId?: string;
}

/** Commits an offset, and gives the error code. */
export async function commit(
  wire: Wire,
  version: number,
  group: string,
  topic: TestTopic,
  offset: number,
  fields: CommitFields = {},
): Promise<number> {
  const { partition = 0, metadata = '', leaderEpoch = -1, generation = -1, memberId = '' } = fields;
  const partitions = [
    { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch, committedMetadata: metadata },
  ];
  const answer = await wire.send(apis.offsetCommit, version, {
    groupId: group,
    generationIdOrMemberEpoch: generation,
    memberId,
    topics: [{ name: topic.name, topicId: topic.id, partitions }],
  });
  return answer.topics[0]!.partitions[0]!.errorCode;
}

type CommittedPartition = Decoded<OffsetFetchResponse>['groups'][number]['topics'][number]['partitions'][number];

/** What the group committed for one partition. */
export async function committed(wire: Wire, version: number, group: string, topic: TestTopic, partition = 0): Promise<CommittedPartition> {
  const topics = [{ name: topic.name, topicId: topic.id, partitionIndexes: [partition] }];
  if (version >= 8) {
    const answer = await wire.send(apis.offsetFetch, version, { groups: [{ groupId: group, topics }] });
    return answer.groups[0]!.topics[0]!.partitions[0]!;
  }
  const answer = await wire.send(apis.offsetFetch, version, { groupId: group, topics });
  return answer.topics[0]!.partitions[0]!;
}
