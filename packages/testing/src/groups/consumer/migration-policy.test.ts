import { describe, expect, it } from 'vitest';
import { apis, consumerProtocolSubscription, errorCodes, Writer } from '@tskafka/core/protocol';
import { MockCluster } from '../../mock-cluster.ts';
import { connect, type TestClient } from '../../test-client.ts';

function subscription(): Buffer {
  const w = new Writer();
  w.int16(0);
  consumerProtocolSubscription.write(w, 0, { topics: ['orders'] });
  return w.toBuffer();
}

/** A member of the classic protocol, which needs no id before version 4. */
function joinClassic(client: TestClient, memberId = '') {
  const protocols = [{ name: 'range', metadata: subscription() }];
  const request = { groupId: 'g', sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000, memberId, protocolType: 'consumer', protocols };
  return client.send(apis.joinGroup, 3, request);
}

function beat(client: TestClient, memberEpoch: number) {
  const joining = { rebalanceTimeoutMs: 30_000, topicPartitions: [], subscribedTopicNames: ['orders'] };
  const request = { groupId: 'g', memberId: 'm', memberEpoch, ...(memberEpoch === 0 ? joining : {}) };
  return client.send(apis.consumerGroupHeartbeat, 1, request);
}

async function typeOfGroup(client: TestClient): Promise<string | undefined> {
  return (await client.send(apis.listGroups, 5, {})).groups[0]?.groupType;
}

async function scene(policy: string) {
  const configs = { 'group.consumer.migration.policy': policy, 'group.initial.rebalance.delay.ms': '0' };
  const cluster = await MockCluster.start({ topics: { orders: 2 }, configs });
  return { cluster, client: await connect(cluster) };
}

describe.each([
  ['bidirectional', { upgrade: true, downgrade: true }],
  ['Upgrade', { upgrade: true, downgrade: false }],
  ['downgrade', { upgrade: false, downgrade: true }],
  ['disabled', { upgrade: false, downgrade: false }],
])('group.consumer.migration.policy %s', (policy, allows) => {
  it(`${allows.upgrade ? 'lets' : 'does not let'} a member of the consumer protocol into a classic group`, async () => {
    const { cluster, client } = await scene(policy);
    await joinClassic(client);
    const { errorCode, errorMessage } = await beat(client, 0);
    expect(errorCode).toBe(allows.upgrade ? errorCodes.NONE : errorCodes.GROUP_ID_NOT_FOUND);
    const refusal = 'Cannot upgrade classic group g to consumer group because online upgrade is disabled.';
    expect(errorMessage).toBe(allows.upgrade ? null : refusal);
    expect(await typeOfGroup(client)).toBe(allows.upgrade ? 'consumer' : 'classic');
    await cluster.close();
  });

  if (allows.upgrade || allows.downgrade) {
    it(`${allows.downgrade ? 'makes' : 'does not make'} a group classic when the last member of the consumer protocol leaves`, async () => {
      const { cluster, client } = await scene(policy);
      await beat(client, 0);
      expect((await joinClassic(client)).errorCode).toBe(errorCodes.NONE);
      await beat(client, -1);
      expect(await typeOfGroup(client)).toBe(allows.downgrade ? 'classic' : 'consumer');
      await cluster.close();
    });
  } else {
    it('lets no member of the classic protocol into a consumer group', async () => {
      const { cluster, client } = await scene(policy);
      await beat(client, 0);
      expect((await joinClassic(client)).errorCode).toBe(errorCodes.INCONSISTENT_GROUP_PROTOCOL);
      await cluster.close();
    });
  }
});
