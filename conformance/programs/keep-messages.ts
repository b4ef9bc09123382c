/** Reads a topic whose messages say their offsets and keeps one of every fetch; prints how many, and how much memory of Buffers there is more than before. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Message, SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient } from '@tskafka/producer';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of Buffers that somebody holds. */
async function held(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().arrayBuffers;
}

await using client = await KafkaClient.connect({ brokers: process.env['BOOTSTRAP']! });
await using consumer = await SimpleConsumer.start(client.topic(process.argv[2]!), { until: 'latest', fetchMessageMaxBytes: 512 * 1024 });
const before = await held();
const kept: Message[] = [];
let seen = 0;
for await (const message of consumer) {
  const { fetches } = consumer.stats();
  if (fetches > seen) kept.push(message);
  seen = fetches;
}
const heldBytes = (await held()) - before;
const intact = kept.filter(({ value, offset }) => String(value).trim() === String(offset)).length;
console.log(JSON.stringify({ kept: kept.length, intact, fetchedBytes: consumer.stats().fetchedBytes, heldBytes }));
