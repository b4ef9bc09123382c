import { apis, readBatches, readRecords, RecordBatchBuilder } from '@tskafka/core/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { TestClient } from './test-client.ts';

let cluster: MockCluster;
let client: TestClient;

beforeEach(async () => {
  cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
  client = await TestClient.connect(cluster.transport, cluster.brokers[0]!);
});

afterEach(() => cluster.close());

function batchOf(...values: string[]): Buffer {
  const builder = new RecordBatchBuilder();
  for (const value of values) builder.append(null, value, [], 1000);
  return builder.close();
}

describe('a producer and a consumer on the bytes', () => {
  it('finds, with Metadata, the topic and its leader at an address that the transport reaches', async () => {
    const metadata = await client.send(apis.metadata, 12, { topics: null });
    const [topic] = metadata.topics;
    expect(metadata.brokers).toEqual([{ nodeId: 1, host: 'mock-1', port: 9092, rack: null }]);
    expect(topic).toMatchObject({ errorCode: 0, name: 'orders', partitions: [{ errorCode: 0, leaderId: 1, leaderEpoch: 0 }] });
    expect(topic?.topicId).toHaveLength(22);
  });

  it('fetches what was produced', async () => {
    const produced = await client.send(apis.produce, 9, {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf('a', 'b') }] }],
    });
    expect(produced.responses[0]!.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0, logStartOffset: 0 });
    const fetched = await client.send(apis.fetch, 11, {
      maxWaitMs: 0,
      minBytes: 1,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
    });
    const partition = fetched.responses[0]!.partitions[0]!;
    expect(partition).toMatchObject({ errorCode: 0, highWatermark: 2, logStartOffset: 0 });
    const [batch] = readBatches(partition.records!);
    expect(readRecords(batch!, batch!.records).map(({ value }) => String(value))).toEqual(['a', 'b']);
  });
});
