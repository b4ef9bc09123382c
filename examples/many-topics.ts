import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'red', 'green', 'blue');
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);

// #region send
// One producer serves every topic. Asking for a topic's producer costs nothing, so ask as often as you like.
for (let i = 0; i < 9; i++) {
  const topic = topics.names[i % 3]!;
  await producer.forTopic(topic).send({ value: `message ${i}` });
}
// #endregion

for (const name of topics.names) {
  await using consumer = await SimpleConsumer.start(client.topic(name));
  const values = [];
  while (values.length < 3) values.push(String((await consumer.consume())?.value));
  console.log(`${name.split('-')[0]}:`, values.join(', '));
}
