import {
  alterGroupOffsets,
  createTopics,
  deleteGroups,
  describeGroups,
  groupOffsets,
  listGroups,
  NoBrokersAvailableError,
  valuesOf,
  TimeoutError,
} from '@tskafka/core';
import { BalancedConsumer } from '@tskafka/consumer';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('groups that are asked for while brokers fail', () => {
  let scene: Scene;
  beforeEach(async () => {
    const begun = await Scene.start({ brokers: 3, topics: { orders: 1 } });
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
    await scene.connect();
  });

  /** A group with a commit and without members, on the broker that coordinates it. */
  async function emptyGroup(name: string): Promise<number> {
    const consumer = await scene.settledWithin(BalancedConsumer.start(scene.client.topic('orders'), { consumerGroup: name }), 10_000);
    await scene.settledWithin(consumer.commitOffsets([[0, 0]]), 1000);
    await scene.settledWithin(consumer.close(), 10_000);
    return scene.cluster.group(name).coordinator;
  }

  it('C5: when the answer to a deletion was lost, GROUP_ID_NOT_FOUND says that this call may have done it', async () => {
    await emptyGroup('billing');
    scene.cluster.dropResponse('DeleteGroups');
    const deleted = await scene.settledWithin(deleteGroups(scene.client, ['billing']), 5000);
    expect(deleted.get('billing')).toMatchObject({ errorName: 'GROUP_ID_NOT_FOUND' });
    expect(deleted.get('billing')!.message).toContain('an earlier attempt of this call was lost: it may have done this');
    const again = await scene.settledWithin(deleteGroups(scene.client, ['billing']), 5000);
    expect(again.get('billing')!.message).not.toContain('lost');
  });

  it('a group whose coordinator is out of reach fails alone', async () => {
    const [a, b] = [await emptyGroup('a'), await emptyGroup('b')];
    expect(a).not.toBe(b);
    scene.cluster.hold('DeleteGroups', { broker: a });
    const deleted = await scene.settledWithin(deleteGroups(scene.client, ['a', 'b'], { timeoutMs: 3000 }), 5000);
    expect(deleted.get('a')).toMatchObject({ name: 'TimeoutError', message: "deleteGroups of group 'a': no answer within 3000 ms" });
    expect(deleted.get('b')).toBeUndefined();
  });

  it('those of brokers that tell are listed, beside the errors of those that do not', async () => {
    const [a, b] = [await emptyGroup('a'), await emptyGroup('b')];
    scene.cluster.fail('ListGroups', ['CLUSTER_AUTHORIZATION_FAILED'], { broker: a });
    const { groups, errors } = await scene.settledWithin(listGroups(scene.client), 5000);
    expect(groups.map(({ group }) => group)).toEqual(['b']);
    expect([...errors.keys()]).toEqual([a]);
    expect(errors.get(a)).toMatchObject({ errorName: 'CLUSTER_AUTHORIZATION_FAILED' });
    expect(b).not.toBe(a);
  });

  it('many groups ask for topics once, and each leader once', async () => {
    for (const group of ['a', 'b', 'c', 'd']) await emptyGroup(group);
    const before = scene.cluster.requests().length;
    const offsets = await scene.settledWithin(groupOffsets(scene.client, ['a', 'b', 'c', 'd']), 1000);
    expect([...valuesOf(offsets).values()].flat().map(({ lag }) => lag)).toEqual([0, 0, 0, 0]);
    const asked = scene.cluster.requests().slice(before).map(({ api }) => api); // prettier-ignore
    expect(asked.filter((api) => api === 'Metadata')).toHaveLength(1);
    expect(asked.filter((api) => api === 'ListOffsets')).toHaveLength(1);
  });

  it('many groups are asked for together: each coordinator gets a request for all that it has', async () => {
    const { cluster, client } = scene;
    const groups = Array.from({ length: 300 }, (_, i) => `group-${i}`);
    await scene.settledWithin(Promise.all(groups.map((group) => alterGroupOffsets(client, group, [{ topic: 'orders', partition: 0, offset: 0 }]))), 5000); // prettier-ignore
    const other = await scene.connect();
    const before = cluster.requests().length;
    const described = valuesOf(await scene.settledWithin(describeGroups(other, groups), 2000));
    const offsets = valuesOf(await scene.settledWithin(groupOffsets(other, groups), 2000));
    expect([...described.values()].map(({ state }) => state)).toEqual(groups.map(() => 'Empty'));
    expect([...offsets.values()].map(([told]) => told?.lag)).toEqual(groups.map(() => 0));
    const deleted = valuesOf(await scene.settledWithin(deleteGroups(other, groups), 2000));
    expect(deleted.size).toBe(300);
    const counts: Record<string, number> = {};
    for (const { api } of cluster.requests().slice(before)) counts[api] = (counts[api] ?? 0) + 1;
    expect(counts).toMatchObject({ FindCoordinator: 1, ConsumerGroupDescribe: 3, DescribeGroups: 3, OffsetFetch: 3, DeleteGroups: 3 });
  });

  it('a group whose coordinator has moved is asked for again, without the others', async () => {
    const [a, b] = [await emptyGroup('a'), await emptyGroup('b')];
    scene.cluster.fail('OffsetFetch', ['NOT_COORDINATOR'], { broker: a });
    const before = scene.cluster.requests().length;
    const offsets = valuesOf(await scene.settledWithin(groupOffsets(scene.client, ['a', 'b']), 5000));
    expect([...offsets.values()].flat().map(({ lag }) => lag)).toEqual([0, 0]);
    const asked = scene.cluster.requests().slice(before).filter(({ api }) => api === 'OffsetFetch').map(({ broker }) => broker); // prettier-ignore
    expect(asked).toEqual([a, b, a]);
  });

  it('what needs several requests ends when the whole time is over', async () => {
    await emptyGroup('a');
    for (const api of ['OffsetFetch', 'Metadata', 'ListOffsets'] as const) scene.cluster.delay(api, 700);
    const told = groupOffsets(scene.client, 'a', { timeoutMs: 1500 });
    expect(
      await scene.timeOf(
        told.catch(() => {}),
        5000,
      ),
    ).toBe(1500);
    await expect(told).rejects.toBeInstanceOf(TimeoutError);
  });

  it('a leader that is silent leaves its partitions without an end, and no others', async () => {
    const { cluster, client } = scene;
    valuesOf(await scene.settledWithin(createTopics(client, [{ name: 'pair', assignments: [[1], [2]] }]), 5000));
    const places = [0, 1].map((partition) => ({ topic: 'pair', partition, offset: 0 }));
    valuesOf(await scene.settledWithin(alterGroupOffsets(client, 'billing', places), 5000));
    cluster.hold('ListOffsets', { broker: 2 });
    const offsets = await scene.settledWithin(groupOffsets(client, 'billing', { timeoutMs: 2000 }), 3000);
    expect(offsets.map(({ lag }) => lag)).toEqual([0, undefined]);
  });

  it('a partition without a leader has no end, and the others have theirs', async () => {
    const { cluster, client } = scene;
    valuesOf(await scene.settledWithin(createTopics(client, [{ name: 'pair', assignments: [[1], [2]] }]), 5000));
    const places = [0, 1].map((partition) => ({ topic: 'pair', partition, offset: 0 }));
    valuesOf(await scene.settledWithin(alterGroupOffsets(client, 'billing', places), 5000));
    const { coordinator } = cluster.group('billing');
    const down = coordinator === 2 ? 1 : 2;
    await cluster.broker(down).down();
    const offsets = await scene.settledWithin(groupOffsets(client, 'billing', { timeoutMs: 2000 }), 10_000);
    const told = (partition: number) => (partition === down - 1 ? undefined : 0);
    expect(offsets).toMatchObject([0, 1].map((partition) => ({ partition, offset: 0, end: told(partition), lag: told(partition) })));
  });

  it('nothing is listed where no broker can be reached: that rejects', async () => {
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).down();
    const listed = scene.settledWithin(listGroups(scene.client, { timeoutMs: 60_000 }), 90_000);
    await expect(listed).rejects.toBeInstanceOf(NoBrokersAvailableError);
  });
});

it('brokers that cannot wait for transactions (before 2.5) tell what is committed', async () => {
  await using scene = await Scene.start({ kafkaVersion: '2.4', topics: { orders: 1 } });
  const client = await scene.connect();
  expect(await scene.settledWithin(groupOffsets(client, 'billing', { requireStable: true }), 1000)).toEqual([]);
});

it.each(['2.1', '2.8'])('brokers of %s, which are asked for one group at a time, tell many all the same', async (kafkaVersion) => {
  await using scene = await Scene.start({ brokers: 3, topics: { orders: 1 }, kafkaVersion });
  const client = await scene.connect();
  const groups = ['a', 'b', 'c', 'd', 'e'];
  await scene.settledWithin(Promise.all(groups.map((group) => alterGroupOffsets(client, group, [{ topic: 'orders', partition: 0, offset: 0 }]))), 5000); // prettier-ignore
  const other = await scene.connect();
  const before = scene.cluster.requests().length;
  const offsets = valuesOf(await scene.settledWithin(groupOffsets(other, groups), 2000));
  expect([...offsets].map(([group, told]) => [group, told.length])).toEqual(groups.map((group) => [group, 1]));
  const described = valuesOf(await scene.settledWithin(describeGroups(other, groups), 2000));
  expect([...described.values()].map(({ group, state }) => [group, state])).toEqual(groups.map((group) => [group, 'Empty']));
  const asked = scene.cluster.requests().slice(before).map(({ api }) => api); // prettier-ignore
  expect(asked.filter((api) => api === 'OffsetFetch')).toHaveLength(5);
  expect(asked.filter((api) => api === 'FindCoordinator')).toHaveLength(5);
  expect(asked.filter((api) => api === 'DescribeGroups').length).toBeLessThanOrEqual(3);
});
