import type { MessageToSend } from '@tskafka/core';
import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOf } from '../requests.ts';
import { drain, stored, useClient, values } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

async function oneBatch(...all: string[]) {
  const topic = await broker.createTopic();
  const wire = await broker.leaderWire(topic, 0);
  await append(wire, topic, batchOf(all.map((value) => ({ key: 'k', value }))));
  wire.close();
  return topic;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Numbers only; at once, or after a while. */
const sync = (value: Buffer | null) => {
  const number = Number(value);
  if (Number.isNaN(number)) throw new TypeError(`${String(value)} is no number`);
  return [number, null] as const;
};
const slow = async (value: Buffer | null) => {
  await turn();
  return sync(value);
};

describe.each([
  ['at once', sync],
  ['by a promise', slow],
  ['for key and value each', { value: (bytes: Buffer | null) => sync(bytes)[0] }],
  ['for key and value each, by promises', { key: async () => null, value: async (bytes: Buffer | null) => (await slow(bytes))[0] }],
])('a deserializer that gives its result %s', (_, deserializer) => {
  const until = 'latest';

  it('makes the messages, in order', async () => {
    const topic = await oneBatch(...values(0, 6));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer, until });
    expect(await drain(consumer)).toEqual(values(0, 6));
    await consumer.seek('earliest');
    const seen: number[] = [];
    for await (const batch of consumer.batches()) for (const { value } of batch) seen.push(value);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    await consumer.seek('earliest');
    await consumer.run(({ value }) => void seen.push(value));
    expect(seen.slice(6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('fails for what it cannot read, which is next again', async () => {
    const topic = await oneBatch('0', 'x', '2');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer, until });
    expect((await consumer.consume())?.value).toBe(0);
    for (let i = 0; i < 2; i++) await expect(consumer.consume()).rejects.toThrow('x is no number');
    expect(consumer.position(0)).toBe(1);
  });

  it('passes over what it cannot read, as the policy says, also at the end', async () => {
    const topic = await oneBatch('0', 'x', '2', 'y');
    const consumerGroup = broker.freshName('group');
    const options = { deserializer, until, unparsable: 'skip', consumerGroup } as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    expect(await drain(consumer)).toEqual(['0', '2']);
    await consumer.commitOffsets();
    expect(await stored(consumerGroup, topic)).toBe(4);
  });

  it('gives no batch without a message', async () => {
    const topic = await oneBatch('x', '0', '1', 'y', '2', 'z');
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer, until, unparsable: 'skip' });
    const seen: number[] = [];
    for await (const batch of consumer.batches()) {
      const messages = [...batch];
      expect(messages[0]?.offset).toBe(batch.firstOffset);
      seen.push(...messages.map(({ value }) => value));
    }
    expect(seen).toEqual([0, 1, 2]);
  });

  it('sends what it cannot read to a topic of dead letters before it is passed', async () => {
    const topic = await oneBatch('0', 'x', '2');
    const sent: MessageToSend[] = [];
    let failures = 1;
    const sink = {
      async send(message: MessageToSend) {
        await turn();
        if (failures-- > 0) throw new Error('the sink is full');
        sent.push(message);
      },
    };
    const options = { deserializer, until, unparsable: { sink, topic: 'letters' } } as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), options);
    expect((await consumer.consume())?.value).toBe(0);
    await expect(consumer.consume()).rejects.toThrow('the sink is full');
    expect((await consumer.consume())?.value).toBe(2);
    expect(sent.map(({ topic: to, key, value }) => [to, String(key), String(value)])).toEqual([['letters', 'k', 'x']]);
  });
});
