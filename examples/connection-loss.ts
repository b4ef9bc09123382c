import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, NoBrokersAvailableError, Producer, SocketDisconnectedError } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';
import { cuttable } from './support/cuttable-transport.ts';

await using topics = await temporaryTopics(1, 'connection-loss');
const network = cuttable(cluster.transport);
await using client = await KafkaClient.connect({ ...cluster, transport: network, unavailableTimeoutMs: 2000 });
await using producer = await Producer.start(client);
const topic = client.topic(topics.names[0]!);
for (let i = 0; i < 5; i++) await producer.send({ topic: topic.name, value: `message ${i}` });

let consumer = await SimpleConsumer.start(topic, { queuedMaxMessages: 1 });
console.log('connected:', String((await consumer.consume())?.value));

// #region lose
/** Cuts the network, reads until the consumer notices, and repairs it. */
async function loseConnection(): Promise<void> {
  network.cut();
  try {
    for (;;) await consumer.consume();
  } catch (error) {
    if (!(error instanceof NoBrokersAvailableError || error instanceof SocketDisconnectedError)) throw error;
    console.log('cut:', error.name);
    network.restore();
  }
}
// #endregion

// #region new-instance
// Make a new instance, as PyKafka's guide says.
await loseConnection();
await consumer.close();
consumer = await SimpleConsumer.start(topic);
console.log('a new instance starts over:', String((await consumer.consume())?.value));
// #endregion

// #region stop-start
// Or stop and start the one that you have: it continues where it was.
await loseConnection();
const before = consumer.partitions.get(0)!.position;
await producer.send({ topic: topic.name, value: `message ${before}` });
await consumer.stop();
await consumer.start();
console.log('stop and start:', Number((await consumer.consume())?.offset) === before);
// #endregion

// #region by-itself
// Or do nothing: it reconnects by itself, and so does the producer.
await loseConnection();
const next = await producer.send({ topic: topic.name, value: 'and on' });
console.log('by itself:', String((await consumer.consume())?.value), next.offset === consumer.partitions.get(0)!.position - 1);
await consumer.close();
// #endregion
