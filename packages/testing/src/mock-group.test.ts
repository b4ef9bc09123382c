import {
  apis,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  errorCodes,
  type Message,
  Writer,
  zeroUuid,
} from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';
import { connect, type TestClient } from './test-client.ts';
import { VirtualClock } from './virtual-clock.ts';

function bytesOf<T>(message: Message<T>, content: T): Buffer {
  const w = new Writer();
  w.int16(0);
  message.write(w, 0, content);
  return Buffer.concat(w.finish());
}

/** A member of group `g` that does what it is told. */
class Member {
  readonly client: TestClient;
  readonly groupInstanceId: string | null;
  memberId = '';
  generationId = -1;
  rebalanceTimeoutMs = 60_000;

  constructor(client: TestClient, groupInstanceId: string | null = null) {
    this.client = client;
    this.groupInstanceId = groupInstanceId;
  }

  async join(): Promise<number> {
    const { errorCode, memberId, generationId } = await this.client.send(apis.joinGroup, 9, {
      ...{ groupId: 'g', memberId: this.memberId, groupInstanceId: this.groupInstanceId },
      ...{ sessionTimeoutMs: 10_000, rebalanceTimeoutMs: this.rebalanceTimeoutMs, protocolType: 'consumer' },
      protocols: [{ name: 'range', metadata: bytesOf(consumerProtocolSubscription, { topics: ['orders'] }) }],
    });
    if (memberId !== '') this.memberId = memberId;
    this.generationId = generationId;
    return errorCode === errorCodes.MEMBER_ID_REQUIRED ? this.join() : errorCode;
  }

  async sync(assignments: readonly (readonly [Member, readonly number[]])[] = []): Promise<number> {
    const { errorCode } = await this.client.send(apis.syncGroup, 5, {
      ...{ groupId: 'g', memberId: this.memberId, groupInstanceId: this.groupInstanceId, generationId: this.generationId },
      ...{ protocolType: 'consumer', protocolName: 'range' },
      assignments: assignments.map(([{ memberId }, partitions]) => ({
        memberId,
        assignment: bytesOf(consumerProtocolAssignment, { assignedPartitions: [{ topic: 'orders', partitions }] }),
      })),
    });
    return errorCode;
  }

  async heartbeat(): Promise<number> {
    const { memberId, groupInstanceId, generationId } = this;
    return (await this.client.send(apis.heartbeat, 4, { groupId: 'g', memberId, groupInstanceId, generationId })).errorCode;
  }
}

async function start(options: MockClusterOptions = {}) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 3 }, clock, ...options });
  const member = async (groupInstanceId?: string): Promise<Member> => new Member(await connect(cluster), groupInstanceId ?? null);
  /** Two members that share the topic. */
  const pair = async (): Promise<[leader: Member, follower: Member]> => {
    const [leader, follower] = [await member(), await member()];
    await leader.join();
    await leader.sync();
    const joining = follower.join();
    await cluster.settled();
    await Promise.all([joining, leader.join()]);
    const shares = [
      [leader, [0, 1]],
      [follower, [2]],
    ] as const;
    await Promise.all([leader.sync(shares), follower.sync()]);
    return [leader, follower];
  };
  return { cluster, clock, group: cluster.group('g'), member, pair, [Symbol.asyncDispose]: () => cluster.close() };
}

describe('a group in the hand of a test', () => {
  it('shows its state, its members and what they have', async () => {
    await using started = await start();
    const { group, pair } = started;
    expect([group.type, group.state, group.generation, group.members()]).toEqual([undefined, 'Dead', 0, []]);
    const [leader, follower] = await pair();
    expect([group.type, group.state, group.generation]).toEqual(['classic', 'Stable', 2]);
    const common = { groupInstanceId: null, clientId: 'test', topics: ['orders'] };
    const partitions = (...numbers: number[]) => numbers.map((partition) => ({ topic: 'orders', partition }));
    expect(group.members()).toEqual([
      { ...common, memberId: leader.memberId, assignment: partitions(0, 1) },
      { ...common, memberId: follower.memberId, assignment: partitions(2) },
    ]);
  });

  it('shows how far it is behind', async () => {
    await using started = await start();
    const { cluster, group, pair } = started;
    cluster.topic('orders').append({ value: 'a', partition: 0 }, { value: 'b', partition: 0 }, { value: 'c', partition: 1 });
    expect(group.lag()).toEqual([]);
    group.commit('orders', 0, 1);
    expect(group.lag()).toEqual([{ topic: 'orders', partition: 0, committed: 1, endOffset: 2, lag: 1 }]);
    await pair();
    expect(group.lag().map(({ partition, committed, lag }) => [partition, committed, lag])).toEqual([
      [0, 1, 1],
      [1, undefined, 1],
      [2, undefined, 0],
    ]);
  });

  it('is made to rebalance', async () => {
    await using started = await start();
    const { group, pair } = started;
    expect(() => group.rebalance()).toThrow("group 'g' has no members");
    const [leader, follower] = await pair();
    group.rebalance();
    expect([group.state, await leader.heartbeat()]).toEqual(['PreparingRebalance', errorCodes.REBALANCE_IN_PROGRESS]);
    expect(await Promise.all([leader.join(), follower.join()])).toEqual([0, 0]);
    expect(group.generation).toBe(3);
  });

  it('has a member taken out', async () => {
    await using started = await start();
    const { group, pair } = started;
    const [leader, follower] = await pair();
    group.evict(follower.memberId);
    expect(await follower.heartbeat()).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    expect(await leader.heartbeat()).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    expect(() => group.evict(follower.memberId)).toThrow(`group 'g' has no member '${follower.memberId}'; it has ${leader.memberId}`);
  });

  it('has the session of a member end', async () => {
    await using started = await start();
    const { group, pair, cluster } = started;
    const [leader, follower] = await pair();
    group.expire(follower.memberId);
    expect(await follower.heartbeat()).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    void leader.join();
    await cluster.settled();
    expect([group.state, group.members().length]).toEqual(['CompletingRebalance', 1]);
    expect(() => group.expire('nobody')).toThrow("group 'g' has no member 'nobody'");
  });

  it('does not have the session of a member end that waits for the others', async () => {
    await using started = await start();
    const { group, pair, cluster } = started;
    const [leader] = await pair();
    void leader.join().catch(() => undefined); // the end of the cluster is its answer
    await cluster.settled();
    expect(() => group.expire(leader.memberId)).toThrow('waits for the other members');
  });
});

describe('on a virtual clock', () => {
  it('a session ends when the test says so', async () => {
    await using started = await start();
    const { group, clock, pair } = started;
    const [leader, follower] = await pair();
    await clock.advance(9999);
    expect(await leader.heartbeat()).toBe(0);
    await clock.advance(1);
    expect(group.members().map(({ memberId }) => memberId)).toEqual([leader.memberId]);
    expect(await follower.heartbeat()).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });

  it('a new member that waits is given up after five minutes, for nobody can tell whether it still lives', async () => {
    await using started = await start();
    const { cluster, clock, member } = started;
    const stays = await member('a');
    const waits = await member();
    stays.rebalanceTimeoutMs = 600_000;
    await stays.join();
    await stays.sync();
    const joining = waits.join();
    await cluster.settled();
    for (let seconds = 0; seconds < 300; seconds += 5) {
      expect(await stays.heartbeat()).toBe(errorCodes.REBALANCE_IN_PROGRESS);
      await clock.advance(5000);
    }
    expect(await joining).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });

  it('the first members of a group are waited for as long as group.initial.rebalance.delay.ms says, and once more for each that comes', async () => {
    await using started = await start({ configs: { 'group.initial.rebalance.delay.ms': '3000' } });
    const { cluster, clock, group, member } = started;
    const [first, second] = [await member(), await member()];
    const joining = [first.join()];
    await clock.advance(2999);
    expect(group.state).toBe('PreparingRebalance');
    joining.push(second.join());
    await clock.advance(2999);
    expect(group.state).toBe('PreparingRebalance');
    await clock.advance(2);
    expect(await Promise.all(joining)).toEqual([0, 0]);
    expect([group.state, group.generation, group.members().length]).toEqual(['CompletingRebalance', 1, 2]);
    await cluster.settled();
  });

  it('a group takes no more members than group.max.size', async () => {
    await using started = await start({ configs: { 'group.max.size': '2' } });
    const { group, pair, member } = started;
    const [leader, follower] = await pair();
    expect(await (await member()).join()).toBe(errorCodes.GROUP_MAX_SIZE_REACHED);
    group.rebalance();
    const late = await member();
    expect(await Promise.all([leader.join(), follower.join(), late.join()])).toEqual([0, 0, errorCodes.GROUP_MAX_SIZE_REACHED]);
  });
});

describe('a coordinator that moves', () => {
  it('leaves to the next one what was written: the last generation that was complete', async () => {
    await using started = await start({ brokers: 2 });
    const { cluster, clock, group } = started;
    const first = group.coordinator;
    const member = new Member(await connect(cluster, first));
    await member.join();
    await member.sync([[member, [0, 1, 2]]]);
    await clock.advance(9000);
    group.moveCoordinator(3 - first);
    expect(await member.heartbeat()).toBe(errorCodes.NOT_COORDINATOR);
    const { memberId, generationId } = member;
    const moved = new Member(await connect(cluster, 3 - first));
    Object.assign(moved, { memberId, generationId });
    await clock.advance(9000); // the session has begun anew
    expect(await moved.heartbeat()).toBe(0);
    expect([group.state, group.generation, group.members()[0]!.assignment.length]).toEqual(['Stable', 1, 3]);
  });

  it('tells those who wait for the others, and forgets that they came', async () => {
    await using started = await start({ brokers: 2 });
    const { cluster, group } = started;
    const first = group.coordinator;
    const [stays, waits] = [new Member(await connect(cluster, first)), new Member(await connect(cluster, first))];
    await stays.join();
    await stays.sync();
    const joining = waits.join();
    await cluster.settled();
    group.moveCoordinator(3 - first);
    expect(await joining).toBe(errorCodes.NOT_COORDINATOR);
    expect([group.state, group.members().map(({ memberId }) => memberId)]).toEqual(['Stable', [stays.memberId]]);
  });

  it('tells those who wait for their assignment', async () => {
    await using started = await start({ brokers: 2 });
    const { cluster, group } = started;
    const first = group.coordinator;
    const [leader, follower] = [new Member(await connect(cluster, first)), new Member(await connect(cluster, first))];
    await leader.join();
    await leader.sync();
    const joining = follower.join();
    await cluster.settled();
    await Promise.all([joining, leader.join()]);
    const waiting = follower.sync();
    await cluster.settled();
    group.moveCoordinator(-1);
    expect(await waiting).toBe(errorCodes.NOT_COORDINATOR);
  });
});

describe('waiting', () => {
  it('for a stable group gives its members', async () => {
    await using started = await start();
    const { group, pair } = started;
    const waiting = group.waitForStable({ members: 2 });
    const [leader, follower] = await pair();
    expect((await waiting).map(({ memberId }) => memberId)).toEqual([leader.memberId, follower.memberId]);
  });

  it('in vain for a stable group says how it is instead', async () => {
    await using started = await start();
    const { group, pair } = started;
    await expect(group.waitForStable({ timeoutMs: 1 })).rejects.toThrow(
      "group 'g' is not Stable with any members, but Dead with no members",
    );
    await pair();
    group.rebalance();
    await expect(group.waitForStable({ members: 3, timeoutMs: 1 })).rejects.toThrow(
      "group 'g' is not Stable with 3 members, but PreparingRebalance with 2 members: test-",
    );
  });

  it('for a group to have read all ends with its commit', async () => {
    await using started = await start();
    const { cluster, group } = started;
    cluster.topic('orders').append({ value: 'a', partition: 0 });
    group.commit('orders', 0, 0);
    const waiting = group.waitForLag();
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }];
    const topics = [{ name: 'orders', topicId: zeroUuid, partitions }];
    await (await connect(cluster)).send(apis.offsetCommit, 8, { groupId: 'g', memberId: '', topics });
    await waiting;
  });

  it('in vain for a group to have read all says where it is behind', async () => {
    await using started = await start();
    const { cluster, group } = started;
    await expect(group.waitForLag(0, { timeoutMs: 1 })).rejects.toThrow("group 'g' reads nothing: it has no members and no commits");
    cluster.topic('orders').append({ value: 'a', partition: 2 }, { value: 'b', partition: 2 });
    group.commit('orders', 2, 0);
    await expect(group.waitForLag(1, { timeoutMs: 1 })).rejects.toThrow("group 'g' is more than 1 behind: orders-2 at 0 of 2");
  });
});

it('a cluster that is closed leaves no timer behind', async () => {
  const { cluster, clock, pair } = await start();
  await pair();
  await cluster.close();
  expect(clock.pendingTimers).toBe(0);
});
