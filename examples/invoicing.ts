import { BalancedConsumer } from '@tskafka/consumer';
import { type KafkaClient, Producer } from '@tskafka/producer';

/** The service of `kafkajs-service`, moved: it reads orders, and writes an invoice for each. */
export async function startInvoicing(client: KafkaClient): Promise<{ stop(): Promise<void> }> {
  // #region service
  const producer = await Producer.start(client);
  const consumer = await BalancedConsumer.start(client, { topics: ['orders'], consumerGroup: 'invoicing' });
  const running = consumer.run(
    async ({ value }) => {
      const { id, items } = JSON.parse(String(value)) as { id: string; items: { price: number }[] };
      const total = items.reduce((sum, { price }) => sum + price, 0);
      await producer.send({ topic: 'invoices', key: id, value: JSON.stringify({ order: id, total }) });
    },
    { retry: { attempts: 5, initialMs: 300 } },
  );
  return {
    stop: async () => {
      await consumer.close();
      await running;
      await producer.close();
    },
  };
  // #endregion
}
