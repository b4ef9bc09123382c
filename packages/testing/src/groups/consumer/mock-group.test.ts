import { afterEach, describe, expect, it } from 'vitest';
import { apis, type ConsumerGroupHeartbeatRequest, errorCodes } from '@tskafka/core/protocol';
import { MockCluster } from '../../mock-cluster.ts';
import { connect, type TestClient } from '../../test-client.ts';

/** What a test sees of a consumer group, and does to it. */

let cluster: MockCluster | undefined;
afterEach(async () => cluster?.close());

const joining = { memberEpoch: 0, rebalanceTimeoutMs: 30_000, topicPartitions: [], subscribedTopicNames: ['orders'] };

function beat(client: TestClient, memberId: string, fields: Partial<ConsumerGroupHeartbeatRequest>) {
  return client.send(apis.consumerGroupHeartbeat, 1, { groupId: 'g', memberId, memberEpoch: 0, ...fields });
}

async function scene() {
  cluster = await MockCluster.start({ topics: { orders: 2 }, configs: { 'group.consumer.assignment.interval.ms': '0' } });
  return { client: await connect(cluster), group: cluster.group('g') };
}

describe('a consumer group in the hand of a test', () => {
  it('shows its state, its members and what they have', async () => {
    const { client, group } = await scene();
    await beat(client, 'm', { ...joining, instanceId: 'i' });
    expect([group.type, group.state, group.generation]).toEqual(['consumer', 'Stable', 2]);
    const assignment = [0, 1].map((partition) => ({ topic: 'orders', partition }));
    expect(group.members()).toEqual([{ memberId: 'm', groupInstanceId: 'i', clientId: 'test', topics: ['orders'], assignment }]);
    expect(group.lag().map(({ partition, lag }) => [partition, lag])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('is made to rebalance', async () => {
    const { client, group } = await scene();
    await beat(client, 'm', joining);
    group.rebalance();
    expect([group.state, group.generation]).toEqual(['Assigning', 3]);
    expect((await beat(client, 'm', { memberEpoch: 2 })).memberEpoch).toBe(3);
    expect(group.state).toBe('Stable');
  });

  it.each(['evict', 'expire'] as const)('loses a member by %s, and the others get what was its', async (how) => {
    const { client, group } = await scene();
    await beat(client, 'a', joining);
    await beat(client, 'b', joining);
    group[how]('a');
    expect((await beat(client, 'a', { memberEpoch: 2 })).errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    const { assignment } = await beat(client, 'b', { memberEpoch: 3 });
    expect(assignment?.topicPartitions[0]?.partitions).toEqual([0, 1]);
    expect(() => group.evict('a')).toThrow("group 'g' has no member 'a'; it has b");
  });

  it('is waited for', async () => {
    const { client, group } = await scene();
    const stable = group.waitForStable({ members: 1 });
    await beat(client, 'm', joining);
    expect((await stable).map(({ memberId }) => memberId)).toEqual(['m']);
  });
});
