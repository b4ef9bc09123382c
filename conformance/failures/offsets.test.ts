import { BalancedConsumer, SimpleConsumer } from '@tskafka/consumer';
import { errorCodes } from '@tskafka/core/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

async function sceneOfOne(): Promise<Scene> {
  const scene = await Scene.start({ topics: { orders: 1 } });
  onTestFinished(() => scene[Symbol.asyncDispose]());
  await scene.connect();
  scene.cluster.topic('orders').append('0', '1');
  return scene;
}

const unknown = (code: number): number[] => Array.from({ length: 999 }, () => code);

it('F21: asks for the end of a partition that no leader knows for topicTimeoutMs, and says so', async () => {
  const scene = await sceneOfOne();
  const consumer = await scene.settledWithin(SimpleConsumer.start(scene.client.topic('orders')), 1000);
  scene.cluster.fail('ListOffsets', unknown(errorCodes.UNKNOWN_TOPIC_OR_PARTITION));
  const ends = consumer.endOffsets();
  ends.catch(() => {});
  expect(
    await scene.timeOf(
      ends.catch(() => {}),
      20_000,
    ),
  ).toBeLessThan(6000);
  await expect(ends).rejects.toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
  await scene.settledWithin(consumer.close(), 1000);
});

it.each([errorCodes.UNKNOWN_TOPIC_ID, errorCodes.UNKNOWN_TOPIC_OR_PARTITION])(
  'F17: asks for what is committed again when the coordinator does not know the topic (%i), and looks it up anew',
  async (code) => {
    const scene = await sceneOfOne();
    scene.cluster.group('readers').commit('orders', 0, 1);
    const fault = scene.cluster.fail('OffsetFetch', [code]);
    const options = { consumerGroup: 'readers' };
    const starting = BalancedConsumer.start(scene.client.topic('orders'), options);
    const consumer = await scene.settledWithin(starting, 10_000);
    expect(fault.fired).toBe(1);
    const all = scene.cluster.requests();
    const isFetch = ({ api }: { readonly api: string }): boolean => api === 'OffsetFetch';
    const between = new Set(all.slice(all.findIndex(isFetch), all.findLastIndex(isFetch)));
    const lookUps = scene.cluster.requests({ api: 'Metadata' }).filter((each) => between.has(each));
    expect(lookUps.flatMap(({ request }) => request.topics?.map(({ name }) => name))).toContain('orders');
    expect((await scene.settledWithin(consumer.consume(), 1000))!.offset).toBe(1);
    await scene.settledWithin(consumer.close(), 1000);
  },
);
