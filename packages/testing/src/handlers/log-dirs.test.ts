import { apis, errorCodes } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';

const placed = async (client: TestClient) => {
  const { results } = await client.send(apis.describeLogDirs, 5, { topics: null });
  return results.map(({ logDir, topics }) => [
    logDir,
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, isFutureKey }) => `${name}-${partitionIndex}${isFutureKey ? ' (future)' : ''}`),
    ),
  ]);
};
const move = async (client: TestClient, path: string) => {
  const { results } = await client.send(apis.alterReplicaLogDirs, 2, { dirs: [{ path, topics: [{ name: 'orders', partitions: [0] }] }] });
  return results[0]!.partitions[0]!.errorCode;
};
const start = () => MockCluster.start({ brokers: 1, configs: { 'log.dirs': '/a,/b' }, topics: { orders: 3 } });

it('a broker with several folders fills them evenly', async () => {
  expect(await placed(await connect(await start()))).toEqual([
    ['/a', ['orders-0', 'orders-2']],
    ['/b', ['orders-1']],
  ]);
});

it('moves a partition to another folder, at once or when it is released', async () => {
  const cluster = await start();
  const client = await connect(cluster);
  const held = cluster.holdReassignments();
  cluster.topic('orders').append('a', 'b');
  expect(await move(client, '/b')).toBe(errorCodes.NONE);
  expect(await placed(client)).toEqual([
    ['/a', ['orders-0', 'orders-2']],
    ['/b', ['orders-0 (future)', 'orders-1']],
  ]);
  const { results } = await client.send(apis.describeLogDirs, 5, { topics: [{ topic: 'orders', partitions: [0] }] });
  const [now, future] = results.map(({ topics }) => topics[0]!.partitions[0]!);
  expect(now).toMatchObject({ offsetLag: 0 });
  expect(future).toMatchObject({ partitionSize: 0, offsetLag: 2 });
  held.stop();
  expect(await placed(client)).toEqual([
    ['/a', ['orders-2']],
    ['/b', ['orders-0', 'orders-1']],
  ]);
});

it('puts nothing into a folder that is cordoned (KIP-1066)', async () => {
  const cluster = await start();
  const client = await connect(cluster);
  await placed(client);
  const resource = { resourceType: 4, resourceName: '1', configs: [{ name: 'cordoned.log.dirs', configOperation: 0, value: '/b' }] };
  await client.send(apis.incrementalAlterConfigs, 1, { resources: [resource], validateOnly: false });
  expect(await move(client, '/b')).toBe(errorCodes.INVALID_REPLICA_ASSIGNMENT);
  cluster.createTopic('more', 2);
  expect(await placed(client)).toEqual([
    ['/a', ['orders-0', 'orders-2', 'more-0', 'more-1']],
    ['/b', ['orders-1']],
  ]);
  const { results } = await client.send(apis.describeLogDirs, 5, { topics: [] });
  expect(results.map(({ isCordoned }) => isCordoned)).toEqual([false, true]);
});
