import type { KafkaClient } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { useClient, values, write } from './fixture.ts';
import { delivered, shareConsumer, shared, takeMessages } from './share-fixture.ts';

/** Messages shared like those of a queue (KIP-932). */

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('a share consumer', () => {
  it('reads what there is, and says how often each message was given out', async () => {
    const scene = await shared(['a', 'b', 'c']);
    await using consumer = await shareConsumer(client, scene);
    const messages = await takeMessages(consumer, 3);
    expect(delivered(messages)).toEqual(['a x1', 'b x1', 'c x1']);
    expect(messages.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual(
      [0, 1, 2].map((offset) => [scene.topic.name, 0, offset]),
    );
    expect(consumer.lockTimeoutMs).toBe(30_000);
  });

  it('accepts by commit() what it has handed out, and tells what became of it', async () => {
    const scene = await shared(['a', 'b', 'c']);
    {
      await using consumer = await shareConsumer(client, scene);
      await takeMessages(consumer, 2);
      expect(await consumer.commit()).toEqual([{ topic: scene.topic.name, partition: 0, acknowledged: 2, failed: 0 }]);
      expect(await consumer.commit()).toEqual([]);
    }
    await using next = await shareConsumer(client, scene);
    expect(delivered(await takeMessages(next, 1))).toEqual(['c x2']);
  });

  it('accepts a message when the next one is asked for, and gives back at close what was not accepted', async () => {
    const scene = await shared(['a', 'b', 'c']);
    const consumer = await shareConsumer(client, scene);
    for await (const message of consumer) if (String(message.value) === 'b') break;
    await consumer.close();
    await using next = await shareConsumer(client, scene);
    expect(delivered(await takeMessages(next, 2))).toEqual(['b x2', 'c x2']);
  });

  it('shares a partition with other members: each message goes to one of them', async () => {
    const scene = await shared([]);
    await using one = await shareConsumer(client, scene, { maxRecords: 1, acquireMode: 'record_limit' });
    await using other = await shareConsumer(client, scene, { maxRecords: 1, acquireMode: 'record_limit' });
    const all: string[] = [];
    const read = async (consumer: typeof one): Promise<void> => {
      for await (const { value } of consumer) if (all.push(String(value)) === 20) break;
    };
    const reading = [read(one), read(other)];
    await write(scene.topic, values(0, 20));
    await Promise.race(reading);
    await Promise.all([one.close(), other.close()]);
    expect(all.sort((a, b) => Number(a) - Number(b))).toEqual(values(0, 20));
  });

  it('does not wait for a long poll when it is closed', async () => {
    const scene = await shared(['a']);
    const consumer = await shareConsumer(client, scene, { fetchWaitMaxMs: 25_000, closeTimeoutMs: 60_000 });
    await takeMessages(consumer, 1);
    const waiting = consumer.consume().catch((error: unknown) => error);
    await consumer.commit();
    const start = performance.now();
    await consumer.close();
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(await waiting).toMatchObject({ name: 'ClosedError' });
  });
});
