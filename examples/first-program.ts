import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { MockCluster } from '@tskafka/testing';

await using cluster = await MockCluster.start({ topics: { greetings: 3 } }); // a Kafka in memory
await using client = await KafkaClient.connect(cluster); // or your own Kafka: { brokers: 'localhost:9092' }
await using producer = await Producer.start(client);
await producer.send({ topic: 'greetings', key: 'en', value: 'hello' });

await using consumer = await SimpleConsumer.start(client.topic('greetings'), { until: 'latest' });
for await (const message of consumer) console.log(message.offset, `${message.key}: ${message.value}`);
