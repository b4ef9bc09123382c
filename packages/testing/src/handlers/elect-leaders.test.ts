import { apis, errorCodes } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';

const elect = async (client: TestClient, electionType: 0 | 1) => {
  const { replicaElectionResults } = await client.send(apis.electLeaders, 2, {
    electionType,
    topicPartitions: [{ topic: 'orders', partitions: [0] }],
  });
  return replicaElectionResults[0]!.partitionResult[0]!.errorCode;
};
const [preferred, unclean] = [0, 1] as const;

/** Broker 2 has `kept`; broker 1 alone has `lost` as well, and then all of its partitions' brokers are gone but 2. */
async function clusterThatLost(configs: Record<string, string> = {}): Promise<MockCluster> {
  const cluster = await MockCluster.start({ topics: { orders: { replicationFactor: 2, configs } } });
  const orders = cluster.topic('orders');
  orders.append('kept');
  await cluster.broker(2).down();
  orders.append('lost');
  await cluster.broker(1).down();
  return cluster;
}

it('remembers who may lead when nobody is in sync (KIP-966)', async () => {
  const cluster = await clusterThatLost();
  const client = await connect(cluster, 3);
  const { topics } = await client.send(apis.describeTopicPartitions, 0, { topics: [{ name: 'orders' }], cursor: null });
  expect(topics[0]!.partitions[0]).toMatchObject({ leaderId: -1, isrNodes: [], eligibleLeaderReplicas: [1], lastKnownElr: [1] });
});

it('an unclean election loses what only the others had', async () => {
  const cluster = await clusterThatLost();
  const client = await connect(cluster, 3);
  expect(await elect(client, unclean)).toBe(errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE);
  await cluster.broker(2).up();
  expect(cluster.topic('orders').partition(0).leader).toBe(-1);
  expect(await elect(client, preferred)).toBe(errorCodes.PREFERRED_LEADER_NOT_AVAILABLE);
  expect(await elect(client, unclean)).toBe(errorCodes.NONE);
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: 2, inSync: [2], endOffset: 1 });
  expect(
    cluster
      .topic('orders')
      .records()
      .map(({ value }) => String(value)),
  ).toEqual(['kept']);
  await cluster.broker(1).up();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: 2, inSync: [1, 2], endOffset: 1 });
});

it('a topic that allows it elects uncleanly by itself', async () => {
  const cluster = await clusterThatLost({ 'unclean.leader.election.enable': 'true' });
  await cluster.broker(2).up();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: 2, endOffset: 1 });
});

it('loses nothing when the last that had everything comes back', async () => {
  const cluster = await clusterThatLost();
  await cluster.broker(1).up();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: 1, inSync: [1], endOffset: 2 });
  await cluster.broker(2).up();
  expect(cluster.topic('orders').partition(0).inSync).toEqual([1, 2]);
});

it('an older broker keeps the last one in sync in its list', async () => {
  const cluster = await MockCluster.start({ kafkaVersion: '3.9', topics: { orders: { replicationFactor: 1 } } });
  await cluster.broker(1).down();
  expect(cluster.topic('orders').partition(0)).toMatchObject({ leader: -1, inSync: [1] });
});
