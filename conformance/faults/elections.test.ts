import { afterAll, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, valuesOf } from '../requests.ts';
import { until } from '../until.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const [preferred, unclean] = [0, 1] as const;
const elect = async (electionType: number, topic: string) => {
  const topicPartitions = [{ topic, partitions: [0] }];
  const { replicaElectionResults } = await wire.send(apis.electLeaders, 2, { electionType, topicPartitions, timeoutMs: 10_000 });
  const { errorCode, errorMessage } = replicaElectionResults[0]!.partitionResult[0]!;
  return { errorCode, errorMessage };
};
const partitionOf = async (name: string) => {
  const { topics } = await wire.send(apis.describeTopicPartitions, 0, { topics: [{ name }], cursor: null });
  return topics[0]!.partitions[0]!;
};

it('a partition without its only replica has no leader, and nobody to elect; it remembers who may lead (KIP-966)', async () => {
  const only = await broker.createTopic({ assignments: [[3]] });
  const led = await broker.createTopic({ assignments: [[3, 1]], configs: { 'min.insync.replicas': '2' } });
  await append(await broker.leaderWire(only), only, batchOfValues('kept'));
  await broker.kill(3);
  await until('it has no leader', async () => (await partitionOf(only.name)).leaderId === -1);
  expect(await partitionOf(only.name)).toMatchObject({
    ...{ errorCode: code.none, replicaNodes: [3], isrNodes: [], eligibleLeaderReplicas: [3], offlineReplicas: [3] },
  });
  expect(await elect(preferred, only.name)).toEqual({
    errorCode: code.preferredLeaderNotAvailable,
    errorMessage: 'The preferred leader was not available.',
  });
  expect(await elect(unclean, only.name)).toEqual({
    errorCode: code.eligibleLeadersNotAvailable,
    errorMessage: 'Eligible topic partition leaders are not available.',
  });
  // Fewer are in sync than the topic asks for.
  await until('broker 1 leads', async () => (await partitionOf(led.name)).leaderId === 1);
  expect(await partitionOf(led.name)).toMatchObject({ isrNodes: [1], eligibleLeaderReplicas: [3], offlineReplicas: [3] });
  expect(await elect(preferred, led.name)).toMatchObject({ errorCode: code.preferredLeaderNotAvailable });

  await broker.restart(3);
  await until('all are in sync', async () => (await partitionOf(led.name)).isrNodes.length === 2);
  expect(await partitionOf(led.name)).toMatchObject({ leaderId: 1, eligibleLeaderReplicas: [] });
  expect(valuesOf(await fetchFrom(await broker.leaderWire(only), 12, only, 0))).toEqual(['kept']);
  expect(await partitionOf(only.name)).toMatchObject({ leaderId: 3, isrNodes: [3], eligibleLeaderReplicas: [], lastKnownElr: [] });
  expect(await elect(preferred, led.name)).toMatchObject({ errorCode: code.none });
  await until('broker 3 leads again', async () => (await partitionOf(led.name)).leaderId === 3);
});
