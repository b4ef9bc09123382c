/**
 * Reads a topic six times, in fetches as large as they may be, while a timer watches the event loop; prints how many messages it has, and how long the
 * slowest of a hundred turns held the loop up. The first time, when code is compiled, does not count.
 *
 * What counts is the thread's own processor time between two ticks: on a machine that does much else, any program waits for its turn.
 */
import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient } from '@tskafka/producer';

const tickMs = 2;
await using client = await KafkaClient.connect({ brokers: process.env['BOOTSTRAP']! });
const fetchMessageMaxBytes = 50 * 1024 * 1024;
const options = { fetchMessageMaxBytes, queuedMaxBytes: 2 * fetchMessageMaxBytes, until: 'latest' } as const;
const topic = client.topic(process.argv[2]!);

/** Node 23.9 and later have it; the declarations are those of the oldest Node that is served. */
const { threadCpuUsage } = process as unknown as { threadCpuUsage: () => NodeJS.CpuUsage };
const busyMs = (): number => {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
};
const held: number[] = [];
let last = busyMs();
const tick = (): void => {
  const now = busyMs();
  held.push(now - last);
  last = now;
};
const found = { count: 0, bytes: 0, fetches: 0, fetchedBytes: 0 };
for (let time = 0; time < 6; time++) {
  await using consumer = await SimpleConsumer.start(topic, options);
  Object.assign(found, { count: 0, bytes: 0 });
  const timer = setInterval(tick, tickMs);
  for await (const { value } of consumer) {
    found.count++;
    found.bytes += value!.length;
  }
  clearInterval(timer);
  const { fetches, fetchedBytes } = consumer.stats();
  Object.assign(found, { fetches, fetchedBytes });
  if (time === 0) held.length = 0;
}
held.sort((a, b) => a - b);
console.log(JSON.stringify({ ...found, p99Ms: held[Math.ceil(held.length * 0.99) - 1], ticks: held.length }));
