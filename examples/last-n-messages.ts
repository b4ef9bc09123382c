import { lastMessages, SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, OffsetType, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(3, 'last-n-messages');
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
const topic = client.topic(topics.names[0]!);
for (let i = 0; i < 30; i++) await producer.send({ topic: topic.name, partition: i % 3, value: `message ${i}`, timestamp: 1000 + i });

// #region by-hand
// By hand: start at the end, and step back in every partition.
const LAST_N_MESSAGES = 6;
await using consumer = await SimpleConsumer.start(topic, { autoOffsetReset: OffsetType.LATEST, resetOffsetOnStart: true });
const rewind = Math.ceil(LAST_N_MESSAGES / consumer.partitions.size);
const offsets = [...consumer.partitions].map(([id, { position }]): [number, number] => {
  const offset = position - rewind;
  return [id, offset >= 0 ? offset : OffsetType.EARLIEST];
});
await consumer.resetOffsets(offsets);
const byHand = [];
while (byHand.length < LAST_N_MESSAGES) byHand.push(await consumer.consume());
console.log(
  'by hand:',
  byHand
    .map((message) => String(message?.value))
    .sort()
    .join(', '),
);
// #endregion

// #region one-line
// In one line. It ends even if there are fewer, and the newest come last.
const newest = await lastMessages(topic, 4);
console.log('in one line:', newest.map((message) => String(message.value)).join(', '));
// #endregion
