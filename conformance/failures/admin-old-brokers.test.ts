import {
  describeApiVersions,
  describeCluster,
  describeTopics,
  type KafkaClient,
  listConfigResources,
  listOffsets,
  updateFeatures,
  valuesOf,
} from '@tskafka/core';
import type { MockClusterOptions } from '@tskafka/testing';
import { expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

async function clientOf(kafkaVersion: NonNullable<MockClusterOptions['kafkaVersion']>): Promise<KafkaClient> {
  const scene = await Scene.start({ kafkaVersion });
  onTestFinished(() => scene[Symbol.asyncDispose]());
  return scene.connect();
}

it('topics are described by metadata before 3.7, which knows of no eligible leader replicas', async () => {
  const client = await clientOf('3.6');
  const described = await describeTopics(client, ['orders', 'none'], { includeAuthorizedOperations: true });
  const [topic, none] = described.values();
  expect(topic).toMatchObject({ name: 'orders', isInternal: false });
  if (topic instanceof Error || topic === undefined) throw topic ?? new Error('there is no entry');
  expect(topic.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  expect(topic.partitions[0]).toMatchObject({ leader: expect.any(Number), eligibleLeaderReplicas: undefined });
  expect(topic.authorizedOperations).toContain('read');
  expect(none).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
  expect([...valuesOf(await describeTopics(client, 'all')).keys()]).toEqual(['orders']);
});

it('before 2.3 nothing is told of what may be done, and before 2.8 topics have no ids', async () => {
  const client = await clientOf('2.2');
  const topic = valuesOf(await describeTopics(client, ['orders'], { includeAuthorizedOperations: true })).get('orders')!;
  expect(topic).toMatchObject({ id: undefined, authorizedOperations: undefined });
  await expect(describeTopics(client, [{ id: 'abcdefghijklmnopqrstuw' }])).rejects.toMatchObject({ name: 'UnsupportedVersionError' });
});

it('the cluster is described by metadata before 2.8', async () => {
  const client = await clientOf('2.7');
  const cluster = await describeCluster(client, { includeAuthorizedOperations: true });
  expect(cluster).toMatchObject({ clusterId: client.clusterId, controllerId: expect.any(Number) });
  expect(cluster.brokers).toMatchObject(client.brokers.map((node) => ({ ...node, isFenced: false })));
  expect(cluster.authorizedOperations).toContain('describe');
  await expect(describeCluster(client, { includeFencedBrokers: true })).rejects.toMatchObject({ name: 'UnsupportedVersionError' });
});

it('only subscriptions to metrics are listed before 4.1', async () => {
  const client = await clientOf('3.9');
  expect(await listConfigResources(client, ['clientMetrics'])).toEqual([]);
  await expect(listConfigResources(client)).rejects.toMatchObject({ name: 'UnsupportedVersionError' });
});

it('a broker that has no features to update says so', async () => {
  const client = await clientOf('2.6');
  await expect(updateFeatures(client, [{ feature: 'group.version', maxLevel: 1 }])).rejects.toMatchObject({
    name: 'UnsupportedVersionError',
  });
});

it('before 3.0 no leader knows the latest time, and only who asks for it is told so', async () => {
  const client = await clientOf('2.8');
  const [latest, max] = [
    { topic: 'orders', partition: 0, at: 'latest' },
    { topic: 'orders', partition: 1, at: 'maxTimestamp' },
  ] as const;
  const listed = await listOffsets(client, [latest, max]);
  expect(listed.get(latest)).toMatchObject({ offset: 0 });
  expect(listed.get(max)).toMatchObject({
    name: 'UnsupportedVersionError',
    message: expect.stringMatching(/^partition orders\/1: .* is older than Kafka 3.0/),
  });
});

it('brokers of any age tell which requests they take', async () => {
  const client = await clientOf('2.1');
  const versions = valuesOf(await describeApiVersions(client)).get(1)!;
  expect(versions.get(3)).toEqual({ min: 0, max: 7 });
  expect(versions.has(68)).toBe(false);
});
