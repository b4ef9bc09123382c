import { setTimeout as sleep } from 'node:timers/promises';
import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'orders', 'dead-letters');
const [orders, deadLetters] = topics.names as [string, string];
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
for (const value of ['3', '4', 'not a number', '5']) await producer.send({ topic: orders, key: `customer ${value.length}`, value });
const topic = client.topic(orders);

{
  let bytes = 0;
  // #region batches
  await using consumer = await SimpleConsumer.start(topic, { until: 'latest' });
  for await (const batch of consumer.batches()) {
    for (const message of batch) bytes += message.value!.length;
  }
  // #endregion
  console.log(`${bytes} bytes, a batch at a time`);
}

{
  let sum = 0;
  const handle = async (value: string): Promise<void> => {
    await sleep(1);
    if (Number.isNaN(Number(value))) throw new TypeError(`'${value}' is not a number`);
    sum += Number(value);
  };
  // #region run
  await using consumer = await SimpleConsumer.start(topic, { consumerGroup: 'billing', until: 'latest' });
  await consumer.run(({ value }) => handle(String(value)), {
    ordered: 'key',
    concurrency: 8,
    retry: { attempts: 2, initialMs: 10 },
    deadLetter: { sink: producer, topic: deadLetters },
  });
  // #endregion
  console.log(`the sum is ${sum}, and ${(await consumer.committed())[0]!.offset} messages are done`);
}

{
  // #region dead-letters
  await using consumer = await SimpleConsumer.start(client.topic(deadLetters), { until: 'latest' });
  for await (const { value, headers } of consumer) {
    const history = new Map(headers.map(([name, bytes]) => [name.replace('tskafka.dead-letter.', ''), String(bytes)]));
    console.log(`${String(value)}: ${history.get('message')}, after ${history.get('attempts')} attempts`);
  }
  // #endregion
}
