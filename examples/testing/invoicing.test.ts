import { KafkaClient } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';
import { extendExpect } from '@tskafka/testing/vitest';
import { expect, it } from 'vitest';
import { startInvoicing } from '../invoicing.ts';

extendExpect();

it('the service that has moved from kafkajs writes an invoice for each order, through refusals', async () => {
  await using cluster = await MockCluster.start({ topics: { orders: 4, invoices: 2 } });
  await using client = await KafkaClient.connect(cluster);
  cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS', 'NOT_LEADER_OR_FOLLOWER'], { topic: 'invoices' });
  const service = await startInvoicing(client);
  for (let id = 1; id <= 3; id++) {
    const value = JSON.stringify({ id: `o${id}`, items: [{ price: id }, { price: 10 }] });
    cluster.topic('orders').append({ partition: id % 4, key: `o${id}`, value });
  }
  await cluster.topic('invoices').waitForRecords(3);
  expect(cluster.topic('invoices')).toHaveRecord({ key: 'o3', value: { order: 'o3', total: 13 } });
  await service.stop();
  await cluster.group('invoicing').waitForLag(0);
  cluster.assertFaultsFired();
});
