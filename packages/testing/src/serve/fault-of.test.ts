import { apis, errorCodes, type Random, systemClock } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { TestClient } from '../test-client.ts';
import { faultOf, orderFault, type ServedFault } from './fault-of.ts';

const leader = errorCodes.NOT_LEADER_OR_FOLLOWER;

it.each<[string, ServedFault]>([
  ['Produce NOT_LEADER_OR_FOLLOWER 5%', { api: 'Produce', act: { error: leader }, percent: 5 }],
  ['  Produce   NOT_LEADER_OR_FOLLOWER ', { api: 'Produce', act: { error: leader }, percent: 100 }],
  ['Fetch drop 0.5%', { api: 'Fetch', act: 'drop', percent: 0.5 }],
  ['Metadata delay 200ms', { api: 'Metadata', act: { delayMs: 200 }, percent: 100 }],
  ['Metadata delay 2s 10%', { api: 'Metadata', act: { delayMs: 2000 }, percent: 10 }],
])("'%s'", (text, fault) => {
  expect(faultOf(text)).toEqual(fault);
});

it.each([
  ['', 'is not a fault'],
  ['Produce', 'is not a fault'],
  ['Produce NOT_LEADER_OR_FOLLOWER 0%', 'is not a fault'],
  ['Produce NOT_LEADER_OR_FOLLOWER 101%', 'is not a fault'],
  ['Produce NOT_LEADER_OR_FOLLOWER 5', 'is not a fault'],
  ['Produce drop 5% more', 'is not a fault'],
  ['Metadata delay 200', 'is not a fault'],
  ['Produced drop', "no API 'Produced'; did you mean Produce?"],
  ['Produce NOT_LEADER', "no error 'NOT_LEADER'"],
])("refuses '%s'", (text, message) => {
  expect(() => faultOf(text)).toThrow(message);
});

it('strikes as many requests as it says', async () => {
  await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
  const chances = [0.04, 0.05, 0.9, 0.01];
  const random: Random = () => chances.shift()!;
  orderFault(cluster, faultOf('FindCoordinator COORDINATOR_NOT_AVAILABLE 5%'), { clock: systemClock, random });
  const client = await TestClient.connect(cluster.transport, cluster.brokers[0]!);
  const codes: number[] = [];
  for (let i = 0; i < 4; i++) codes.push((await client.send(apis.findCoordinator, 2, { key: 'g', keyType: 0 })).errorCode);
  const lost = errorCodes.COORDINATOR_NOT_AVAILABLE;
  expect(codes).toEqual([lost, 0, 0, lost]);
  client.close();
});
