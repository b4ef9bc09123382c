const { KafkaClient, OffsetType, SimpleConsumer } = require('@tskafka/consumer');

async function main() {
  const client = await KafkaClient.connect({ brokers: process.env.BOOTSTRAP });
  const consumer = await SimpleConsumer.start(client.topic(process.env.TOPIC), { autoOffsetReset: OffsetType.EARLIEST });
  for await (const message of consumer) {
    console.log(String(message.value) === 'hello' ? 'ok' : `read ${message.value}`);
    break;
  }
  await consumer.close();
  await client.close();
}

main();
