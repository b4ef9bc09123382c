/**
 * Our consumer against other clients and the physical limit, on one real Kafka that this program starts.
 *
 *   node benchmarks/consumers.ts [--rounds 3] [--works 100,1024,gzip,latency] [--clients 'tskafka batches,limit,...'] [--count N] [--broker HOST:PORT]
 *
 * A topic of three partitions is filled, in batches of about 16 KiB. Each round has every client read all of it from the start, or one
 * message after the other while it is sent, one client after the other, each in a process of its own (ours as `npm run build` made it); figures are medians over the rounds,
 * and ratios are taken within a round. Peers are installed into the cache on first use; what cannot be installed is left out, and said.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTopics, deleteTopics, KafkaClient } from '../packages/core/src/index.ts';
import { Producer } from '../packages/producer/src/index.ts';
import { startKafka } from '../tools/real-kafka/cluster.ts';
import { readByJava, readByKcat } from './consumers/external.ts';
import type { Reading } from './consumers/reading.ts';
import { clients, peers, type Work, works } from './consumers/works.ts';
import { type Result, valueCount, valuesOf } from './producers/measurement.ts';
import { installPeers, machineEnv, withoutTypes } from './producers/peers.ts';
import { table } from './producers/table.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    works: { type: 'string' },
    clients: { type: 'string' },
    count: { type: 'string' },
    broker: { type: 'string' },
  },
});
const chosen = (list: string | undefined, name: string): boolean => list === undefined || list.split(',').includes(name);
const wanted = clients.filter(({ name }) => chosen(options.clients, name));
await using kafka = options.broker === undefined ? await startKafka({ benchmark: true }) : undefined;
const broker = options.broker ?? kafka!.bootstrap;
const failures = await installPeers([...new Set(wanted.flatMap(({ packages = [] }) => packages))]);
const programs = withoutTypes();
await using client = await KafkaClient.connect({ brokers: broker });

for (const one of works.filter(({ name }) => chosen(options.works, name))) {
  const work = { ...one, count: Number(options.count ?? one.count) };
  const topic = `bench-read-${work.name}-${process.hrtime.bigint().toString(36)}`;
  await createTopics(client, [{ name: topic, partitions: 3, replicationFactor: 1 }]);
  try {
    if (work.work === 'stored') await fill(topic, work);
    console.log(table(work.title, await measureAll(topic, work), peers));
  } finally {
    await deleteTopics(client, [topic]);
  }
}
for (const [name, why] of failures) console.log(`left out: ${name} could not be installed here (${why})`);

async function fill(topic: string, { size, count, compression }: Work): Promise<void> {
  await using producer = await Producer.start(client, { batchBytes: 16 * 1024, compression });
  const values = valuesOf(size);
  for (let i = 0; i < count; i++) await producer.produce({ topic, partition: Math.floor(i / 150) % 3, value: values[i % valueCount]! });
  await producer.flush();
}

async function measureAll(topic: string, work: Work): Promise<Map<string, Result[]>> {
  const results = new Map<string, Result[]>();
  for (let round = 1; round <= Number(options.rounds ?? work.rounds ?? 3); round++) {
    for (const { name, packages = [], isNative = false } of wanted) {
      if (!work.clients.includes(name) || packages.some((one) => failures.has(one))) continue;
      const reading: Reading = { ...work, client: name, broker, topic };
      const result = await (name === 'kcat' ? readByKcat(reading) : name === 'java' ? readByJava(reading) : measure(reading, isNative));
      results.set(name, [...(results.get(name) ?? []), result]);
      process.stderr.write(`${round} ${work.name.padEnd(8)} ${name.padEnd(24)} ${JSON.stringify(result)}\n`);
    }
  }
  return results;
}

function measure(reading: Reading, isNative: boolean): Promise<Result> {
  const args = [join(programs, 'consumers/measure.js'), JSON.stringify(reading)];
  const running = spawn(isNative ? 'node' : process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: machineEnv,
    timeout: 60_000,
  });
  let output = '';
  running.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', () => {
      const line = output.trim().split('\n').at(-1)!;
      resolve(line.startsWith('{') ? (JSON.parse(line) as Result) : { error: `no result: ${line.slice(0, 200)}` });
    });
  });
}
