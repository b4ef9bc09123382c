import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import type { MockClusterOptions } from '../options.ts';
import { connect } from '../test-client.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { isExpired } from './group-expiry.ts';

const minute = 60_000;

it.each([
  ['kept for less than the retention', {}, 1099, false],
  ['kept for the retention', {}, 1100, true],
  ['kept for less than its client wants', { expiresAt: 1200 }, 1199, false],
  ['kept for as long as its client wants', { expiresAt: 1200 }, 1200, true],
  ['kept for as long as its client wants, which is short', { expiresAt: 1010 }, 1010, true],
])('an offset that was %s has expired: %j', (_what, more, now, expected) => {
  const committed = { offset: 1, leaderEpoch: -1, metadata: '', committedAt: 1000, ...more };
  expect(isExpired(committed, 1000, now, 100)).toBe(expected);
});

async function start(options: MockClusterOptions = {}) {
  const clock = new VirtualClock();
  const configs = { 'offsets.retention.minutes': '60', 'offsets.retention.check.interval.ms': String(minute) };
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 2, other: 1 }, clock, configs, ...options });
  const client = await connect(cluster);
  const join = async (protocolType = 'consumer', subscription = '0000000000010006', topic = 'orders') => {
    const metadata = Buffer.concat([Buffer.from(subscription, 'hex'), Buffer.from(topic), Buffer.from('ffffffff', 'hex')]);
    const answer = await client.send(apis.joinGroup, 3, {
      ...{ groupId: 'g', memberId: '', sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 1000, protocolType },
      protocols: [{ name: 'range', metadata }],
    });
    const { memberId, generationId } = answer;
    await client.send(apis.syncGroup, 0, { groupId: 'g', memberId, generationId, assignments: [] });
    return { heartbeat: () => client.send(apis.heartbeat, 0, { groupId: 'g', memberId, generationId }), memberId, generationId };
  };
  return { clock, cluster, client, group: cluster.group('g'), join, [Symbol.asyncDispose]: () => cluster.close() };
}

describe('the offsets of a group without members', () => {
  it('are kept for offsets.retention.minutes from their commit on, and the group for as long as it has any', async () => {
    await using started = await start();
    const { clock, group } = started;
    group.commit('orders', 0, 1);
    await clock.advance(30 * minute);
    group.commit('orders', 1, 1);
    await clock.advance(29 * minute);
    expect(group.commits()).toHaveLength(2);
    await clock.advance(minute);
    expect(group.commits()).toEqual([{ topic: 'orders', partition: 1, offset: 1, metadata: '' }]);
    await clock.advance(30 * minute);
    expect(group.state).toBe('Dead');
  });

  it('are kept for as long as their client says, before version 5', async () => {
    await using started = await start();
    const { clock, client, group } = started;
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }];
    await client.send(apis.offsetCommit, 4, { groupId: 'g', memberId: '', retentionTimeMs: 5 * minute, topics });
    await clock.advance(4 * minute);
    expect(group.commits()).toHaveLength(1);
    await clock.advance(minute);
    expect(group.state).toBe('Dead');
  });

  it('are kept from the moment on when the last member left', async () => {
    await using started = await start();
    const { clock, group, join } = started;
    const { memberId } = await join();
    group.commit('orders', 0, 1);
    await clock.advance(20 * minute);
    group.evict(memberId);
    await clock.advance(59 * minute);
    expect(group.committed('orders', 0)).toBe(1);
    await clock.advance(minute);
    expect(group.state).toBe('Dead');
  });
});

it('an offset that an open transaction may change is kept, and so is its group', async () => {
  const configs = { 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '10000' };
  await using started = await start({ configs });
  const { clock, client, group } = started;
  const producer = { transactionalId: 't', transactionTimeoutMs: 10 * minute };
  const { producerId, producerEpoch } = await client.send(apis.initProducerId, 5, producer);
  const identity = { transactionalId: 't', producerId, producerEpoch };
  const partitions = [{ partitionIndex: 0, committedOffset: 2, committedMetadata: '' }];
  const ofOrders = { ...identity, groupId: 'g', topics: [{ name: 'orders', partitions }] };
  group.commit('orders', 0, 1);
  group.commit('orders', 1, 1);
  await client.send(apis.txnOffsetCommit, 5, ofOrders);
  await clock.advance(5 * minute);
  expect(group.commits()).toEqual([{ topic: 'orders', partition: 0, offset: 1, metadata: '' }]);
  await client.send(apis.endTxn, 5, { ...identity, committed: false });
  await clock.advance(minute);
  expect(group.state).toBe('Dead');
});

describe('the offsets of a group with members', () => {
  it('are kept when they are of a topic that somebody reads, and expire when they are not', async () => {
    await using started = await start();
    const { clock, group, join } = started;
    const member = await join();
    group.commit('orders', 0, 1);
    group.commit('other', 0, 1);
    for (let i = 0; i < 7; i++) {
      await clock.advance(10 * minute);
      expect((await member.heartbeat()).errorCode).toBe(errorCodes.NONE);
    }
    expect(group.commits().map(({ topic }) => topic)).toEqual(['orders']);
    expect(group.state).toBe('Stable');
  });

  it.each([
    ['are no consumers', 'connect', '0000000000010006'],
    ['do not say what they read', 'consumer', '00'],
  ])('are all kept when those %s', async (_what, protocolType, subscription) => {
    await using started = await start();
    const { clock, group, join } = started;
    const member = await join(protocolType, subscription);
    group.commit('other', 0, 1);
    for (let i = 0; i < 7; i++) {
      await clock.advance(10 * minute);
      await member.heartbeat();
    }
    expect(group.committed('other', 0)).toBe(1);
  });
});

it('a group that has neither members nor offsets goes, and one that comes again begins anew', async () => {
  await using started = await start();
  const { clock, group, join } = started;
  const { memberId } = await join();
  group.evict(memberId);
  expect([group.state, group.generation]).toEqual(['Empty', 2]);
  await clock.advance(minute);
  expect(group.state).toBe('Dead');
  expect((await join()).generationId).toBe(1);
});
