import { BalancedConsumer, type BalancedConsumerOptions } from '@tskafka/consumer';
import { alterConfigs, valuesOf } from '@tskafka/core';
import type { MockClusterOptions } from '@tskafka/testing';
import { expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

async function sceneWith(options: MockClusterOptions): Promise<Scene> {
  const scene = await Scene.start(options);
  onTestFinished(() => scene[Symbol.asyncDispose]());
  await scene.connect();
  return scene;
}

it('K7: heartbeats come as often as the broker says, also when it says something else', async () => {
  const scene = await sceneWith({ topics: { orders: 1 } });
  const options = { consumerGroup: 'readers', groupProtocol: 'consumer' } as const;
  const consumer = await scene.settledWithin(BalancedConsumer.start(scene.client.topic('orders'), options), 10_000);
  const heartbeats = (): number => scene.cluster.requests({ api: 'ConsumerGroupHeartbeat' }).length;
  const inAMinute = async (): Promise<number> => {
    const before = heartbeats();
    for (let second = 0; second < 60; second++) await scene.clock.advance(1000);
    return heartbeats() - before;
  };
  const often = await inAMinute();
  expect(often).toBeGreaterThanOrEqual(11);
  const change = { type: 'group', name: 'readers', set: { 'consumer.heartbeat.interval.ms': '15000' } } as const;
  valuesOf(await scene.settledWithin(alterConfigs(scene.client, [change]), 1000));
  await inAMinute();
  const seldom = await inAMinute();
  expect(seldom).toBeGreaterThanOrEqual(3);
  expect(seldom).toBeLessThanOrEqual(5);
  await scene.settledWithin(consumer.close(), 10_000);
});

it.each<BalancedConsumerOptions['groupProtocol'] & string>(['classic', 'consumer'])(
  'G2: while all brokers restart one by one no %s group rebalances, and nothing is missed or read twice',
  async (groupProtocol) => {
    const scene = await sceneWith({ brokers: 3, topics: { orders: { partitions: 3, replicationFactor: 3 } } });
    const told: string[] = [];
    const tell = (what: string) => (): void => void told.push(what);
    const consumer = new BalancedConsumer(scene.client.topic('orders'), {
      ...{ consumerGroup: 'readers', groupProtocol, autoCommitEnable: true, autoCommitIntervalMs: 500 },
      ...{ onAssigned: tell('assigned'), onRevoked: tell('revoked'), onLost: tell('lost') },
    });
    await scene.settledWithin(consumer.start(), 30_000);
    const read: string[] = [];
    const reading = (async () => {
      for await (const { value } of consumer) read.push(String(value));
    })();

    let written = 0;
    const write = (): void => {
      for (let partition = 0; partition < 3; partition++) scene.cluster.topic('orders').append({ partition, value: String(written++) });
    };
    for (const id of scene.cluster.brokerIds) {
      write();
      await scene.cluster.broker(id).down();
      for (let step = 0; step < 300; step++) await scene.clock.advance(10);
      write();
      await scene.cluster.broker(id).up();
      for (let step = 0; step < 500; step++) await scene.clock.advance(10);
      write();
    }
    for (let step = 0; step < 1000 && read.length < written; step++) await scene.clock.advance(10);
    expect(read.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, i) => i));
    expect(told).toEqual(['assigned']);
    await scene.settledWithin(consumer.close(), 30_000);
    await reading;
  },
);

/** Brokers that expect a heartbeat each second, and expel who is not heard of for ten. */
const shortSessions = {
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '10000',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.heartbeat.interval.ms': '1000',
};

it('G6: a member by KIP-848, too, hands out nothing when the coordinator may have given away what it has', async () => {
  const scene = await sceneWith({ topics: { orders: 1 }, configs: shortSessions });
  scene.cluster.topic('orders').append('0', '1', '2');
  const options = { consumerGroup: 'readers', groupProtocol: 'consumer' } as const;
  const consumer = await scene.settledWithin(BalancedConsumer.start(scene.client.topic('orders'), options), 10_000);
  expect(await scene.settledWithin(consumer.consume(), 10_000)).toBeDefined();
  const hold = scene.cluster.hold('ConsumerGroupHeartbeat', { times: 99 });
  await scene.clock.advance(10_000);
  let isSettled = false;
  const next = consumer.consume().finally(() => (isSettled = true));
  await scene.clock.advance(100);
  expect(isSettled).toBe(false);
  hold.release();
  expect(await scene.settledWithin(next, 10_000)).toBeDefined();
  await scene.settledWithin(consumer.close(), 10_000);
});

it('K1: an answer in full, to a member that has missed one, is no rebalance when nothing has changed', async () => {
  const scene = await sceneWith({ topics: { orders: 1 }, configs: shortSessions });
  let count = 0;
  const options = { consumerGroup: 'readers', groupProtocol: 'consumer', onAssigned: () => void count++ } as const;
  const consumer = await scene.settledWithin(BalancedConsumer.start(scene.client.topic('orders'), options), 10_000);
  const fault = scene.cluster.dropResponse('ConsumerGroupHeartbeat', { times: 1 });
  for (let second = 0; second < 5; second++) await scene.clock.advance(1000);
  expect(fault.fired).toBe(1);
  expect(count).toBe(1);
  await scene.settledWithin(consumer.close(), 10_000);
});
