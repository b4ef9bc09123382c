import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';
import { extendExpect } from '@tskafka/testing/vitest';
import { expect, it } from 'vitest';

extendExpect();

it('puts records in, and looks at what is there', async () => {
  // #region look
  await using cluster = await MockCluster.start({ brokers: 3, racks: ['a', 'b', 'c'], topics: { orders: 3 } });
  cluster.topic('orders').append('plain text', { partition: 1, key: 'o1', value: '{"total":7}', headers: { trace: '1' } });

  expect(cluster.topic('orders').records({ partition: 0 })).toHaveLength(1);
  expect(cluster.topic('orders')).toHaveRecord({ key: 'o1', value: { total: 7 } }); // compared as JSON
  expect(cluster.topic('orders').partition(1)).toMatchObject({ startOffset: 0, endOffset: 1 });
  // #endregion
});

it('shows what a client has sent', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  // #region requests
  await using client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clientId: 'shop' });
  await using producer = await Producer.start(client);
  const next = cluster.nextRequest('Produce');
  await producer.send({ topic: 'orders', value: 'a' });

  expect(await next).toMatchObject({ clientId: 'shop', request: { acks: -1 } });
  expect(cluster.requests({ api: 'Produce', clientId: 'shop' })).toHaveLength(1);
  // #endregion
});

it('compares all that a cluster holds', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await using consumer = await SimpleConsumer.start(client.topic('orders'), { consumerGroup: 'billing' });
  // #region snapshot
  cluster.topic('orders').append({ key: 'o1', value: 'a' });
  await consumer.consume();
  await consumer.commitOffsets();

  expect(cluster.group('billing')).toHaveCommitted({ orders: { 0: 1 } });
  expect(cluster.snapshot()).toEqual({
    topics: { orders: [[{ offset: 0, key: 'o1', value: 'a' }]] },
    groups: { billing: { 'orders-0': 1 } },
  });
  // #endregion
});

it('begins each test where another one has stopped', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  // #region fork
  cluster.topic('orders').append('a', 'b', 'c'); // once, however long it takes
  cluster.group('billing').commit('orders', 0, 2);

  await using fork = cluster.fork(); // in each test: a copy of everything, which leaves the original alone
  fork.topic('orders').append('d');
  expect(fork.group('billing').lag()).toMatchObject([{ committed: 2, lag: 2 }]);
  expect(cluster.topic('orders').records()).toHaveLength(3);
  // #endregion
});
