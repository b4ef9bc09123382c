import { listTimestamps, valuesOf } from '@tskafka/core';
import { expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

const partitions = 12;

async function start(): Promise<{ scene: Scene; places: { topic: string; partition: number; offset: number }[] }> {
  const scene = await Scene.start({ brokers: 3, topics: { orders: partitions } });
  onTestFinished(() => scene[Symbol.asyncDispose]());
  await scene.connect();
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic: 'orders', partition }));
  for (const { partition } of all)
    for (const time of [1000, 2000]) scene.cluster.topic('orders').append({ value: 'x', timestamp: time + partition, partition });
  return { scene, places: all.flatMap((place) => [0, 1].map((offset) => ({ ...place, offset }))) };
}

it('the times of all offsets take one fetch of each leader, where batches are small', async () => {
  const { scene, places } = await start();
  const listed = valuesOf(await scene.settledWithin(listTimestamps(scene.client, places), 1000));
  expect([...listed.values()]).toEqual(places.map(({ partition, offset }) => 1000 * (offset + 1) + partition));
  expect(scene.cluster.requests({ api: 'Fetch' }).map(({ broker }) => broker).sort()).toEqual([...scene.cluster.brokerIds]); // prettier-ignore
});

it('a leader that has moved is asked again', async () => {
  const { scene, places } = await start();
  const fault = scene.cluster.fail('Fetch', ['NOT_LEADER_OR_FOLLOWER'], { broker: scene.cluster.brokerIds[0]! });
  const listed = valuesOf(await scene.settledWithin(listTimestamps(scene.client, places), 5000));
  expect([...listed.values()]).toEqual(places.map(({ partition, offset }) => 1000 * (offset + 1) + partition));
  expect(fault.fired).toBe(1);
});

it('a broker that is silent keeps nothing from the others', async () => {
  const { scene, places } = await start();
  scene.cluster.hold('Fetch', { broker: scene.cluster.brokerIds[0]! });
  const listed = await scene.settledWithin(listTimestamps(scene.client, places, { timeoutMs: 3000 }), 5000);
  const errors = [...listed.values()].filter((told) => told instanceof Error);
  expect(errors).toHaveLength(places.length / 3);
  expect(errors[0]).toMatchObject({ name: 'TimeoutError' });
});
