import { apis, errorCodes } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';

const reassign = async (client: TestClient, replicas: number[] | null) => {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }];
  return (await client.send(apis.alterPartitionReassignments, 0, { topics })).responses[0]!.partitions[0]!.errorCode;
};
const listed = async (client: TestClient) => {
  const { topics } = await client.send(apis.listPartitionReassignments, 0, { topics: null });
  return topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ name, ...partition })));
};
const partition = async (client: TestClient) => {
  const { topics } = await client.send(apis.describeTopicPartitions, 0, { topics: [{ name: 'orders' }], cursor: null });
  return topics[0]!.partitions[0]!;
};

it('a held reassignment shows what comes and what goes, and ends when it is released', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
  cluster.topic('orders').append('a');
  const client = await connect(cluster);
  const held = cluster.holdReassignments();
  expect(await reassign(client, [2])).toBe(errorCodes.NONE);
  expect(await listed(client)).toEqual([
    { name: 'orders', partitionIndex: 0, replicas: [2, 1], addingReplicas: [2], removingReplicas: [1] },
  ]);
  expect(await partition(client)).toMatchObject({ leaderId: 1, leaderEpoch: 0, replicaNodes: [2, 1], isrNodes: [1] });
  held.stop();
  expect(await listed(client)).toEqual([]);
  expect(await partition(client)).toMatchObject({ leaderId: 2, leaderEpoch: 1, replicaNodes: [2], isrNodes: [2] });
  expect(cluster.topic('orders').records()).toHaveLength(1);
});

it('a held reassignment can be taken back', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
  const client = await connect(cluster);
  using _held = cluster.holdReassignments();
  await reassign(client, [2]);
  expect(await reassign(client, null)).toBe(errorCodes.NONE);
  expect(await listed(client)).toEqual([]);
  expect(await partition(client)).toMatchObject({ leaderId: 1, replicaNodes: [1], isrNodes: [1] });
});

it('a reassignment to a broker that is down ends when it is back', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
  const client = await connect(cluster);
  await cluster.broker(2).down();
  await reassign(client, [2]);
  expect(await listed(client)).toHaveLength(1);
  await cluster.broker(2).up();
  expect(await listed(client)).toEqual([]);
  expect(await partition(client)).toMatchObject({ leaderId: 2, replicaNodes: [2] });
});

it('two holds are two, and the second stop of one releases nothing', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 1 } } });
  const client = await connect(cluster);
  const [first, second] = [cluster.holdReassignments(), cluster.holdReassignments()];
  await reassign(client, [2]);
  first.stop();
  first.stop();
  expect(await listed(client)).toHaveLength(1);
  second.stop();
  expect(await listed(client)).toEqual([]);
});
