import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, OffsetType, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'initial-offset');
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
const topic = client.topic(topics.names[0]!);
const writer = producer.forTopic(topic);
for (const value of ['zero', 'one', 'two']) await writer.send({ value });

// #region new-group
// "mygroup" has committed nothing, so it is new: it starts at autoOffsetReset, here the latest offset.
const consumer = await SimpleConsumer.start(topic, {
  consumerGroup: 'mygroup',
  autoOffsetReset: OffsetType.LATEST,
});
await writer.send({ value: 'three' });
console.log('a new group, from the latest offset:', String((await consumer.consume())?.value));
await consumer.commitOffsets();
await consumer.close();
// #endregion

// #region existing-group
// Now the group exists: it continues after what it has committed.
await writer.send({ value: 'four' });
const consumer2 = await SimpleConsumer.start(topic, { consumerGroup: 'mygroup' });
console.log('an existing group, after its commit:', String((await consumer2.consume())?.value));
await consumer2.close();
// #endregion

// #region reset-on-start
// resetOffsetOnStart starts at autoOffsetReset, whatever the group has committed.
const consumer3 = await SimpleConsumer.start(topic, {
  consumerGroup: 'mygroup',
  autoOffsetReset: OffsetType.EARLIEST,
  resetOffsetOnStart: true,
});
console.log('an existing group with resetOffsetOnStart:', String((await consumer3.consume())?.value));
await consumer3.close();
// #endregion
