import {
  apis,
  type Decoded,
  type FetchRequest,
  type FetchResponse,
  type ProduceResponse,
  readBatches,
  readRecords,
  RecordBatchBuilder,
  setProducer,
} from '@tskafka/core/protocol';
import type { TestClient } from './test-client.ts';

/** A batch of records with these values. */
export function batchOf(values: readonly string[], { timestamp = 1_700_000_000_000 } = {}): Buffer {
  const builder = new RecordBatchBuilder();
  for (const value of values) builder.append(null, value, [], timestamp);
  return builder.close();
}

/** A batch of an idempotent producer. */
export function sequenced(batch: Buffer, producerId: number, baseSequence: number, producerEpoch = 0): Buffer {
  setProducer(batch, { producerId, producerEpoch, baseSequence });
  return batch;
}

type ProducedPartition = Decoded<ProduceResponse>['responses'][number]['partitionResponses'][number];

/** Produces a batch to partition 0, or another, and gives the partition's answer. */
export async function produce(
  client: TestClient,
  topic: string,
  records: Buffer,
  { acks = -1, partition = 0, version = 11 } = {},
): Promise<ProducedPartition> {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records }] }];
  const { responses } = await client.send(apis.produce, version, { acks, timeoutMs: 1000, topicData });
  return responses[0]!.partitionResponses[0]!;
}

type FetchOptions = Partial<Omit<FetchRequest, 'topics'>> & { readonly partition?: number; readonly currentLeaderEpoch?: number };
type FetchedPartition = Decoded<FetchResponse>['responses'][number]['partitions'][number];

/** Fetches from one partition, and gives its answer. */
export async function fetch(client: TestClient, topic: string, fetchOffset: number, options: FetchOptions = {}): Promise<FetchedPartition> {
  const { partition = 0, currentLeaderEpoch = -1, ...request } = options;
  const { responses } = await client.send(apis.fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    ...request,
    topics: [{ topic, partitions: [{ partition, fetchOffset, currentLeaderEpoch, partitionMaxBytes: 1_000_000 }] }],
  });
  return responses[0]!.partitions[0]!;
}

/** The values of the records in the answer of a fetch. */
export function valuesOf({ records }: Pick<FetchedPartition, 'records'>): string[] {
  return readBatches(records ?? Buffer.alloc(0)).flatMap((batch) => readRecords(batch, batch.records).map(({ value }) => String(value)));
}
