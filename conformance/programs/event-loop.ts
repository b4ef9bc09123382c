/**
 * Reads a topic, in fetches as large as they may be, while a timer watches the event loop; prints how many messages there were, the largest
 * answer, and how long the slowest of a hundred turns held the loop up.
 *
 * What counts is the thread's own processor time between two ticks: on a machine that does much else, any program waits for its turn.
 */
import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient } from '@tskafka/producer';

const tickMs = 2;
await using client = await KafkaClient.connect({ brokers: process.env['BOOTSTRAP']! });
const fetchMessageMaxBytes = 50 * 1024 * 1024;
const options = { fetchMessageMaxBytes, queuedMaxBytes: 2 * fetchMessageMaxBytes, until: 'latest' } as const;
await using consumer = await SimpleConsumer.start(client.topic(process.argv[2]!), options);

/** Node 23.9 and later have it; the declarations are those of the oldest Node that is served. */
const { threadCpuUsage } = process as unknown as { threadCpuUsage: () => NodeJS.CpuUsage };
const busyMs = (): number => {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
};
const held: number[] = [];
let last = busyMs();
const timer = setInterval(() => {
  const now = busyMs();
  held.push(now - last);
  last = now;
}, tickMs);
let count = 0;
let bytes = 0;
for await (const { value } of consumer) {
  count++;
  bytes += value!.length;
}
clearInterval(timer);
held.sort((a, b) => a - b);
const { fetches, fetchedBytes } = consumer.stats();
console.log(JSON.stringify({ count, bytes, fetches, fetchedBytes, p99Ms: held[Math.ceil(held.length * 0.99) - 1], ticks: held.length }));
