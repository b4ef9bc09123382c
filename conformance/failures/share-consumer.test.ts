import { type Acknowledged, ShareConsumer } from '@tskafka/consumer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { append, explicit, begin, delivered, group, join, leader, scene, take, within, useShareScene } from './share-scene.ts';

useShareScene();

describe('a share consumer', () => {
  it('waits in a loop while no broker can be reached, tells consume(), and goes on', async () => {
    const consumer = await join();
    await take(consumer, 4);
    const looped: string[] = [];
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).down({ failover: false });
    await expect(within(consumer.consume(), 120_000)).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
    const looping = (async () => {
      for await (const { value } of consumer) if (looped.push(String(value)) > 0) break;
    })();
    await scene.clock.advance(60_000);
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).up();
    append('4');
    await within(looping);
    expect(looped).toHaveLength(1);
  });

  it('has left its group when run() resolves behind close(): the program may end then', async () => {
    const consumer = await join();
    const handled: number[] = [];
    const running = consumer.run(({ offset }) => {
      if (handled.push(offset) === 4) void consumer.close();
    });
    expect(await within(running.then(() => group().members()))).toEqual([]);
    expect(handled.sort()).toEqual([0, 1, 2, 3]);
  });

  it('fetches for a reader who does not wait', async () => {
    const consumer = await join({ consumerTimeoutMs: 0 });
    expect(await consumer.consume()).toBeUndefined();
    await scene.clock.advance(1000);
    expect(await consumer.consume()).toMatchObject({ offset: 0 });
  });

  it('ends when its client is closed', async () => {
    const consumer = await join();
    await take(consumer, 4);
    const reading = consumer.consume();
    await scene.client.close();
    await expect(within(reading)).rejects.toMatchObject({ name: 'ClosedError' });
    await within(consumer.close());
  });

  it('is not stopped by a callback that throws', async () => {
    await begin({ topics: { orders: { partitions: 2, replicationFactor: 3 } } });
    const topic = scene.cluster.topic('orders');
    topic.moveLeader(1, leader());
    topic.append({ value: 'of partition 1', partition: 1 });
    const consumer = await join({
      onAcknowledged: () => {
        throw new Error('the callback');
      },
    });
    await take(consumer, 5);
    expect(await within(consumer.commit())).toMatchObject([{ failed: 0 }, { failed: 0 }]);
    expect(consumer.stats()).toMatchObject({ acknowledged: 5, lockedMessages: 0 });
  });

  it('can be started again after a start that failed', async () => {
    scene.cluster.fail('ShareGroupHeartbeat', ['GROUP_AUTHORIZATION_FAILED']);
    const consumer = new ShareConsumer(scene.client.topic('orders'), { consumerGroup: 'workers' });
    onTestFinished(() => within(consumer.close()));
    await expect(within(consumer.start())).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED' });
    await expect(consumer.consume()).rejects.toMatchObject({ name: 'ClosedError' });
    await within(consumer.start());
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
  });

  it('closes within 500 ms during a long poll, however long that is', async () => {
    const consumer = await join({ fetchWaitMaxMs: 30_000 });
    await take(consumer, 4);
    await within(consumer.commit());
    consumer.consume().catch(() => {});
    await scene.clock.advance(1000);
    expect(await scene.timeOf(consumer.close(), 10_000)).toBeLessThanOrEqual(500);
    expect(group().members()).toEqual([]);
  });

  it('waits at close for a long poll that carries acknowledgements, and tells what became of them', async () => {
    const told: Acknowledged[] = [];
    const consumer = await join({ ...explicit, fetchWaitMaxMs: 2000, onAcknowledged: (acknowledged) => void told.push(acknowledged) });
    for (const message of await take(consumer, 4)) consumer.acknowledge(message);
    consumer.consume().catch(() => {});
    await scene.clock.advance(700);
    expect(told).toEqual([]);
    expect(await scene.timeOf(consumer.close(), 10_000)).toBeGreaterThan(500);
    expect(told.map(({ error }) => error)).toEqual([undefined]);
  });

  it('closes within closeTimeoutMs when brokers are silent', async () => {
    const consumer = await join({ ...explicit, closeTimeoutMs: 1000 });
    for (const message of await take(consumer, 4)) consumer.acknowledge(message);
    using _hold = scene.cluster.hold('ShareAcknowledge');
    expect(await scene.timeOf(consumer.close(), 10_000)).toBeLessThanOrEqual(1100);
  });

  it('gives back at close what it has locked', async () => {
    const consumer = await join();
    await take(consumer, 2);
    await within(consumer.close());
    const next = await join();
    expect(delivered(await take(next, 3))).toEqual(['1 x2', '2 x2', '3 x2']);
  });
});
