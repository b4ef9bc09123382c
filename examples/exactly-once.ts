import { BalancedConsumer, KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'prices', 'totals', 'labels');
const [prices, totals, labels] = topics.names as [string, string, string];
await using client = await KafkaClient.connect(cluster);
{
  await using producer = await Producer.start(client);
  await producer.sendBatch(['10', '20', '30'].map((value) => ({ topic: prices, value })));
}

{
  // #region copy
  // Keep this name across restarts, so that a forgotten process can no longer write.
  await using producer = await Producer.start(client, { transactionalId: `totals-of-${prices}` });
  await using consumer = await SimpleConsumer.start(client.topic(prices), { consumerGroup: `totals-${prices}`, until: 'latest' });
  for await (const message of consumer) {
    await using transaction = await producer.transaction();
    await transaction.send({ topic: totals, value: String(Number(message.value) * 2) });
    await transaction.sendOffsets(consumer);
    // Both take effect, or neither: a block that ends without a commit aborts.
    if (String(message.value) !== '30') await transaction.commit();
  }
  // #endregion
}

await using reader = await SimpleConsumer.start(client.topic(totals));
console.log('totals:', String((await reader.consume())?.value), String((await reader.consume())?.value));
await using next = await SimpleConsumer.start(client.topic(prices), { consumerGroup: `totals-${prices}` });
console.log('next is:', String((await next.consume())?.value));

{
  // #region process
  await using consumer = await BalancedConsumer.start(client.topic(prices), { consumerGroup: `labels-${prices}` });
  const processing = consumer.process(
    async ({ value }, transaction) => {
      await transaction.send({ topic: labels, value: `${String(value)} euro` });
    },
    // Each running copy of the program needs its own transactional id.
    { producer: () => Producer.start(client, { transactionalId: `labels-of-${prices}-1` }) },
  );
  // #endregion
  await using labelReader = await SimpleConsumer.start(client.topic(labels));
  const written: string[] = [];
  while (written.length < 3) written.push(String((await labelReader.consume())?.value));
  console.log('labels:', written.join(', '));
  await consumer.close();
  await processing;
}
