import { ShareConsumer } from '@tskafka/consumer';
import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  append,
  begin,
  delivered,
  explicit,
  group,
  join,
  scene,
  take,
  takeWhileTold,
  until,
  within,
  useShareScene,
} from './share-scene.ts';

useShareScene();

describe('a member of a share group', () => {
  it('joins once, though the answer to its first heartbeat is lost', async () => {
    const fault = scene.cluster.dropResponse('ShareGroupHeartbeat');
    const consumer = await join();
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
    expect(fault.fired).toBe(1);
    expect(group().members()).toHaveLength(1);
  });

  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID', 'GROUP_ID_NOT_FOUND'] as const)(
    'joins anew after %s, and what it has in hand is its own still',
    async (code) => {
      const consumer = await join(explicit);
      const messages = await take(consumer, 4);
      const fault = scene.cluster.fail('ShareGroupHeartbeat', [code]);
      await until(() => fault.fired === 1);
      await scene.clock.advance(1000);
      for (const message of messages) consumer.acknowledge(message);
      expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 0 }]);
      append('4');
      expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
    },
  );

  it('joins anew when it was taken out of its group', async () => {
    const consumer = await join();
    await take(consumer, 4);
    group().evict(group().members()[0]!.memberId);
    await until(() => group().members().length === 1);
    append('4');
    expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
  });

  it('finds its coordinator again when it has moved', async () => {
    const consumer = await join();
    const fault = scene.cluster.fail('ShareGroupHeartbeat', [errorCodes.NOT_COORDINATOR, errorCodes.COORDINATOR_LOAD_IN_PROGRESS]);
    await until(() => fault.fired === 2);
    expect(delivered(await take(consumer, 4))).toEqual(['0 x1', '1 x1', '2 x1', '3 x1']);
    expect(consumer.health().isHealthy).toBe(true);
  });

  it('is refused with one clear error where the cluster is too old', async () => {
    await begin({ kafkaVersion: '4.0' });
    await expect(join()).rejects.toMatchObject({ name: 'UnsupportedVersionError', message: expect.stringMatching(/4\.2.*share\.version/) });
  });

  it.each(['GROUP_AUTHORIZATION_FAILED', 'GROUP_MAX_SIZE_REACHED'] as const)('is told %s when it starts', async (code) => {
    scene.cluster.fail('ShareGroupHeartbeat', [code]);
    await expect(join()).rejects.toMatchObject({ errorName: code });
  });

  it('may be started again after a start that found no broker, and is nobody in between', async () => {
    const consumer = new ShareConsumer(scene.client.topic('orders'), { consumerGroup: 'workers' });
    onTestFinished(() => within(consumer.close()));
    const all = scene.cluster.brokerIds.map((id) => scene.cluster.broker(id));
    const away = scene.cluster.intercept('ShareGroupHeartbeat', async (call) => {
      away.stop();
      await Promise.all(all.map((broker) => broker.down({ failover: false })));
      return call.drop();
    });
    await expect(within(consumer.start(), 120_000)).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
    for (const broker of all) await broker.up();
    await scene.clock.advance(60_000);
    expect(group().members()).toEqual([]);
    await within(consumer.start());
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
  });

  it('is told that it may not see one of its topics any more, and stays a member', async () => {
    const consumer = await join();
    await take(consumer, 4);
    const denied = scene.cluster.fail('ShareGroupHeartbeat', ['TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED']);
    await expect(within(consumer.consume())).rejects.toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
    await until(() => denied.fired === 2);
    append('4');
    expect(delivered(await takeWhileTold(consumer, 1))).toEqual(['4 x1']);
    expect(group().members()).toHaveLength(1);
  });

  it('leaves nobody behind when it is closed before its first heartbeat was read', async () => {
    const hold = scene.cluster.hold('ShareGroupHeartbeat', { times: 1 });
    const consumer = new ShareConsumer(scene.client.topic('orders'), { consumerGroup: 'workers' });
    const starting = consumer.start();
    starting.catch(() => {});
    await until(() => scene.cluster.requests({ api: 'ShareGroupHeartbeat' }).length > 0);
    const closing = consumer.close();
    await scene.clock.advance(1000);
    hold.release();
    await within(closing, 5000);
    await scene.clock.advance(1000);
    expect(group().members()).toEqual([]);
    await expect(starting).rejects.toMatchObject({ name: 'ClosedError' });
  });
});

describe('a share consumer that nobody asks for messages', () => {
  const options = { ...explicit, maxPollIntervalMs: 10_000 };

  it('G5: leaves after maxPollIntervalMs, gives back what waits in its queue, and is back when somebody asks', async () => {
    const consumer = await join(options);
    const [first] = await take(consumer, 1);
    await scene.clock.advance(9000);
    expect(group().members()).toHaveLength(1);
    await until(() => group().members().length === 0, 2000);
    expect(consumer.health()).toMatchObject({ isMember: false, partitions: [] });
    const other = await join();
    expect(delivered(await take(other, 3))).toEqual(['1 x2', '2 x2', '3 x2']);
    await within(other.close());
    // What the program has in hand is its own as long as the lock lasts.
    consumer.acknowledge(first!);
    await within(consumer.commit());
    append('4');
    const again = within(consumer.consume());
    expect(String((await again)!.value)).not.toBe('0');
    expect(group().members()).toHaveLength(1);
  });

  it('G5: stays as long as somebody waits, takes what is there, or has it handed to a handler', async () => {
    const consumer = await join(options);
    await scene.clock.advance(6000);
    for (let i = 0; i < 4; i++) {
      await take(consumer, 1);
      await scene.clock.advance(6000);
    }
    const running = consumer.run(() => {});
    await scene.clock.advance(60_000);
    expect(group().members()).toHaveLength(1);
    await within(consumer.close());
    await running;
  });

  it('G15: that has left and is closed is not back afterwards', async () => {
    const consumer = await join(options);
    await until(() => group().members().length === 0, 12_000);
    const waiting = consumer.consume().catch((error: Error) => error.name);
    await within(consumer.close(), 1000);
    expect(await waiting).toBe('ClosedError');
    await scene.clock.advance(60_000);
    expect(group().members()).toHaveLength(0);
  });
});
