import {
  BalancedConsumer,
  type BalancedConsumerOptions,
  type ConsumerPartition,
  type GroupProtocol,
  type KafkaClient,
} from '@tskafka/consumer';
import { deleteGroups, removeGroupMembers } from '@tskafka/core';
import { afterEach, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { assignment, Member, subscription } from '../groups/classic-member.ts';
import { until } from '../until.ts';
import { stored, take, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const consumers = new Set<BalancedConsumer>();
afterEach(async () => {
  await Promise.all([...consumers].map((consumer) => consumer.close()));
  consumers.clear();
});

let groups = 0;
const newGroup = (): string => `balanced-${process.pid}-${Date.now()}-${++groups}`;

async function topicOf(partitions: number, each = 2): Promise<TestTopic> {
  const topic = await broker.createTopic({ partitions });
  for (let partition = 0; partition < partitions; partition++) await write(topic, values(partition * 10, partition * 10 + each), partition);
  return topic;
}

type Options = Omit<BalancedConsumerOptions, 'consumerGroup'>;

async function join(topic: TestTopic, consumerGroup: string, options: Options = {}): Promise<BalancedConsumer> {
  const consumer = await BalancedConsumer.start(client.topic(topic.name), { consumerGroup, ...options });
  consumers.add(consumer);
  return consumer;
}

const owned = ({ assignment }: BalancedConsumer): number[] => assignment.map(({ partition }) => partition).sort((a, b) => a - b);
const numbers = (partitions: readonly ConsumerPartition[]): number[] => partitions.map(({ partition }) => partition).sort((a, b) => a - b);

/** Groups are rebalanced in the background, and a program sees it by its assignment. */
const settles = (isTrue: () => boolean): Promise<void> => until(String(isTrue), () => Promise.resolve(isTrue()));

/** The way that a group is joined: each protocol, and within the classic one both ways to rebalance. */
const ways: [name: string, options: Options][] = [
  ['the classic protocol, eager', { groupProtocol: 'classic', partitionAssignors: ['range'], heartbeatIntervalMs: 100 }],
  ['the classic protocol, cooperative', { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'], heartbeatIntervalMs: 100 }],
  ['the protocol of KIP-848', { groupProtocol: 'consumer' }],
];

describe.each(ways)('a group by %s', (_name, way) => {
  it('reads all partitions when it is alone', async () => {
    const topic = await topicOf(3);
    const consumer = await join(topic, newGroup(), way);
    await settles(() => owned(consumer).length === 3);
    expect((await take(consumer, 6)).sort()).toEqual(['0', '1', '10', '11', '20', '21']);
  });

  it('shares partitions with whoever comes, and takes over from whoever goes behind what was committed', async () => {
    const topic = await topicOf(4);
    const group = newGroup();
    const first = await join(topic, group, { ...way, autoCommitEnable: true });
    await settles(() => owned(first).length === 4);
    expect(await take(first, 8)).toHaveLength(8);
    const second = await join(topic, group, { ...way, autoCommitEnable: true });
    await settles(() => owned(first).length === 2 && owned(second).length === 2);
    expect([...owned(first), ...owned(second)].sort()).toEqual([0, 1, 2, 3]);
    for (const partition of owned(second)) await write(topic, [`new ${partition}`], partition);
    expect((await take(second, 2)).sort()).toEqual(owned(second).map((partition) => `new ${partition}`));
    const [gone] = owned(second);
    await second.close();
    await settles(() => owned(first).length === 4);
    expect(await stored(group, topic, gone)).toBe(3);
    await write(topic, ['last'], gone);
    expect(await take(first, 1)).toEqual(['last']);
  });

  it('G3: says what comes and goes, and a hook may commit for what goes', async () => {
    const topic = await topicOf(2);
    const group = newGroup();
    const told: string[] = [];
    const first = await join(topic, group, {
      ...way,
      onAssigned: (partitions) => told.push(`assigned ${numbers(partitions).join()}`),
      onRevoked: async (partitions, consumer) => {
        told.push(`revoked ${partitions.length}`);
        await consumer.commitOffsets(partitions.map((partition) => [partition, 1]));
      },
    });
    await settles(() => owned(first).length === 2);
    const second = await join(topic, group, way);
    await settles(() => owned(first).length === 1 && owned(second).length === 1);
    expect(told.filter((each) => each === 'assigned 0,1')).toHaveLength(1);
    expect(told.some((each) => each.startsWith('revoked'))).toBe(true);
    expect(second.position(second.assignment[0]!)).toBe(1);
  });

  it('goes on where postRebalanceCallback says', async () => {
    const topic = await topicOf(1, 5);
    const consumer = await join(topic, newGroup(), {
      ...way,
      postRebalanceCallback: (_consumer, _before, now) => now.map((partition) => [partition, 3] as const),
    });
    expect(await take(consumer, 2)).toEqual(['3', '4']);
  });

  it('joins again after stop() and start(), and goes on behind its commit', async () => {
    const topic = await topicOf(1, 5);
    const consumer = await join(topic, newGroup(), way);
    expect(await take(consumer, 2)).toEqual(['0', '1']);
    await consumer.commitOffsets();
    await consumer.stop();
    expect(consumer.assignment).toEqual([]);
    await consumer.start();
    expect(await take(consumer, 3)).toEqual(['2', '3', '4']);
  });

  it('G15: gives its partitions to the others at once when it is closed', async () => {
    const topic = await topicOf(2);
    const group = newGroup();
    const first = await join(topic, group, way);
    const second = await join(topic, group, way);
    await settles(() => owned(first).length === 1 && owned(second).length === 1);
    await first.close();
    await settles(() => owned(second).length === 2);
  });

  it('reads other topics after subscribe()', async () => {
    const [one, other] = [await topicOf(1), await topicOf(1, 3)];
    const consumer = await BalancedConsumer.start(client, { topics: [one.name], consumerGroup: newGroup(), ...way });
    consumers.add(consumer);
    expect(await take(consumer, 2)).toEqual(['0', '1']);
    consumer.subscribe([other.name]);
    await settles(() => consumer.assignment.some(({ topic }) => topic === other.name));
    expect(consumer.assignment.map(({ topic }) => topic)).toEqual([other.name]);
    expect(await take(consumer, 3)).toEqual(['0', '1', '2']);
  });

  it('G10: reads what it is subscribed to, and nothing else, when it comes back under its name for another topic', async () => {
    const [one, other] = [await topicOf(1), await topicOf(1)];
    const group = newGroup();
    const options = { ...way, groupInstanceId: 'one' };
    const before = await join(one, group, options);
    await settles(() => owned(before).length === 1);
    await before.close();
    const after = await join(other, group, options);
    expect(await take(after, 2)).toEqual(['0', '1']);
    expect(after.assignment.map(({ topic }) => topic)).toEqual([other.name]);
    expect(await stored(group, one)).toBeUndefined();
  });

  it('reads all topics whose whole name matches', async () => {
    const topic = await topicOf(1);
    const consumer = await BalancedConsumer.start(client, { topics: new RegExp(`${topic.name}.?`), consumerGroup: newGroup(), ...way });
    consumers.add(consumer);
    expect(await take(consumer, 2)).toEqual(['0', '1']);
  });
});

it('K2: a member whose group is deleted under it joins anew', async () => {
  const topic = await topicOf(1);
  const group = newGroup();
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const hooks = { onAssigned: tell('assigned'), onLost: tell('lost') };
  const consumer = await join(topic, group, { groupProtocol: 'consumer', ...hooks });
  await settles(() => owned(consumer).length === 1);
  expect(await take(consumer, 2)).toEqual(['0', '1']);
  await until('the group is deleted', async () => {
    await removeGroupMembers(client, group, 'all');
    return (await deleteGroups(client, [group])).get(group) === undefined;
  });
  await settles(() => told.includes('lost') && owned(consumer).length === 1);
  expect(await take(consumer, 2)).toEqual(['0', '1']);
});

const protocols: GroupProtocol[] = ['auto', 'classic', 'consumer'];
it.each(protocols)("with groupProtocol '%s' the first member decides, and 'auto' follows", async (groupProtocol) => {
  const topic = await topicOf(2);
  const group = newGroup();
  const first = await join(topic, group, { groupProtocol });
  const second = await join(topic, group);
  await settles(() => owned(first).length === 1 && owned(second).length === 1);
  expect([...owned(first), ...owned(second)].sort()).toEqual([0, 1]);
});

it('G3: a member that keeps its partitions may commit also between two generations: that waits for the next one', async () => {
  const topic = await topicOf(1, 4);
  const group = newGroup();
  const leader = await Member.connect(group, { protocols: [['cooperative-sticky', subscription(topic.name)]] });
  await leader.join();
  await leader.sync({ [leader.memberId]: assignment(topic.name) });
  const starting = join(topic, group, { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'], heartbeatIntervalMs: 100 });
  const takeIn = async (): Promise<string> => {
    await leader.isAskedToRejoin();
    const { members } = await leader.join();
    return members.find(({ memberId }) => memberId !== leader.memberId)!.memberId;
  };
  const id = await takeIn();
  await leader.sync({ [id]: assignment(topic.name, 0) });
  const consumer = await starting;
  expect(await take(consumer, 2)).toEqual(['0', '1']);
  // A leader that joins has all join again.
  await leader.joinOnce();
  const committing = consumer.commitOffsets();
  committing.catch(() => {});
  await leader.heartbeat();
  await leader.sync({ [id]: assignment(topic.name, 0) });
  await committing;
  expect(await stored(group, topic)).toBe(2);
  await leader.leave();
});
