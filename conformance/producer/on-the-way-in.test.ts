import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { type DeliveryReport, jsonSerializer, Producer, withHeaders } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

interface Order {
  readonly id: number;
}

async function messagesOf({ name }: TestTopic) {
  await using consumer = await SimpleConsumer.start(client.topic(name), { until: 'latest' });
  const messages: { key: string; value: string; headers: [string, string][] }[] = [];
  for await (const { key, value, headers } of consumer) {
    messages.push({ key: String(key), value: String(value), headers: [...headers].map(([name, bytes]) => [name, String(bytes)]) });
  }
  return messages;
}

describe('serializers', () => {
  it('make bytes of keys and values, in each way to send', async () => {
    const topic = await broker.createTopic();
    await using producer = await Producer.start(client, {
      serializer: { key: (id: number) => `order-${id}`, value: jsonSerializer<Order>() },
    });
    const message = (id: number) => ({ topic: topic.name, key: id, value: { id } });
    await producer.send(message(1));
    await producer.sendBatch([message(2)]);
    await producer.produce(message(3));
    await producer.flush();
    const { topic: _, ...rest } = message(4);
    await producer.forTopic(topic.name).send(rest);
    await producer.send({ topic: topic.name, key: 5, value: null });
    expect(await messagesOf(topic)).toMatchObject([
      { key: 'order-1', value: '{"id":1}' },
      { key: 'order-2', value: '{"id":2}' },
      { key: 'order-3', value: '{"id":3}' },
      { key: 'order-4', value: '{"id":4}' },
      { key: 'order-5', value: 'null' },
    ]);
  });

  it('may give promises: messages keep their order, and flush, stop and transactions wait for them', async () => {
    const topic = await broker.createTopic();
    let turn = 0;
    // The later it is asked, the sooner it is done.
    const value = async (id: number): Promise<string> => {
      for (let left = 30 - turn++; left > 0; left--) await new Promise(setImmediate);
      return String(id);
    };
    const transactionalId = broker.freshName('transactional');
    await using producer = await Producer.start(client, { transactionalId, serializer: { value } });
    const transaction = await producer.transaction();
    const sent = Array.from({ length: 20 }, (_, id) => transaction.send({ topic: topic.name, value: id }));
    await transaction.commit();
    const offsets = await Promise.all(sent);
    expect(offsets.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, id) => id));
    await using plain = await Producer.start(client, { serializer: { value } });
    const last = plain.send({ topic: topic.name, value: 20 });
    await plain.stop();
    await last;
    await expect
      .poll(async () => (await messagesOf(topic)).map((each) => Number(each.value)))
      .toEqual(Array.from({ length: 21 }, (_, id) => id));
  });

  it('that refuse a message fail it alone', async () => {
    const topic = await broker.createTopic();
    const value = (id: number): string => {
      if (id === 2) throw new Error('not this one');
      return String(id);
    };
    await using producer = await Producer.start(client, { serializer: { value } });
    const told = await Promise.allSettled([1, 2, 3].map((id) => producer.send({ topic: topic.name, value: id })));
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(() => producer.produce({ topic: topic.name, value: 2 })).toThrow(
      `the value serializer refused a message to '${topic.name}': not this one`,
    );
  });

  it('that are never done do not keep stop from ending', async () => {
    const topic = await broker.createTopic();
    await using producer = await Producer.start(client, { serializer: { value: () => new Promise<string>(() => {}) } });
    const sent = expect(producer.send({ topic: topic.name, value: 'never' })).rejects.toMatchObject({
      name: 'ClosedError',
      persistence: 'not persisted',
    });
    await producer.stop({ timeoutMs: 20 });
    await sent;
  });
});

describe('interceptors', () => {
  it('add headers to what is sent, and see where it went', async () => {
    const topic = await broker.createTopic();
    const reports: DeliveryReport<Order, string | Uint8Array>[] = [];
    await using producer = await Producer.start(client, {
      serializer: { value: jsonSerializer<Order>() },
      interceptors: [
        {
          onSend: (message) => withHeaders(message, { traceparent: `00-${message.value!.id}` }),
          onAcknowledgement: (report) => void reports.push(report),
        },
      ],
    });
    await producer.send({ topic: topic.name, value: { id: 1 }, headers: { own: 'x' } });
    await producer.produce({ topic: topic.name, value: { id: 2 } });
    await producer.flush();
    expect(await messagesOf(topic)).toMatchObject([
      {
        headers: [
          ['own', 'x'],
          ['traceparent', '00-1'],
        ],
      },
      { headers: [['traceparent', '00-2']] },
    ]);
    expect(reports).toMatchObject([
      { message: { value: { id: 1 } }, metadata: { offset: 0 } },
      { message: { value: { id: 2 } }, metadata: { offset: 1 } },
    ]);
  });
});
