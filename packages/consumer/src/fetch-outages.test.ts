import { clusterSymbol } from '@tskafka/core/internal';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { client, clock, cluster, consumer, next, setUp, topic, within } from './consumer-scene.ts';
import { SimpleConsumer } from './simple-consumer.ts';
import { valueOf } from './test-records.ts';

describe('brokers that go away', () => {
  const allDown = () => Promise.all(cluster.brokerIds.map((id) => cluster.broker(id).down({ failover: false })));
  const allUp = () => Promise.all(cluster.brokerIds.map((id) => cluster.broker(id).up()));

  it('F22: consume() rejects after unavailableTimeoutMs, the consumer lives on, and the next call works once a broker is back', async () => {
    await setUp();
    topic.append('0');
    expect(await next()).toBe('0');
    await allDown();
    await expect(within(40_000, consumer.consume())).rejects.toMatchObject({
      name: 'NoBrokersAvailableError',
      message: expect.stringContaining('mock-1'),
    });
    await clock.advance(60_000);
    await allUp();
    topic.append('1');
    expect(await next(3000)).toBe('1');
  });

  it('F22: `for await` waits through it', async () => {
    await setUp();
    topic.append('0');
    const messages = consumer[Symbol.asyncIterator]();
    expect(valueOf((await within(1000, messages.next())).value)).toBe('0');
    const message = messages.next();
    await allDown();
    await clock.advance(120_000);
    await allUp();
    topic.append('1');
    expect(valueOf((await within(3000, message)).value)).toBe('1');
  });

  it('reconnects when the broker has restarted while nobody read', async () => {
    await setUp();
    topic.append('0');
    expect(await next()).toBe('0');
    await allDown();
    await clock.advance(2000);
    await allUp();
    topic.append('1');
    expect(await next(3000)).toBe('1');
  });

  it('heals by stop and start, too', async () => {
    await setUp({ client: { unavailableTimeoutMs: 1000 } });
    topic.append('0', '1');
    expect(await next()).toBe('0');
    await consumer.stop();
    await allDown();
    await within(1000, consumer.start());
    await expect(within(5000, consumer.consume())).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
    await allUp();
    await consumer.stop();
    await within(1000, consumer.start());
    expect(await next(3000)).toBe('1');
  });

  it('goes on with the partitions of the brokers that are left', async () => {
    await setUp({ partitions: 2, before: () => topic.moveLeader(1, 2) });
    await cluster.broker(1).down({ failover: false });
    topic.append({ value: 'from 2', partition: 1 });
    expect(await next(2000)).toBe('from 2');
  });

  it('S2: close() ends within closeTimeoutMs when the coordinator is silent, and at once without a commit to make', async () => {
    await setUp({ consumer: { consumerGroup: 'readers', autoCommitEnable: true, closeTimeoutMs: 1000 } });
    topic.append('0', '1');
    await next();
    for (const id of cluster.brokerIds) cluster.broker(id).blackhole();
    const before = clock.now();
    await within(2000, consumer.close());
    expect(clock.now() - before).toBeLessThanOrEqual(1005);
    await within(10, consumer.close());
  });

  it('a client that is closed ends what its consumers wait for', async () => {
    await setUp();
    const message = consumer.consume();
    await clock.advance(100);
    await client.close();
    await expect(within(100, message)).rejects.toMatchObject({ name: 'ClosedError' });
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('R5: a thousand consumers, closed at any moment, leave no connection, no timer and no listener behind', async () => {
    await setUp({ partitions: 3 });
    topic.append('0', { value: '1', partition: 1 });
    const { closing } = client[clusterSymbol];
    const count = () => [getEventListeners(closing, 'abort').length, cluster.brokerIds.map((id) => cluster.broker(id).connectionCount), clock.pendingTimers]; // prettier-ignore
    const cycle = async (moments: number): Promise<void> => {
      const one = new SimpleConsumer(client.topic('orders'));
      const started = one.start().then(() => one.consume());
      started.catch(() => {});
      for (let i = 0; i < moments; i++) await Promise.resolve();
      await one.close();
      await started.catch(() => {});
    };
    await cycle(1000);
    await clock.advance(0);
    const before = count();
    for (let i = 0; i < 1000; i++) await cycle(i % 200);
    await clock.advance(0);
    expect(count()).toEqual(before);
  });

  it('S3: nothing is left of a consumer that is closed while it starts, connects or looks for an offset', async () => {
    for (const api of ['ListOffsets', 'OffsetFetch', 'Fetch'] as const) {
      await setUp();
      using hold = cluster.hold(api);
      const closing = new SimpleConsumer(client.topic('orders'), { consumerGroup: 'readers' });
      const started = closing.start().then(() => closing.consume());
      const ended = expect(started).rejects.toMatchObject({ name: 'ClosedError' });
      await within(1000, hold.held());
      await within(500, closing.close());
      await ended;
      await client.close();
      await clock.advance(0);
      expect(clock.pendingTimers).toBe(0);
      hold.release();
      await cluster.close();
    }
  });
});
