/**
 * Our consumer against other clients and the physical limit, on one real Kafka.
 *
 *   node benchmarks/consumers.ts [--rounds 3] [--sizes 100,1024] [--clients 'tskafka batches,limit,...'] [--broker HOST:PORT]
 *
 * A topic of three partitions is filled, in batches of about 16 KiB. Each round has every client read all of it from the start, one after
 * the other, each in a process of its own; figures are medians over the rounds, and ratios are taken within a round.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTopics, deleteTopics, KafkaClient } from '../packages/core/src/index.ts';
import { Producer } from '../packages/producer/src/index.ts';
import { startKafka } from '../tools/real-kafka/cluster.ts';
import { type Reading, readers, type ReadResult } from './consumers/reading.ts';
import { valueCount, valuesOf } from './producers/measurement.ts';
import { installPeers, machineEnv } from './producers/peers.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '100,1024' },
    clients: { type: 'string' },
    broker: { type: 'string' },
  },
});
const wanted = readers.filter(({ name }) => options.clients === undefined || options.clients.split(',').includes(name));
await using kafka = options.broker === undefined ? await startKafka({ benchmark: true }) : undefined;
const broker = options.broker ?? kafka!.bootstrap;
const failures = await installPeers([...new Set(wanted.flatMap(({ packages = [] }) => packages))]);
await using client = await KafkaClient.connect({ brokers: broker });

for (const size of options.sizes.split(',').map(Number)) {
  const topic = `bench-read-${size}-${process.hrtime.bigint().toString(36)}`;
  const count = size > 500 ? 200_000 : 1_000_000;
  await createTopics(client, [{ name: topic, partitions: 3, replicationFactor: 1 }]);
  try {
    await fill(topic, size, count);
    const results = new Map<string, ReadResult[]>();
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const { name, packages = [] } of wanted) {
        if (packages.some((one) => failures.has(one))) continue;
        const result = await measure({ client: name, broker, topic, count, bytes: count * size });
        results.set(name, [...(results.get(name) ?? []), result]);
        process.stderr.write(`${round + 1} ${size} B ${name.padEnd(24)} ${JSON.stringify(result)}\n`);
      }
    }
    console.log(table(size, results));
  } finally {
    await deleteTopics(client, [topic]);
  }
}
for (const [name, why] of failures) console.log(`left out: ${name} could not be installed here (${why})`);

async function fill(topic: string, size: number, count: number): Promise<void> {
  await using producer = await Producer.start(client, { batchBytes: 16 * 1024 });
  const values = valuesOf(size);
  for (let i = 0; i < count; i++) await producer.produce({ topic, partition: Math.floor(i / 150) % 3, value: values[i % valueCount]! });
  await producer.flush();
}

function measure(reading: Reading): Promise<ReadResult> {
  const program = join(import.meta.dirname, 'consumers/measure.ts');
  const args = ['--import', join(import.meta.dirname, '../tools/soak/sources.ts'), program, JSON.stringify(reading)];
  const env = { ...machineEnv, PATH: process.env['PATH'] };
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env, timeout: 60_000 });
  let output = '';
  running.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', () => {
      const line = output.trim().split('\n').at(-1)!;
      resolve(line.startsWith('{') ? (JSON.parse(line) as ReadResult) : { error: `no result: ${line.slice(0, 200)}` });
    });
  });
}

function table(size: number, results: ReadonlyMap<string, readonly ReadResult[]>): string {
  const peers = readers.filter(({ packages }) => packages !== undefined).map(({ name }) => name);
  const rows = [...results].map(([name, found]) => {
    const good = found.filter(({ error }) => error === undefined);
    if (good.length === 0) return `| ${name} | ${found[0]!.error} |`;
    const ratio = (others: readonly string[], field: 'perSecond' | 'microsecondsPerMessage', best: (...all: number[]) => number) =>
      median(
        found.map((result, round) => {
          const rivals = others.flatMap((other) => (other === name ? [] : (results.get(other)?.[round]?.[field] ?? [])));
          return rivals.length === 0 ? undefined : result[field]! / best(...rivals);
        }),
      )?.toFixed(2) ?? '';
    const cells = [
      Math.round(median(good.map(({ perSecond }) => perSecond))!).toLocaleString('en'),
      ratio(['limit'], 'perSecond', Math.max),
      ratio(peers, 'perSecond', Math.max),
      median(good.map(({ microsecondsPerMessage }) => microsecondsPerMessage))!.toFixed(2),
      ratio(peers, 'microsecondsPerMessage', Math.min),
      `${median(good.map(({ peakMiB }) => peakMiB))!.toFixed(0)} MiB`,
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const head = '| client | messages a second | ÷ limit | ÷ best peer | µs of processor a message | ÷ best peer | peak memory |';
  return `\n### Reading ${size} B\n\n${head}\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n${rows.join('\n')}\n`;
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
