import { expect, it, onTestFinished } from 'vitest';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { Scene } from './scene.ts';

/** A producer of a topic whose followers are held: its leader, broker 1, has what nobody else has. */
async function start(options: ProducerOptions) {
  const scene = await Scene.start({ topics: { orders: 1 } });
  const producer = await Producer.start(await scene.connect(), options);
  onTestFinished(async () => {
    await producer.close();
    await scene[Symbol.asyncDispose]();
  });
  const topic = scene.cluster.topic('orders');
  const values = () => topic.records().map(({ value }) => String(value));
  const send = (value: string) => producer.send({ topic: 'orders', value });
  await scene.settledWithin(send('everywhere'), 1000);
  return { scene, topic, values, send, hold: topic.holdReplication() };
}

it('P13: with acks=1 a record may be lost with its leader, though its send has resolved', async () => {
  const { scene, values, send, hold, topic } = await start({ acks: 1 });
  await scene.settledWithin(send('lost'), 1000);
  await scene.cluster.broker(1).down();
  hold.stop();
  expect(values()).toEqual(['everywhere']);
  await expect(scene.settledWithin(send('next'), 5000)).resolves.toMatchObject({ offset: 1 });
  await scene.cluster.broker(1).up();
  expect(values()).toEqual(['everywhere', 'next']);
  expect(topic.partition(0)).toMatchObject({ inSync: [1, 2, 3] });
});

it('P13: with acks=all a send does not resolve before the record is safe, and a leader that dies costs nothing', async () => {
  const { scene, values, send, hold } = await start({ acks: 'all' });
  let resolved = false;
  const sending = send('safe').finally(() => (resolved = true));
  await scene.clock.advance(10_000);
  expect(resolved).toBe(false);
  await scene.cluster.broker(1).down();
  hold.stop();
  await scene.settledWithin(sending, 5000);
  expect(values()).toEqual(['everywhere', 'safe']);
});
