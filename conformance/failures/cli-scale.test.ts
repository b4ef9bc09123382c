import { alterGroupOffsets, KafkaClient, valuesOf } from '@tskafka/core';
import { MockCluster } from '@tskafka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, tskafka } from '../programs/tskafka.ts';

/** A large cluster: how many requests a command needs must grow with the brokers, and not with what they have. */
describe('1,000 topics, 10,000 partitions and 500 groups', () => {
  const groups = Array.from({ length: 500 }, (_, i) => `group-${String(i).padStart(3, '0')}`);
  let cluster: MockCluster;
  let brokers: string;

  beforeAll(async () => {
    const topics = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`topic-${String(i).padStart(3, '0')}`, 10]));
    cluster = await MockCluster.start({ topics, requestLogSize: 100_000 });
    brokers = (await cluster.listen()).brokers.join(',');
    await using client = await KafkaClient.connect({ brokers });
    for (const [i, group] of groups.entries()) {
      const places = Array.from({ length: 10 }, (_, partition) => ({
        topic: `topic-${String(i * 2).padStart(3, '0')}`,
        partition,
        offset: 0,
      }));
      valuesOf(await alterGroupOffsets(client, group, places));
    }
  });
  afterAll(() => cluster.close());

  it.each<[string, number, Record<string, number>]>([
    ['topics', 1000, { ListOffsets: 6 }],
    ['groups', 500, { ListGroups: 3, ConsumerGroupDescribe: 3, DescribeGroups: 3, OffsetFetch: 3, FindCoordinator: 4, ListOffsets: 3 }],
    ['groups --brief', 500, { ListGroups: 3 }],
    ['lag', 500, { ListGroups: 3, ConsumerGroupDescribe: 3, DescribeGroups: 3, OffsetFetch: 3, FindCoordinator: 4, ListOffsets: 3 }],
    ['log-dirs', 3, { DescribeLogDirs: 3 }],
    ['log-dirs topic-000', 30, { DescribeLogDirs: 3 }],
    ['topics --only under-replicated', 0, { DescribeConfigs: 1 }],
  ])('%s', async (command, rows, most) => {
    const before = cluster.requests().length;
    const { stdout, stderr, code } = await tskafka(`${command} --json --timeout 60s`, { brokers });
    expect({ rows: jsonLines(stdout).length, code, stderr: stderr.includes('error') }).toEqual({ rows, code: 0, stderr: false });
    const counts: Record<string, number> = {};
    for (const { api } of cluster.requests().slice(before)) counts[api] = (counts[api] ?? 0) + 1;
    // What every connection begins with, and the metadata of all topics.
    const { ApiVersions = 0, Metadata = 0, DescribeTopicPartitions = 0, DescribeCluster = 0, ...others } = counts;
    expect(ApiVersions).toBeLessThanOrEqual(16);
    expect(Metadata + DescribeCluster).toBeLessThanOrEqual(12);
    expect(DescribeTopicPartitions).toBeLessThanOrEqual(6);
    for (const [api, count] of Object.entries(others)) expect({ api, count }).toEqual({ api, count: Math.min(count, most[api] ?? 0) });
  });
});
