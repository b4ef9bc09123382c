/** Reads a topic whose messages say their offsets and keeps one of every fetch; prints how many, and how much memory of Buffers there is more than before. */
import { type Message, SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient } from '@tskafka/producer';
import { heldBytes } from '../held-bytes.ts';

await using client = await KafkaClient.connect({ brokers: process.env['BOOTSTRAP']! });
await using consumer = await SimpleConsumer.start(client.topic(process.argv[2]!), { until: 'latest', fetchMessageMaxBytes: 512 * 1024 });
const before = await heldBytes();
const kept: Message[] = [];
let seen = 0;
for await (const message of consumer) {
  const { fetches } = consumer.stats();
  if (fetches > seen) kept.push(message);
  seen = fetches;
}
const more = (await heldBytes()) - before;
const intact = kept.filter(({ value, offset }) => String(value).trim() === String(offset)).length;
console.log(JSON.stringify({ kept: kept.length, intact, fetchedBytes: consumer.stats().fetchedBytes, heldBytes: more }));
