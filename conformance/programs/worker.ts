/** A program as users write it: reads a topic for a group and commits each message that it has printed, until it is told to end. */
import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';

const [topicName, group] = process.argv.slice(2) as [string, string];
await using client = await KafkaClient.connect({ brokers: process.env['BOOTSTRAP']! });
await using producer = await Producer.start(client);
await using consumer = await SimpleConsumer.start(client.topic(topicName), { consumerGroup: group });

const ended = new AbortController();
process.once('SIGTERM', () => ended.abort());

// What is sent here is not awaited: to end means to deliver it first.
let sent = 0;
try {
  for (;;) {
    const message = await consumer.consume({ signal: ended.signal });
    void producer.send({ topic: topicName, partition: 1, value: `echo of ${String(message!.value)}` }).then(() => sent++);
    console.log(String(message!.value));
    await consumer.commitOffsets();
  }
} catch (error) {
  if (!ended.signal.aborted) throw error;
}
await producer.close();
console.log(`sent ${sent}`);
