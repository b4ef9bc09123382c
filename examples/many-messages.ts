import { KafkaClient, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'readings');
const [topic] = topics.names as [string];
await using client = await KafkaClient.connect(cluster);

{
  // #region produce
  await using producer = await Producer.start(client);
  for (let i = 0; i < 10_000; i++) {
    // Nothing to wait for, unless the brokers are slower than this loop.
    const full = producer.produce({ topic, value: `reading ${i}` });
    if (full !== undefined) await full;
  }
  await producer.flush(); // rejects if one of them was not delivered
  // #endregion
}

{
  // #region reports
  const failed: unknown[] = [];
  let delivered = 0;
  await using producer = await Producer.start(client, {
    onDelivery: ({ message, error }) => {
      if (error === undefined) delivered++;
      else failed.push(message);
    },
  });
  for (let i = 0; i < 1000; i++) await producer.produce({ topic, value: `reading ${i}` });
  await producer.flush();
  // #endregion
  console.log(`${delivered} delivered, ${failed.length} failed`);
}

const offsets = await client.topic(topic).latestOffsets();
console.log(`${[...offsets.values()].reduce((sum, offset) => sum + offset, 0)} in the log`);
