/** One measurement of one client, in a process of its own: a Measurement as JSON in, a Result as JSON out. */
import { keepOutstanding, type Measurement, type Result, type StartProducer, valueCount, valuesOf, warmUpOf } from './measurement.ts';

const clients: Readonly<Record<string, () => Promise<{ readonly start: StartProducer }>>> = {
  tskafka: () => import('./tskafka.ts').then(({ startProduce }) => ({ start: startProduce })),
  'tskafka sendBatch': () => import('./tskafka.ts').then(({ startSendBatch }) => ({ start: startSendBatch })),
  limit: () => import('./limit.ts').then(({ startLimit }) => ({ start: startLimit })),
  kafkajs: () => import('./kafkajs.ts').then(({ startKafkajs }) => ({ start: startKafkajs })),
  '@platformatic/kafka send': () => import('./platformatic.ts').then(({ startSend }) => ({ start: startSend })),
  '@platformatic/kafka stream': () => import('./platformatic.ts').then(({ startStream }) => ({ start: startStream })),
  'node-rdkafka': () => import('./rdkafka.ts').then(({ startNodeRdkafka }) => ({ start: startNodeRdkafka })),
  '@confluentinc callbacks': () => import('./rdkafka.ts').then(({ startConfluent }) => ({ start: startConfluent })),
  '@confluentinc promises': () => import('./rdkafka.ts').then(({ startConfluentPromises }) => ({ start: startConfluentPromises })),
};

const outstanding = 10_000;

async function measure(measurement: Measurement): Promise<Result> {
  const { client, work, count, size } = measurement;
  const values = valuesOf(size);
  const { start } = await clients[client]!();
  const producer = await start(measurement);
  for (let i = 0; i < warmUpOf(measurement); i++) await producer.send(values[i % valueCount]!);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  if (work === 'batched') await producer.sendAll(count, values);
  else if (work === 'outstanding') await keepOutstanding(count, outstanding, (i) => producer.send(values[i % valueCount]!));
  else {
    for (let i = 0; i < count; i++) {
      const sent = performance.now();
      await producer.send(values[i % valueCount]!);
      times.push(performance.now() - sent);
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  await producer.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number | undefined => times[Math.ceil(times.length * share) - 1];
  return { perSecond: count / seconds, microsecondsPerMessage: (user + system) / count, p50Ms: at(0.5), p99Ms: at(0.99), peakMiB };
}

/** Fills the producer while no broker answers. The parent stops the broker when it is told `ready`, and says so. */
async function measureStopped(measurement: Measurement): Promise<Result> {
  const { startClient } = await import('./tskafka.ts');
  const { producer, client } = await startClient(measurement);
  const values = valuesOf(measurement.size);
  for (let i = 0; i < warmUpOf(measurement); i++) await producer.send({ topic: measurement.topic, value: values[i % valueCount]! });
  const stopped = new Promise((resolve) => process.once('message', resolve));
  process.send!('ready');
  await stopped;
  const before = process.memoryUsage.rss();
  for (let i = 0; i < measurement.count; i++) {
    const full = producer.produce({ topic: measurement.topic, value: values[i % valueCount]! });
    if (full === undefined) continue;
    full.catch(() => {}); // nobody makes room any more
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const grownMiB = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20;
  producer.close({ timeoutMs: 1 }).catch(() => {});
  void client.close();
  return { grownMiB };
}

const measurement = JSON.parse(process.argv[2]!) as Measurement;
const result = await (measurement.work === 'stopped' ? measureStopped(measurement) : measure(measurement)).catch(
  (error: unknown): Result => ({ error: String((error as Error)?.stack ?? error).slice(0, 500) }),
);
// A client that has something to say about its own end must not have it mistaken for the result.
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit());
