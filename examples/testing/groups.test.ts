import { alterConfigs, KafkaClient } from '@tskafka/core';
import { BalancedConsumer, ShareConsumer } from '@tskafka/consumer';
import { MockCluster } from '@tskafka/testing';
import { extendExpect } from '@tskafka/testing/vitest';
import { expect, it } from 'vitest';

extendExpect();

it('has groups of the new protocol, which a test can disturb', async () => {
  // #region consumer
  const often = { 'group.consumer.min.heartbeat.interval.ms': '20', 'group.consumer.heartbeat.interval.ms': '20' }; // the default is five seconds
  await using cluster = await MockCluster.start({ topics: { orders: 4 }, configs: often });
  await using client = await KafkaClient.connect(cluster);
  const start = () => BalancedConsumer.start(client.topic('orders'), { consumerGroup: 'billing', groupProtocol: 'consumer' });
  const group = cluster.group('billing');
  await using first = await start();
  await using second = await start();
  const members = await group.waitForStable({ members: 2 });
  expect([group.type, ...members.map(({ assignment }) => assignment.length)]).toEqual(['consumer', 2, 2]);

  const { generation } = group;
  group.evict(members[0]!.memberId); // also: expire(memberId), rebalance(), moveCoordinator(2)
  await group.waitForStable({ members: 2 }); // it has already joined again
  expect(group.generation).toBeGreaterThan(generation);
  // #endregion
  expect(first.assignment.length + second.assignment.length).toBeGreaterThan(0);
});

it('has share groups, and shows what they have in hand', async () => {
  // #region share
  await using cluster = await MockCluster.start({ topics: { jobs: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await alterConfigs(client, [{ type: 'group', name: 'workers', set: { 'share.auto.offset.reset': 'earliest' } }]);
  cluster.topic('jobs').append('a', 'b');
  await using worker = await ShareConsumer.start(client.topic('jobs'), { consumerGroup: 'workers', acknowledgementMode: 'explicit' });
  const group = cluster.group('workers');

  const message = await worker.consume();
  expect(group.inFlight('jobs', 0)).toMatchObject([{ firstOffset: 0, lastOffset: 1, state: 'acquired', deliveryCount: 1 }]);
  worker.acknowledge(message!, 'reject'); // never again
  worker.acknowledge((await worker.consume())!);
  await worker.commit();
  await group.waitForLag(0);
  // #endregion
});
