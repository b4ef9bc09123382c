/** One client reads a topic, in a process of its own: a Reading as JSON in, a Result as JSON out. */
import type { Result } from '../producers/measurement.ts';
import { measureLatency } from './latency.ts';
import type { Read, Reading, Sink } from './reading.ts';

const clients: Readonly<Record<string, () => Promise<Read>>> = {
  limit: () => import('./limit.ts').then(({ readLimit }) => readLimit),
  'plain limit': () => import('./limit.ts').then(({ readPlainLimit }) => readPlainLimit),
  'tskafka batches': () => import('./tskafka.ts').then(({ readBatches }) => readBatches),
  'tskafka messages': () => import('./tskafka.ts').then(({ readMessages }) => readMessages),
  'tskafka run': () => import('./tskafka.ts').then(({ readRun }) => readRun),
  '@platformatic/kafka': () => import('./platformatic.ts').then(({ readPlatformatic }) => readPlatformatic),
  'kafkajs eachBatch': () => import('./kafkajs.ts').then(({ readEachBatch }) => readEachBatch),
  'kafkajs eachMessage': () => import('./kafkajs.ts').then(({ readEachMessage }) => readEachMessage),
  '@confluentinc': () => import('./rdkafka.ts').then(({ readConfluent }) => readConfluent),
  'node-rdkafka': () => import('./rdkafka.ts').then(({ readNodeRdkafka }) => readNodeRdkafka),
};

async function measureStored(read: Read, reading: Reading): Promise<Result> {
  let [count, bytes, begin, end] = [0, 0, 0, 0];
  let cpu = process.cpuUsage();
  let finish!: () => void;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const sink: Sink = {
    start() {
      if (begin > 0) return;
      cpu = process.cpuUsage();
      begin = performance.now();
    },
    add(messages, length) {
      count += messages;
      bytes += length;
      if (count < reading.count) return;
      end = performance.now();
      cpu = process.cpuUsage(cpu);
      finish();
    },
    done,
  };
  await Promise.race([read(reading, sink), done]);
  await done;
  if (count !== reading.count || bytes !== reading.count * reading.size)
    return { error: `${count} messages with ${bytes} bytes were read` };
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  return { perSecond: (count / (end - begin)) * 1000, microsecondsPerMessage: (cpu.user + cpu.system) / count, peakMiB };
}

const reading = JSON.parse(process.argv[2]!) as Reading;
const read = await clients[reading.client]!();
const result = await (reading.work === 'latency' ? measureLatency(read, reading) : measureStored(read, reading)).catch(
  (error: unknown): Result => ({ error: String((error as Error)?.stack ?? error).slice(0, 500) }),
);
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit());
