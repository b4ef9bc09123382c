import type { KafkaClient } from '@tskafka/consumer';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { connect, values, write } from '../consumer/fixture.ts';
import { shareConsumer, shared } from '../consumer/share-fixture.ts';
import { until } from '../until.ts';

/** Share groups whose brokers die, or lead no longer. */

let client: KafkaClient;
beforeEach(async () => {
  client = await connect();
});
afterEach(() => client?.close());
afterAll(() => broker.closeWires());

async function leaderOf(topic: string): Promise<number | undefined> {
  const any = await broker.wire();
  const [leader] = await broker.leaders(topic, any);
  any.close();
  return leader;
}

it('a share consumer follows a leader that moves, and handles every message', async () => {
  const scene = await shared([], { assignments: [[1, 2, 3]] });
  await using consumer = await shareConsumer(client, scene);
  const handled = new Set<string>();
  const running = consumer.run(({ value }) => void handled.add(String(value)));
  await write(scene.topic, values(0, 5));
  await until('what came first is handled', () => Promise.resolve(handled.size === 5), 30_000);
  await broker.moveLeader(scene.topic, 0, 2);
  await write(scene.topic, values(5, 10));
  await until('the rest is handled', () => Promise.resolve(handled.size === 10), 30_000);
  await consumer.close();
  await running;
});

it('share consumers handle every message though a leader dies and comes back', async () => {
  const scene = await shared([], { assignments: [[3, 1, 2]] });
  await using one = await shareConsumer(client, scene);
  await using other = await shareConsumer(client, scene);
  const handled: string[] = [];
  const handle = async ({ value }: { readonly value: Buffer | null }): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    handled.push(String(value));
  };
  const running = [one.run(handle), other.run(handle)];
  await write(scene.topic, values(0, 20));
  await until('some are handled', () => Promise.resolve(handled.length >= 5), 30_000);
  await broker.kill(3);
  await until('another leads', async () => ![3, undefined].includes(await leaderOf(scene.topic.name)));
  await write(scene.topic, values(20, 40));
  await until('all are handled', () => Promise.resolve(new Set(handled).size === 40), 60_000);
  await broker.restart(3);
  await write(scene.topic, values(40, 50));
  await until('those after it too', () => Promise.resolve(new Set(handled).size === 50), 30_000);
  await Promise.all([one.close(), other.close()]);
  await Promise.all(running);

  await using next = await shareConsumer(client, scene, { consumerTimeoutMs: 2000 });
  expect(await next.consume()).toBeUndefined();
});
