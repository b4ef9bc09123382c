import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(2, 'payments');
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
const payments = client.topic(topics.names[0]!);
for (let day = 1; day <= 9; day++) {
  await producer.send({ topic: payments.name, partition: day % 2, value: String(day), timestamp: new Date(`2026-03-0${day}T12:00:00Z`) });
}

// #region period
const [from, to] = [new Date('2026-03-03T00:00:00Z'), new Date('2026-03-06T00:00:00Z')];
await using consumer = await SimpleConsumer.start(payments, { autoOffsetReset: { timestamp: from }, until: { timestamp: to } });
let sum = 0;
for await (const batch of consumer.batches()) {
  for (const { value } of batch) sum += Number(value);
}
console.log('paid from the third to the fifth:', sum); // and the program ends; `until: 'latest'` reads to the end
// #endregion
