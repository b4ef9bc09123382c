import { BalancedConsumer, type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import type { FaultProxy } from '../../tools/fault-proxy/proxy.ts';
import { broker } from '../broker.ts';
import { take, topicWith, values } from '../consumer/fixture.ts';
import { proxiedClient } from '../proxied.ts';
import { until } from '../until.ts';

/** Clients that are closed, and calls that are given up, while the network keeps from them what they wait for. */

interface Scene {
  readonly proxy: FaultProxy;
  readonly client: KafkaClient;
  readonly topic: string;
}

async function setup(): Promise<Scene> {
  const { proxy, client } = await proxiedClient();
  const { name } = await topicWith(values(0, 3));
  await client.topic(name).latestOffsets();
  return { proxy, client, topic: name };
}

const struck = (count: () => number): Promise<void> => until('it is under way', () => Promise.resolve(count() > 0));

/** What is under way when the client is closed: each brings it there, and gives what is pending. */
const phases: [name: string, begin: (scene: Scene) => Promise<[pending: Promise<unknown>]>][] = [
  [
    'a connection is being made',
    ({ proxy, client, topic }) => {
      proxy.blackhole('both');
      proxy.rst();
      return Promise.resolve<[Promise<unknown>]>([client.topic(topic).latestOffsets()]);
    },
  ],
  [
    'it waits to connect again',
    ({ proxy, client, topic }) => {
      proxy.refuse();
      return Promise.resolve<[Promise<unknown>]>([client.topic(topic).latestOffsets()]);
    },
  ],
  [
    'a request is out',
    async ({ proxy, client, topic }) => {
      const strike = proxy.delayResponse('ListOffsets', 4000);
      const pending = client.topic(topic).latestOffsets();
      await struck(() => strike.count);
      return [pending];
    },
  ],
  [
    'a member joins its group',
    async ({ proxy, client, topic }) => {
      const strike = proxy.delayResponse('JoinGroup', 4000);
      const options = { consumerGroup: broker.freshName('group'), groupProtocol: 'classic' } as const;
      const pending = BalancedConsumer.start(client.topic(topic), options);
      await struck(() => strike.count);
      return [pending];
    },
  ],
  [
    'a consumer waits for messages',
    async ({ client, topic }) => {
      const consumer = await SimpleConsumer.start(client.topic(topic), { fetchWaitMaxMs: 4000 });
      await take(consumer, 3);
      return [consumer.consume()];
    },
  ],
  [
    'a message is on its way',
    async ({ proxy, client, topic }) => {
      const producer = await Producer.start(client);
      const strike = proxy.delayResponse('Produce', 4000);
      const pending = producer.send({ topic, value: 'x' });
      await struck(() => strike.count);
      return [pending];
    },
  ],
];

describe('a client that is closed', () => {
  it.each(phases)('S3: while %s: what is pending rejects at once, and no connection is left or made', async (_, begin) => {
    const scene = await setup();
    const [pending] = await begin(scene);
    const outcome = pending.then(() => 'done', (error: Error) => error.name); // prettier-ignore
    await scene.client.close();
    // Before the answer, which is on its way.
    expect(await outcome).toBe('ClosedError');
    scene.proxy.calm();
    await until('no connection is left', () => Promise.resolve(scene.proxy.connections === 0));
  });
});

describe('a call that is given up', () => {
  it('S6: rejects at once, and the next one is answered with what it asked for', async () => {
    const { proxy, client, topic } = await setup();
    const strike = proxy.delayResponse('ListOffsets', 300);
    const giveUp = new AbortController();
    const pending = client.topic(topic).offsets('earliest', { signal: giveUp.signal });
    await struck(() => strike.count);
    giveUp.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    expect(await client.topic(topic).latestOffsets()).toEqual(new Map([[0, 3]]));
  });

  it('S6: takes no message with it, and leaves no gap behind it', async () => {
    const { proxy, client, topic } = await setup();
    await using producer = await Producer.start(client);
    await using consumer = await SimpleConsumer.start(client.topic(topic));
    await take(consumer, 3);
    const givenUp = async (call: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
      const giveUp = new AbortController();
      const called = call(giveUp.signal);
      giveUp.abort();
      await expect(called).rejects.toMatchObject({ name: 'AbortError' });
    };
    await givenUp((signal) => consumer.consume({ signal }));
    const strike = proxy.delayResponse('Produce', 300);
    const sending = producer.send({ topic, value: '3' });
    await struck(() => strike.count);
    await givenUp((signal) => producer.flush({ signal }));
    await Promise.all([sending, producer.send({ topic, value: '4' })]);
    expect(await take(consumer, 2)).toEqual(['3', '4']);
  });
});
