import { afterAll, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

type Cursor = { topicName: string; partitionIndex: number } | null;
const ask = (names: readonly string[], cursor: Cursor = null, responsePartitionLimit = 2000) =>
  wire.send(apis.describeTopicPartitions, 0, { topics: names.map((name) => ({ name })), responsePartitionLimit, cursor });

it('tells of partitions, with lists of eligible leaders that are not null', async () => {
  const topic = await broker.createTopic({ assignments: [[1], [broker.nodes]] });
  const { topics, nextCursor } = await ask([topic.name]);
  expect(nextCursor).toBeNull();
  // Java fails on null.
  const partition = { errorCode: code.none, leaderEpoch: 0, eligibleLeaderReplicas: [], lastKnownElr: [], offlineReplicas: [] };
  expect(topics).toMatchObject([
    {
      ...{ errorCode: code.none, name: topic.name, topicId: topic.id, isInternal: false },
      partitions: [
        { ...partition, partitionIndex: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1] },
        { ...partition, partitionIndex: 1, leaderId: broker.nodes, replicaNodes: [broker.nodes], isrNodes: [broker.nodes] },
      ],
    },
  ]);
  expect(topics[0]!.topicAuthorizedOperations).toBeGreaterThan(0);
});

it('gives pages, in the order of names', async () => {
  const prefix = broker.freshName('page');
  const b = await broker.createTopic({ prefix: `${prefix}-b`, partitions: 2 });
  const a = await broker.createTopic({ prefix: `${prefix}-a`, partitions: 3 });
  const pages: string[][] = [];
  let cursor: Cursor = null;
  do {
    const page: Awaited<ReturnType<typeof ask>> = await ask([b.name, a.name], cursor, 2);
    pages.push(
      page.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => `${name === a.name ? 'a' : 'b'}${partitionIndex}`),
      ),
    );
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(pages).toEqual([['a0', 'a1'], ['a2', 'b0'], ['b1']]);
});

it.each([
  ['a topic that is not there', broker.freshName('missing'), code.unknownTopicOrPartition],
  ['a name that no topic can have', 'a b', code.invalidTopic],
])('knows nothing of %s', async (_, name, errorCode) => {
  const { topics } = await ask([name]);
  expect(topics).toMatchObject([{ errorCode, name, topicId: zeroUuid, partitions: [] }]);
});
