'use strict';

/** The same service as beside it, in CommonJS and plain JavaScript. */
exports.startInvoicing = async function startInvoicing(kafka) {
  const producer = kafka.producer({ idempotent: true });
  const consumer = kafka.consumer({ groupId: 'invoicing' });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { id, items } = JSON.parse(String(message.value));
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
};
