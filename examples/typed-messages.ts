import { jsonDeserializer, SimpleConsumer } from '@tskafka/consumer';
import { jsonSerializer, KafkaClient, Producer, type ProducerInterceptor, withHeaders } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'orders');
await using client = await KafkaClient.connect(cluster);
const topic = topics.names[0]!;
let spans = 0;

// #region interceptor
interface Order {
  readonly id: number;
  readonly euros: number;
}

const tracing: ProducerInterceptor<Order, number> = {
  onSend: (message) => withHeaders(message, { traceparent: `span-${++spans}` }),
  onAcknowledgement: ({ message, error }) => console.log(`order ${message.key}:`, error?.message ?? 'sent'),
};
// #endregion

// #region serializer
await using producer = await Producer.start(client, {
  serializer: { key: (id: number) => `order-${id}`, value: jsonSerializer<Order>() },
  interceptors: [tracing],
});
await producer.send({ topic, key: 1, value: { id: 1, euros: 20 } });
await producer.send({ topic, key: 2, value: { id: 2, euros: 30 } });
// #endregion

// #region deserializer
await using consumer = await SimpleConsumer.start(client.topic(topic), {
  deserializer: { key: (bytes) => Number(String(bytes).slice('order-'.length)), value: jsonDeserializer<Order>() },
  until: 'latest',
});
for await (const { key, value, headers } of consumer) {
  // `key` is a number, `value` an Order, or null for a tombstone.
  console.log(`order ${key}: ${value?.euros} euros`, headers.map(([name, content]) => `(${name}: ${content})`).join());
}
// #endregion
