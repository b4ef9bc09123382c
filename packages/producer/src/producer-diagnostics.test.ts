import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Diagnostics, KafkaClient } from '@tskafka/core';
import { MockCluster } from '@tskafka/testing';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { Producer } from './producer.ts';

let cluster: MockCluster;
let producer: Producer;

beforeEach(async () => {
  cluster = await MockCluster.start({ topics: { orders: 1 } });
  const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, retryBackoffMs: 1 });
  producer = await Producer.start(client);
  onTestFinished(async () => {
    await client.close();
    await cluster.close();
  });
});

/** What is published from now on. */
function listen<Name extends keyof Diagnostics>(name: Name, react?: (event: Diagnostics[Name]) => void): Diagnostics[Name][] {
  const events: Diagnostics[Name][] = [];
  const take = (event: unknown): void => {
    events.push(event as Diagnostics[Name]);
    react?.(event as Diagnostics[Name]);
  };
  subscribe(name, take);
  onTestFinished(() => void unsubscribe(name, take));
  return events;
}

it('shows requests and batches with their sizes and times', async () => {
  const [requests, batches] = [listen('tskafka:producer:request'), listen('tskafka:producer:batch')];
  await producer.sendBatch(['a', 'b'].map((value) => ({ topic: 'orders', value })));
  const broker = cluster.topic('orders').partition(0).leader;
  expect(requests).toEqual([{ broker, batches: 1, bytes: expect.any(Number), latencyMs: expect.any(Number) }]);
  expect(requests[0]!.bytes).toBeGreaterThan(61);
  expect(batches).toMatchObject([{ broker, topic: 'orders', partition: 0, messages: 2, bytes: requests[0]!.bytes }]);
  const [{ queueMs, deliveryMs }] = batches as [Diagnostics['tskafka:producer:batch']];
  expect(queueMs).toBeGreaterThanOrEqual(0);
  expect(deliveryMs).toBeGreaterThanOrEqual(queueMs);
});

it('shows what goes out again, what is given up, and requests without an answer', async () => {
  const [retries, errors, requests] = [
    listen('tskafka:producer:retry'),
    listen('tskafka:producer:error'),
    listen('tskafka:producer:request'),
  ];
  cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
  await producer.send({ topic: 'orders', value: 'again' });
  cluster.fail('Produce', ['TOPIC_AUTHORIZATION_FAILED']);
  await expect(producer.send({ topic: 'orders', value: 'refused' })).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  const broker = cluster.topic('orders').partition(0).leader;
  expect(retries).toMatchObject([{ broker, topic: 'orders', partition: 0, messages: 1, error: { errorName: 'NOT_ENOUGH_REPLICAS' } }]);
  expect(errors).toMatchObject([{ topic: 'orders', partition: 0, messages: 1, error: { errorName: 'TOPIC_AUTHORIZATION_FAILED' } }]);
  cluster.dropResponse('Produce');
  await producer.send({ topic: 'orders', value: 'unanswered' });
  expect(requests.map(({ error }) => error?.name)).toEqual([undefined, undefined, undefined, 'SocketDisconnectedError', undefined]);
});

it('lets a subscriber add headers before a record is encoded, without touching those of the message', async () => {
  const sent = listen('tskafka:producer:send', ({ headers }) => headers.push(['traceparent', '00-1']));
  const headers = [['own', 'x']] as const;
  await producer.send({ topic: 'orders', value: 'a', headers });
  await producer.send({ topic: 'orders', value: 'b' });
  expect(sent.map(({ topic }) => topic)).toEqual(['orders', 'orders']);
  expect(headers).toEqual([['own', 'x']]);
  const written = cluster.topic('orders').records();
  expect(written.map((record) => [...record.headers].map(([name, value]) => [name, String(value)]))).toEqual([
    [
      ['own', 'x'],
      ['traceparent', '00-1'],
    ],
    [['traceparent', '00-1']],
  ]);
});
