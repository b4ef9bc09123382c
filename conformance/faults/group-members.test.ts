import { BalancedConsumer, type BalancedConsumerOptions, type ConsumerPartition, type KafkaClient } from '@tskafka/consumer';
import { alterConfigs, describeGroups, valuesOf } from '@tskafka/core';
import { apis, consumerProtocolAssignment, Writer } from '@tskafka/core/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FaultProxy } from '../../tools/fault-proxy/proxy.ts';
import { broker, type TestTopic } from '../broker.ts';
import { stored, take, useClient, values, write } from '../consumer/fixture.ts';
import { coordinatorOf, moveCoordinator } from '../coordinators.ts';
import { code } from '../error-code.ts';
import { Member as WireMember, subscription } from '../groups/classic-member.ts';
import { proxiedClient, rewrite, rewriteRequest } from '../proxied.ts';
import { until } from '../until.ts';

/** Members of groups whose network, coordinator or fellow members misbehave. */

let past: KafkaClient;
useClient((connected) => (past = connected));

type Options = Omit<BalancedConsumerOptions, 'consumerGroup'>;

const eager: Options = { groupProtocol: 'classic', partitionAssignors: ['range'], heartbeatIntervalMs: 100 };
const cooperative: Options = { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'], heartbeatIntervalMs: 100 };
const kip848: Options = { groupProtocol: 'consumer' };

/** A member that writes down what it is told. */
class Member {
  readonly told: string[] = [];
  readonly consumer: BalancedConsumer;

  constructor(client: KafkaClient, topic: string, consumerGroup: string, options: Options) {
    const tell = (what: string) => (partitions: readonly ConsumerPartition[]) => {
      if (partitions.length > 0) this.told.push(`${what} ${numbers(partitions).join()}`);
    };
    const hooks = { onAssigned: tell('assigned'), onRevoked: tell('revoked'), onLost: tell('lost') };
    this.consumer = new BalancedConsumer(client.topic(topic), { consumerGroup, ...hooks, ...options });
    onTestFinished(() => this.consumer.close());
  }

  get owned(): number[] {
    return numbers(this.consumer.assignment);
  }
}

const numbers = (partitions: readonly ConsumerPartition[]): number[] => partitions.map(({ partition }) => partition).sort((a, b) => a - b);

/** A group of a topic with two partitions of two messages each, and how to join it. */
async function setup() {
  const topic = await broker.createTopic({ partitions: 2 });
  for (const partition of [0, 1]) await write(topic, values(partition * 10, partition * 10 + 2), partition);
  const group = broker.freshName('group');
  const join = async (options: Options, client = past): Promise<Member> => {
    const member = new Member(client, topic.name, group, options);
    await member.consumer.start();
    return member;
  };
  /** Joins through a proxy of its own, on which `fault` is set first. */
  const joinProxied = async (options: Options, fault?: (proxy: FaultProxy) => void) => {
    const { proxy, client } = await proxiedClient();
    fault?.(proxy);
    return { proxy, client, member: await join(options, client) };
  };
  const members = async (): Promise<number> => valuesOf(await describeGroups(past, [group])).get(group)!.members.length;
  return { topic, group, join, joinProxied, members };
}

const settles = (isTrue: () => boolean): Promise<void> => until(String(isTrue), () => Promise.resolve(isTrue()));
const share = (...members: Member[]): Promise<void> => settles(() => members.every(({ owned }) => owned.length === 2 / members.length));

/** Long enough for who is heard of although the broker or this process hesitates. */
const sessionTimeoutMs = 4000;

/** Makes sessions of a KIP-848 group short; a classic member says it itself. */
async function shortSessions(group: string): Promise<void> {
  const set = { 'consumer.session.timeout.ms': `${sessionTimeoutMs}`, 'consumer.heartbeat.interval.ms': '500' };
  valuesOf(await alterConfigs(past, [{ type: 'group', name: group, set }]));
}

describe.each([
  ['the classic protocol', cooperative],
  ['the protocol of KIP-848', kip848],
])('a member by %s', (_name, way) => {
  it('G1: goes on with the next coordinator when its own has moved, without a rebalance', async () => {
    const { topic, group, joinProxied } = await setup();
    const { proxy, member } = await joinProxied(way);
    await share(member);
    await take(member.consumer, 4);
    await moveCoordinator(group);
    const node = await coordinatorOf(group);
    const heartbeats = proxy.delayResponse(way === kip848 ? 'ConsumerGroupHeartbeat' : 'Heartbeat', 0, { node, times: Infinity });
    await member.consumer.commitOffsets();
    expect(await stored(group, topic)).toBe(2);
    await settles(() => heartbeats.count > 1);
    expect(member.told).toEqual(['assigned 0,1']);
  });

  it('G4, K2: that was cut off beyond its session has lost what it had, commits nothing of it, and joins anew', async () => {
    const { topic, group, join, joinProxied } = await setup();
    await shortSessions(group);
    const session: Options = way === kip848 ? way : { ...way, sessionTimeoutMs };
    const { proxy, member } = await joinProxied({ ...session, autoCommitEnable: true });
    await share(member);
    await take(member.consumer, 4);
    const end = proxy.blackhole('both');
    const other = await join(session);
    await share(other);
    expect([await stored(group, topic, 0), await stored(group, topic, 1)]).toEqual([undefined, undefined]);
    expect((await take(other.consumer, 4)).sort()).toEqual(['0', '1', '10', '11']);
    end();
    await settles(() => member.owned.length === 1 && other.owned.length === 1);
    expect(member.told.filter((each) => /lost|revoked/.test(each))).toEqual(['lost 0,1']);
    expect(await stored(group, topic, other.owned[0])).toBe(undefined);
  });

  it('G7, K1: whose first answers are lost is one member', async () => {
    const { joinProxied, members } = await setup();
    const api = way === kip848 ? 'ConsumerGroupHeartbeat' : 'JoinGroup';
    let lost: { readonly count: number } | undefined;
    const { member } = await joinProxied(way, (proxy) => (lost = proxy.dropResponse(api, { times: 2 })));
    await share(member);
    expect([lost?.count, await members()]).toEqual([2, 1]);
  });

  it('G16: whose commit at a revocation hangs lets the group go on', async () => {
    const { join, joinProxied } = await setup();
    const { proxy, member } = await joinProxied({ ...way, autoCommitEnable: true, closeTimeoutMs: 500 });
    await share(member);
    await take(member.consumer, 4);
    const strike = proxy.delayResponse('OffsetCommit', 3000);
    const other = await join(way);
    await share(member, other);
    expect(strike.count).toBe(1);
  });

  it('G12: keeps what does not move, however often another comes and goes', async () => {
    const { join } = await setup();
    const member = await join(way);
    await share(member);
    for (let i = 0; i < 2; i++) {
      const other = await join(way);
      await share(member, other);
      await other.consumer.close();
      await share(member);
    }
    expect(
      member.told.every((each) => each === 'assigned 0,1' || /^(assigned|revoked) \d$/.test(each)),
      member.told.join(),
    ).toBe(true);
  });
});

describe('a member of a classic group', () => {
  it('G6: whose event loop was blocked beyond its session hands out nothing before it has been heard again', async () => {
    const { joinProxied } = await setup();
    const { proxy, member } = await joinProxied({ ...cooperative, sessionTimeoutMs: 1000 });
    await share(member);
    await take(member.consumer, 1);
    let answered = 0;
    rewrite(proxy, apis.heartbeat, () => void answered++, { times: Infinity });
    for (const end = performance.now() + 2000; performance.now() < end;);
    const before = answered;
    expect(await member.consumer.consume()).toBeDefined();
    expect(answered).toBeGreaterThan(before);
  });

  it('G8: whose group goes on between its join and its sync joins again, and all is shared', async () => {
    const { join, joinProxied } = await setup();
    const joining = joinProxied(cooperative, (proxy) => proxy.delayResponse('JoinGroup', 500, { times: 2 }));
    const other = await join(cooperative);
    await share((await joining).member, other);
  });

  it('G8: whose answer to the sync is lost has a whole assignment', async () => {
    const { joinProxied, members } = await setup();
    const { member } = await joinProxied(eager, (proxy) => proxy.dropResponse('SyncGroup'));
    await share(member);
    expect(await members()).toBe(1);
  });

  it('G9: that another client gives nothing, or what is no assignment, goes on, and reads when it is given something', async () => {
    const { topic, group, join } = await setup();
    const leader = await WireMember.connect(group, { protocols: [['range', subscription(topic.name)]] });
    await leader.join();
    await leader.sync();
    const give = async (assignment: Buffer): Promise<void> => {
      const { members } = await leader.join();
      const { memberId } = members.find((each) => each.memberId !== leader.memberId)!;
      const { generation: generationId, protocolType, protocolName } = leader;
      const whoSyncs = { groupId: group, generationId, memberId: leader.memberId, protocolType, protocolName };
      await leader.wire.send(apis.syncGroup, 5, { ...whoSyncs, assignments: [{ memberId, assignment }] });
    };
    const joining = join(eager);
    await leader.isAskedToRejoin();
    await give(Buffer.alloc(0));
    const member = await joining;
    await give(Buffer.from([0, 1, 0x7f, 0xff, 0xff, 0xff]));
    await give(assignmentOf(topic));
    await settles(() => member.owned.length === 1);
    expect(await take(member.consumer, 2)).toEqual(['0', '1']);
  });

  it('G10: that is static, dies and comes back within its session has its partitions again, and nobody else is told', async () => {
    const { join, joinProxied } = await setup();
    const other = await join({ ...cooperative, groupInstanceId: 'other' });
    const { proxy, client, member } = await joinProxied({ ...cooperative, groupInstanceId: 'one' });
    await share(member, other);
    const [told, { owned }] = [[...other.told], member];
    proxy.refuse();
    await client.close();
    const next = await join({ ...cooperative, groupInstanceId: 'one' });
    expect(next.owned).toEqual(owned);
    await settles(() => next.owned.length === 1);
    expect(other.told).toEqual(told);
  });

  it('G11: whose name another takes over is told so, for good', async () => {
    const { join } = await setup();
    const old = await join({ ...cooperative, groupInstanceId: 'one' });
    const young = await join({ ...cooperative, groupInstanceId: 'one' });
    await settles(() => old.told.at(-1)?.startsWith('lost') === true);
    await expect(old.consumer.consume()).rejects.toMatchObject({ errorName: 'FENCED_INSTANCE_ID' });
    await share(young);
  });

  it('G13: that has no assignor in common with the others is refused', async () => {
    const { join } = await setup();
    await join(cooperative);
    await expect(join(eager)).rejects.toMatchObject({ errorName: 'INCONSISTENT_GROUP_PROTOCOL' });
  });
});

describe('a member by the protocol of KIP-848', () => {
  it('K3: whose commit carries an epoch that the broker does not take makes it again with its own', async () => {
    const { topic, group, joinProxied } = await setup();
    const { proxy, member } = await joinProxied(kip848);
    await share(member);
    await take(member.consumer, 4);
    const told: number[] = [];
    rewriteRequest(proxy, apis.offsetCommit, (request) => void request.generationIdOrMemberEpoch++);
    rewrite(proxy, apis.offsetCommit, ({ topics }) => void told.push(topics[0]!.partitions[0]!.errorCode));
    await member.consumer.commitOffsets();
    expect(told).toEqual([code.staleMemberEpoch]);
    expect([await stored(group, topic, 0), await stored(group, topic, 1)]).toEqual([2, 2]);
  });

  it('K4: reads a topic that is made after it has joined, which the coordinator may know before its metadata does', async () => {
    const [group, name] = [broker.freshName('group'), broker.freshName('later')];
    await using consumer = await BalancedConsumer.start(past, { consumerGroup: group, topics: [name], ...kip848 });
    expect(consumer.assignment).toEqual([]);
    const topic = await broker.createTopic({ name, partitions: 2 });
    await write(topic, ['first'], 1);
    expect(await take(consumer, 1)).toEqual(['first']);
    expect(numbers(consumer.assignment)).toEqual([0, 1]);
  });

  it('K5: gives up what goes only when its hook is done, also when the answer to that is lost: nobody else has it before', async () => {
    const { join, joinProxied } = await setup();
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let isRevoking = false;
    const onRevoked = (): Promise<void> => {
      isRevoking = true;
      return released;
    };
    const { proxy, member } = await joinProxied({ ...kip848, onRevoked });
    await share(member);
    const other = await join(kip848);
    await settles(() => isRevoking);
    const beats = proxy.delayResponse('ConsumerGroupHeartbeat', 0, { times: Infinity });
    await settles(() => beats.count > 1);
    expect(other.owned).toEqual([]);
    beats.stop();
    const lost = proxy.dropResponse('ConsumerGroupHeartbeat');
    letGo();
    await share(member, other);
    expect([lost.count, [...member.owned, ...other.owned].sort()]).toEqual([1, [0, 1]]);
  });

  it.each([
    ['the answer is lost', (proxy: FaultProxy) => Promise.resolve(void proxy.dropResponse('ConsumerGroupHeartbeat', { times: 2 }))],
    ['the coordinator moves', (_: FaultProxy, group: string) => moveCoordinator(group).then(() => {})],
  ])('K6: has left when it is closed, though %s', async (_name, fault) => {
    const { group, joinProxied, members } = await setup();
    const { proxy, member } = await joinProxied(kip848);
    await share(member);
    await fault(proxy, group);
    await member.consumer.close();
    expect(await members()).toBe(0);
  });

  it('K7: follows the broker when it wants heartbeats more often', async () => {
    const { group, joinProxied } = await setup();
    const { proxy, member } = await joinProxied(kip848);
    await share(member);
    const wanted = new Set<number>();
    let beats = 0;
    const count = rewrite(proxy, apis.consumerGroupHeartbeat, (answer) => void wanted.add(answer.heartbeatIntervalMs), { times: Infinity });
    await settles(() => wanted.has(1000));
    await shortSessions(group);
    await settles(() => wanted.has(500));
    count.stop();
    // At their own pace these would take fifty seconds and more.
    const often = (answer: { heartbeatIntervalMs: number }): void => {
      beats++;
      answer.heartbeatIntervalMs = 20;
    };
    rewrite(proxy, apis.consumerGroupHeartbeat, often, { times: Infinity });
    await settles(() => beats > 100);
    expect(member.told).toEqual(['assigned 0,1']);
  });
});

function assignmentOf(topic: TestTopic): Buffer {
  const w = new Writer();
  w.int16(0);
  consumerProtocolAssignment.write(w, 0, { assignedPartitions: [{ topic: topic.name, partitions: [0] }], userData: null });
  return w.toBuffer();
}
