import { setTimeout as wait } from 'node:timers/promises';
import { type Result, type StartProducer, valueCount, valuesOf } from '../producers/measurement.ts';
import type { Read, Reading } from './reading.ts';

/** The producer that goes with a reader: of the same client, by the call that it awaits. */
const producers: Readonly<Record<string, () => Promise<StartProducer>>> = {
  tskafka: () => import('../producers/tskafka.ts').then(({ startProduce }) => startProduce),
  kafkajs: () => import('../producers/kafkajs.ts').then(({ startKafkajs }) => startKafkajs),
  '@platformatic/kafka': () => import('../producers/platformatic.ts').then(({ startSend }) => startSend),
  '@confluentinc': () => import('../producers/rdkafka.ts').then(({ startConfluent }) => startConfluent),
  'node-rdkafka': () => import('../producers/rdkafka.ts').then(({ startNodeRdkafka }) => startNodeRdkafka),
};

/** Before the clock starts code is compiled that runs once for each message; the last of it after some 14,000 (decisions/producer-speed.md). */
const warmUp = 20_000;

/** From before a message is sent until it is read, by one client in one process, which also awaits that it is acknowledged. */
export async function measureLatency(read: Read, reading: Reading): Promise<Result> {
  const { client, broker, topic, size, count } = reading;
  let arrived = (): void => {};
  let fail = (_error: unknown): void => {};
  let hasArrived = false;
  const forever = new Promise<void>(() => {});
  const failed = read(reading, { start() {}, add: () => arrived(), done: forever }).then(() =>
    Promise.reject(new Error('reading has ended')),
  );
  failed.catch((error: unknown) => fail(error));
  const start = await producers[client.split(' ')[0]!]!();
  const producer = await start({ client, broker, topic, size, count, work: 'awaited', compression: 'none' });
  const values = valuesOf(size);
  arrived = () => (hasArrived = true);
  while (!hasArrived) await Promise.race([producer.send(values[0]!).then(() => wait(100)), failed]);
  await wait(1000); // what was sent meanwhile comes in
  const times: number[] = [];
  let cpu = process.cpuUsage();
  for (let i = 0; i < warmUp + count; i++) {
    if (i === warmUp) cpu = process.cpuUsage();
    // No race with `failed`: it would keep something of each message, and every collection would look at it.
    const seen = new Promise<void>((resolve, reject) => ([arrived, fail] = [resolve, reject]));
    const begin = performance.now();
    const sent = producer.send(values[i % valueCount]!);
    await seen;
    if (i >= warmUp) times.push(performance.now() - begin);
    await sent;
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(times.length * share) - 1]!;
  return { p50Ms: at(0.5), p99Ms: at(0.99), microsecondsPerMessage: (user + system) / count };
}
