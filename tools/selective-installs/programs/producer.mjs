import { KafkaClient, KafkaError, Producer } from '@tskafka/producer';

const client = await KafkaClient.connect({ brokers: process.env.BOOTSTRAP });
const producer = await Producer.start(client);
await producer.send({ topic: process.env.TOPIC, key: 'greeting', value: 'hello' });
await producer.close();
await client.close();
console.log(typeof KafkaError === 'function' ? 'ok' : 'KafkaError is missing');
