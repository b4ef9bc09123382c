import { KafkaClient, Producer } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';
import { expect, test } from 'vitest';

test('an order is stored once, even when the answer is lost', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await using producer = await Producer.start(client);

  cluster.dropResponse('Produce'); // the broker stores the order, then the connection breaks
  await producer.send({ topic: 'orders', key: 'o1', value: '{"total":7}' });

  expect(cluster.topic('orders').records()).toHaveLength(1);
});
