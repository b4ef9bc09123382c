import { apis, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

describe('topics', () => {
  it.each([
    ['null is all', 12, null, ['a', 'b']],
    ['none is none', 12, [], []],
    ['none is all in version 0', 0, [], ['a', 'b']],
    ['those that are named, once each', 12, named('b', 'b'), ['b']],
  ])('%s', async (_rule, version, topics, expected) => {
    const client = await connect(await MockCluster.start({ topics: { a: 1, b: 1 } }));
    const answer = await client.send(apis.metadata, version, { topics });
    expect(answer.topics.map(({ name }) => name)).toEqual(expected);
  });

  it('by id', async () => {
    const cluster = await MockCluster.start({ topics: { a: 1 } });
    const client = await connect(cluster);
    const asked = [cluster.topic('a').id, 'AAAAAAAAAAAAAAAAAAAAAQ'].map((topicId) => ({ topicId, name: null }));
    const { topics } = await client.send(apis.metadata, 12, { topics: asked });
    expect(topics).toMatchObject([
      { errorCode: 0, name: 'a' },
      { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
    ]);
  });

  it('a bad name is refused', async () => {
    const client = await connect(await MockCluster.start());
    const { topics } = await client.send(apis.metadata, 12, { topics: named('a b') });
    expect(topics).toMatchObject([{ errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, topicId: zeroUuid }]);
  });
});

describe('a topic that is missing', () => {
  it.each([
    ['is created when it is asked for', true, true, 0],
    ['is not created when it is not asked for', true, false, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
    ['is not created when the cluster does not', false, true, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
  ])('%s', async (_rule, autoCreateTopics, allowAutoTopicCreation, errorCode) => {
    const cluster = await MockCluster.start({ autoCreateTopics, configs: { 'num.partitions': '2' } });
    const client = await connect(cluster);
    const { topics } = await client.send(apis.metadata, 12, { topics: named('new'), allowAutoTopicCreation });
    expect(topics).toMatchObject([{ errorCode, name: 'new' }]);
    expect(cluster.topicNames).toEqual(errorCode === 0 ? ['new'] : []);
    if (errorCode === 0) expect(topics[0]!.partitions).toHaveLength(2);
  });

  it('is not created by asking for all', async () => {
    const cluster = await MockCluster.start();
    await (await connect(cluster)).send(apis.metadata, 12, { topics: null });
    expect(cluster.topicNames).toEqual([]);
  });
});

describe('a broker that is down', () => {
  it('is no longer told, and its partitions have other leaders of a newer epoch', async () => {
    const cluster = await MockCluster.start({ topics: { orders: 1 } });
    const client = await connect(cluster, 2);
    await cluster.broker(1).down();
    const { brokers, topics } = await client.send(apis.metadata, 12, { topics: named('orders') });
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3]);
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 2, leaderEpoch: 1, isrNodes: [2, 3], offlineReplicas: [1] });
  });

  it('leaves a partition of its own without a leader', async () => {
    const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
    const client = await connect(cluster, 2);
    await cluster.broker(1).down();
    const { topics } = await client.send(apis.metadata, 12, { topics: named('orders') });
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: errorCodes.LEADER_NOT_AVAILABLE, leaderId: -1, isrNodes: [] });
    await cluster.broker(1).up();
    const after = await client.send(apis.metadata, 12, { topics: named('orders') });
    expect(after.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 2 });
  });
});

it('DescribeTopicPartitions gives pages, and the cursor of the next', async () => {
  const client = await connect(await MockCluster.start({ topics: { b: 2, a: 3 } }));
  const pages: string[][] = [];
  let cursor: Cursor | null = null;
  do {
    const page: { topics: { name: string | null; partitions: { partitionIndex: number }[] }[]; nextCursor: Cursor | null } =
      await client.send(apis.describeTopicPartitions, 0, { topics: [], responsePartitionLimit: 2, cursor });
    pages.push(page.topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`)));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(pages).toEqual([['a-0', 'a-1'], ['a-2', 'b-0'], ['b-1']]);
});

interface Cursor {
  topicName: string;
  partitionIndex: number;
}
