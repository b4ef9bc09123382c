import { ShareConsumer } from '@tskafka/consumer';
import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { append, begin, delivered, explicit, group, join, scene, take, until, within, useShareScene } from './share-scene.ts';

useShareScene();

describe('a member of a share group', () => {
  it('joins once, though the answer to its first heartbeat is lost', async () => {
    const fault = scene.cluster.dropResponse('ShareGroupHeartbeat');
    const consumer = await join();
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
    expect(fault.fired).toBe(1);
    expect(group().members()).toHaveLength(1);
  });

  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'] as const)(
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
