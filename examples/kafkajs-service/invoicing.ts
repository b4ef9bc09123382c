import { type Kafka, Partitioners } from 'kafkajs';

/** A service as many have one: it reads orders, and writes an invoice for each. It knows nothing of tests. */
export async function startInvoicing(kafka: Kafka): Promise<{ stop(): Promise<void> }> {
  // #region service
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
  const consumer = kafka.consumer({ groupId: 'invoicing' });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { id, items } = JSON.parse(String(message.value)) as { id: string; items: { price: number }[] };
      const total = items.reduce((sum, { price }) => sum + price, 0);
      await producer.send({ topic: 'invoices', messages: [{ key: id, value: JSON.stringify({ order: id, total }) }] });
    },
  });
  return {
    stop: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
  // #endregion
}
