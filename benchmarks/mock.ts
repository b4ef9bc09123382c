/**
 * What the cluster in memory costs a test suite: to start, to keep, to produce and consume through, and kafkajs' groups on it.
 *
 *   npm run build && node --expose-gc benchmarks/mock.ts
 *
 * Times are medians; the first of each kind, which pays for compiling the code, is left out.
 */
import { KafkaClient, SimpleConsumer } from '../packages/consumer/src/index.ts';
import { Producer } from '../packages/producer/src/index.ts';
import { MockCluster } from '../packages/testing/src/index.ts';
import { createKafka } from '../packages/testing/src/kafkajs-door.ts';

// kafkajs asks for timers of the past (its issue 1751).
process.removeAllListeners('warning');

const rows: [what: string, figure: string, aim: string][] = [];
const ms = (value: number): string => `${value.toFixed(2)} ms`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

async function median(times: number, run: () => Promise<number>): Promise<number> {
  await run();
  const found: number[] = [];
  for (let i = 0; i < times; i++) found.push(await run());
  return found.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

async function startTime(): Promise<void> {
  const took = await median(100, async () => {
    const start = performance.now();
    const cluster = await MockCluster.start({ brokers: 3, topics: { orders: 3 } });
    const end = performance.now();
    await cluster.close();
    return end - start;
  });
  rows.push(['start three brokers and a topic', ms(took), 'under 5 ms']);
}

async function memory(): Promise<void> {
  const before = heap();
  const idle: MockCluster[] = [];
  for (let i = 0; i < 100; i++) idle.push(await MockCluster.start({ brokers: 3, topics: { orders: 3 } }));
  rows.push(['memory of an idle cluster', mebibytes((heap() - before) / idle.length), '']);
  for (const cluster of idle.splice(0)) await cluster.close();
  const use = async (): Promise<void> => {
    await using cluster = await MockCluster.start({ brokers: 3, topics: { orders: 3 } });
    await using client = await KafkaClient.connect(cluster);
    await using producer = await Producer.start(client);
    await producer.send({ topic: 'orders', value: 'a' });
    await using consumer = await SimpleConsumer.start(client.topic('orders'));
    await consumer.consume();
  };
  for (let i = 0; i < 50; i++) await use();
  const [bytes, handles] = [heap(), process.getActiveResourcesInfo().length];
  for (let i = 0; i < 1000; i++) await use();
  rows.push(['memory left by 1,000 clusters made, used and closed', mebibytes(heap() - bytes), 'at most 16 MiB']);
  rows.push(['handles left by them', `${process.getActiveResourcesInfo().length - handles}`, '0']);
}

async function throughput(): Promise<void> {
  const count = 100_000;
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  await using client = await KafkaClient.connect(cluster);
  await using producer = await Producer.start(client);
  const value = Buffer.alloc(100, 'x');
  const produced = await median(3, async () => {
    const start = performance.now();
    await Promise.all(Array.from({ length: count }, () => producer.send({ topic: 'orders', value })));
    return performance.now() - start;
  });
  rows.push([
    'produce 100 B messages through it, each awaited',
    `${Math.round((count / produced) * 1000).toLocaleString('en')} a second`,
    '',
  ]);
  const consumed = await median(3, async () => {
    await using consumer = await SimpleConsumer.start(client.topic('orders'));
    const start = performance.now();
    for (let i = 0; i < count; i++) await consumer.consume();
    return performance.now() - start;
  });
  rows.push(['consume them, one by one', `${Math.round((count / consumed) * 1000).toLocaleString('en')} a second`, '']);
}

async function kafkajs(): Promise<void> {
  await using cluster = await MockCluster.start({ topics: { orders: 1 } });
  cluster.topic('orders').append('a', 'b', 'c');
  const kafka = createKafka(cluster);
  let group = 0;
  const disconnects: number[] = [];
  const joined = await median(20, async () => {
    const consumer = kafka.consumer({ groupId: `group-${group++}` });
    const start = performance.now();
    await consumer.connect();
    await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
    let seen = 0;
    await new Promise<void>((resolve, reject) => {
      consumer.run({ eachMessage: async () => void (++seen === 3 && resolve()) }).catch(reject);
    });
    const read = performance.now();
    await consumer.disconnect();
    disconnects.push(performance.now() - read);
    return read - start;
  });
  rows.push(['kafkajs: connect, join and read three messages', ms(joined), 'under 20 ms']);
  rows.push(['kafkajs: disconnect', ms(disconnects.slice(1).sort((a, b) => a - b)[10]!), 'under 50 ms']);
}

await startTime();
await memory();
await throughput();
await kafkajs();
const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, figure, aim] of rows) console.log(`${what.padEnd(width)}  ${figure.padStart(20)}  ${aim}`);
