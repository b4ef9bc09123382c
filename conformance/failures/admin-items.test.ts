import {
  alterConfigs,
  createPartitions,
  createTopics,
  deleteRecords,
  describeCluster,
  describeConfigs,
  describeLogDirs,
  describeTopics,
  KafkaError,
  type RecordsToDelete,
  valuesOf,
} from '@tskafka/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('a cluster administered while brokers fail', () => {
  let scene: Scene;
  beforeEach(async () => {
    const begun = await Scene.start({ topics: { orders: 3 }, brokers: 3 });
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
    await scene.connect();
  });

  const items: readonly RecordsToDelete[] = [0, 1, 2].map((partition) => ({ topic: 'orders', partition, before: 0 }));

  it('what a leader did not take is asked for again, and only that', async () => {
    const fault = scene.cluster.fail('DeleteRecords', ['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE'], {
      topic: 'orders',
      partition: 1,
    });
    const deleted = await scene.settledWithin(deleteRecords(scene.client, items), 5000);
    expect([...valuesOf(deleted)]).toEqual(items.map((item) => [item, 0]));
    expect(fault.fired).toBe(2);
    expect(scene.cluster.requests({ api: 'DeleteRecords' })).toHaveLength(3 + 2);
  });

  it('what cannot be mended is the entry of its partition alone', async () => {
    scene.cluster.fail('DeleteRecords', Array(100).fill('TOPIC_AUTHORIZATION_FAILED'), { topic: 'orders', partition: 1 });
    const deleted = await scene.settledWithin(deleteRecords(scene.client, items), 5000);
    expect([...deleted.values()]).toEqual([0, expect.objectContaining({ errorName: 'TOPIC_AUTHORIZATION_FAILED' }), 0]);
    expect(() => valuesOf(deleted)).toThrow(/TOPIC_AUTHORIZATION_FAILED/);
  });

  it('what a leader never takes keeps its last error when the time is over', async () => {
    scene.cluster.fail('DeleteRecords', Array(1000).fill('REQUEST_TIMED_OUT'), { topic: 'orders', partition: 1 });
    const deleted = await scene.settledWithin(deleteRecords(scene.client, items, { timeoutMs: 2000 }), 2500);
    expect([...deleted.values()]).toEqual([0, expect.objectContaining({ errorName: 'REQUEST_TIMED_OUT' }), 0]);
  });

  it('a topic that there is not holds up nobody, and its wait is part of the time', async () => {
    scene.cluster.fail('DeleteRecords', Array(1000).fill('REQUEST_TIMED_OUT'), { topic: 'orders', partition: 1 });
    const nowhere = { topic: 'nowhere', partition: 0, before: 0 } as const;
    const start = scene.clock.now();
    const deleted = deleteRecords(scene.client, [...items, nowhere], { timeoutMs: 3000 });
    await scene.clock.advance(100);
    expect(scene.cluster.requests({ api: 'DeleteRecords' }).length).toBeGreaterThan(2);
    const codes = [...(await scene.settledWithin(deleted, 5000)).values()];
    expect(codes).toEqual([
      0,
      expect.objectContaining({ errorName: 'REQUEST_TIMED_OUT' }),
      0,
      expect.objectContaining({
        errorName: 'UNKNOWN_TOPIC_OR_PARTITION',
        message: expect.stringContaining("topic 'nowhere' does not exist"),
      }),
    ]);
    expect(scene.clock.now() - start).toBeLessThan(3100);
  });

  it('a broker that is down is the entry of what is asked of it alone', async () => {
    await scene.cluster.broker(2).down();
    const dirs = await scene.settledWithin(describeLogDirs(scene.client, [1, 2, 3], { timeoutMs: 2000 }), 5000);
    expect([...dirs.values()].map((entry) => entry instanceof KafkaError)).toEqual([false, true, false]);
    const resources = [{ type: 'broker', name: '2' } as const, { type: 'broker', name: '3' } as const];
    const configs = await scene.settledWithin(describeConfigs(scene.client, resources, { timeoutMs: 2000 }), 5000);
    expect(configs.get(resources[0]!)).toBeInstanceOf(KafkaError);
    expect(configs.get(resources[1]!)).toBeInstanceOf(Map);
  });

  it('any broker is asked that is there', async () => {
    await scene.cluster.broker(1).down();
    expect((await scene.settledWithin(describeCluster(scene.client), 5000)).brokers.map(({ id }) => id)).toEqual([2, 3]);
    expect(valuesOf(await scene.settledWithin(describeTopics(scene.client, ['orders']), 5000)).get('orders')!.partitions).toHaveLength(3);
  });

  it('C5: when the answer was lost, INVALID_PARTITIONS says that this call may have made them', async () => {
    scene.cluster.dropResponse('CreatePartitions');
    const created = await scene.settledWithin(createPartitions(scene.client, [{ topic: 'orders', partitions: 5 }]), 3000);
    expect(created.get('orders')).toMatchObject({ errorName: 'INVALID_PARTITIONS' });
    expect(created.get('orders')!.message).toContain('it may have done this');
  });

  it('C5: a change of configuration is made again when its answer was lost', async () => {
    scene.cluster.dropResponse('IncrementalAlterConfigs');
    const change = { type: 'topic', name: 'orders', append: { 'cleanup.policy': 'compact' } } as const;
    expect(await scene.settledWithin(alterConfigs(scene.client, [change]), 3000)).toEqual(new Map([[change, undefined]]));
    const topic = { type: 'topic', name: 'orders' } as const;
    const configs = valuesOf(await scene.settledWithin(describeConfigs(scene.client, [topic]), 1000)).get(topic)!;
    expect(configs.get('cleanup.policy')!.value).toBe('delete,compact');
  });

  it('a quota on changes (KIP-599) is waited for, and only by those that it holds back', async () => {
    let calls = 0;
    scene.cluster.intercept('CreateTopics', async (call) => {
      const response = (await call.pass())!;
      if (calls++ > 0) return response;
      return { ...response, topics: response.topics.map((topic) => (topic.name === 'held' ? { ...topic, errorCode: 89 } : topic)) };
    });
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }, { name: 'held' }]), 3000);
    expect(created.get('made')).toBeUndefined();
    // The interception held back only the answer: so the second request finds it there. It does not ask for the other one again.
    expect(created.get('held')).toMatchObject({ errorName: 'TOPIC_ALREADY_EXISTS' });
    expect(calls).toBe(2);
  });

  it('whoever gives up is heard, also between two attempts', async () => {
    scene.cluster.fail('DeleteRecords', Array(1000).fill('LEADER_NOT_AVAILABLE'));
    const giveUp = new AbortController();
    const deleted = deleteRecords(scene.client, items, { signal: giveUp.signal });
    const reason = new KafkaError('no longer wanted');
    scene.clock.setTimeout(() => giveUp.abort(reason), 1000);
    await expect(scene.settledWithin(deleted, 2000)).rejects.toBe(reason);
  });

  it('a broker that keeps returning the same page of topics is not asked for ever', async () => {
    scene.cluster.intercept('DescribeTopicPartitions', async (call) => ({
      ...(await call.pass())!,
      nextCursor: { topicName: 'orders', partitionIndex: 1 },
    }));
    await expect(scene.settledWithin(describeTopics(scene.client, ['orders']), 3000)).rejects.toMatchObject({ name: 'ProtocolError' });
  });

  it('pages of topics become one list', async () => {
    let first = true;
    scene.cluster.intercept('DescribeTopicPartitions', async (call) => {
      const response = (await call.pass())!;
      if (!first) return { ...response, topics: response.topics.map((topic) => ({ ...topic, partitions: topic.partitions.slice(-2) })) };
      first = false;
      const topics = response.topics.map((topic) => ({ ...topic, partitions: topic.partitions.slice(0, 1) }));
      return { ...response, topics, nextCursor: { topicName: 'orders', partitionIndex: 1 } };
    });
    const { partitions } = valuesOf(await scene.settledWithin(describeTopics(scene.client, ['orders']), 3000)).get('orders')!;
    expect(partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  });
});
