import { KafkaClient } from '@tskafka/core';
import { MockCluster } from '@tskafka/testing';
import { expect, it } from 'vitest';
import { Producer } from './producer.ts';

it('counts what was delivered, sent again and given up', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
  await using producer = await Producer.start(client);
  expect(producer.stats()).toEqual({
    ...{ batches: 0, messages: 0, bytes: 0, retries: 0, failedMessages: 0, meanDeliveryMs: 0, bufferedBytes: 0 },
    inFlight: new Map(),
  });
  await producer.sendBatch(['a', 'b', 'c'].map((value) => ({ topic: 'orders', value })));
  cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
  await producer.send({ topic: 'orders', value: 'again' });
  cluster.fail('Produce', ['TOPIC_AUTHORIZATION_FAILED']);
  await expect(producer.send({ topic: 'orders', value: 'refused' })).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  const { bytes, meanDeliveryMs, inFlight, ...counts } = producer.stats();
  expect(counts).toEqual({ batches: 2, messages: 4, retries: 1, failedMessages: 1, bufferedBytes: 0 });
  expect(bytes).toBeGreaterThan(2 * 61);
  expect(meanDeliveryMs).toBeGreaterThan(0);
  expect([...inFlight.values()]).toEqual([0]);
});
