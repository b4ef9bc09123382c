/**
 * Our producer against other clients and the physical limit, on one real Kafka that this program starts.
 *
 *   node benchmarks/producers.ts [--rounds 3] [--works batched-100,single,...] [--clients 'tskafka produce,limit,...'] [--broker HOST:PORT] [--json FILE]
 *
 * Each round runs every client once, one after the other, each in a process of its own (ours as `npm run build` made it); figures are medians over the rounds, and ratios
 * are taken within a round, so that what the machine does meanwhile falls on all alike. Peers are installed into the cache on first use;
 * what cannot be installed is left out, and said. Takes a JDK and Maven for the broker, and kcat if it is to be compared.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTopics, deleteTopics, KafkaClient } from '../packages/core/src/index.ts';
import { startKafka } from '../tools/real-kafka/cluster.ts';
import { measureJava, measureKcat } from './producers/external.ts';
import { type Measurement, type Result, warmUpOf } from './producers/measurement.ts';
import { installPeers, machineEnv, withoutTypes } from './producers/peers.ts';
import { table } from './producers/table.ts';
import { clients, peers, type Work, works } from './producers/works.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    works: { type: 'string' },
    clients: { type: 'string' },
    broker: { type: 'string' },
    json: { type: 'string' },
  },
});
const chosen = (list: string | undefined, name: string): boolean => list === undefined || list.split(',').includes(name);
const measured = works.filter(({ name }) => chosen(options.works, name));
const wanted = clients.filter(({ name }) => chosen(options.clients, name));

await using kafka = options.broker === undefined ? await startKafka({ benchmark: true }) : undefined;
const broker = options.broker ?? kafka!.bootstrap;
const failures = await installPeers([...new Set(wanted.flatMap(({ packages }) => packages ?? []))]);
const programs = withoutTypes();
await using admin = await KafkaClient.connect({ brokers: broker });

const results = new Map<Work, Map<string, Result[]>>(measured.map((work) => [work, new Map()]));
for (let round = 0; round < Number(options.rounds); round++) {
  for (const work of measured) {
    for (const client of wanted) {
      if (!work.clients.includes(client.name) || client.packages?.some((name) => failures.has(name))) continue;
      const result = await measure(work, client.name);
      const list = results.get(work)!.get(client.name) ?? [];
      results.get(work)!.set(client.name, [...list, result]);
      if (options.json !== undefined)
        appendFileSync(options.json, `${JSON.stringify({ work: work.name, client: client.name, ...result })}\n`);
      process.stderr.write(`${round + 1} ${work.name.padEnd(14)} ${client.name.padEnd(28)} ${summary(result)}\n`);
    }
  }
}
for (const [work, found] of results) console.log(table(work.title, found, peers));
for (const [name, why] of failures) console.log(`left out: ${name} could not be installed here (${why})`);

/** One measurement, on a topic of its own, whose records are counted afterwards. */
async function measure(work: Work, client: string): Promise<Result> {
  const topic = `bench-${work.name}-${process.hrtime.bigint().toString(36)}`;
  const { count = work.count } = { count: work.counts?.[client] };
  await createTopics(admin, [{ name: topic, partitions: 3, replicationFactor: 1 }]);
  const measurement: Measurement = { ...work, client, topic, broker, count };
  try {
    await admin.topic(topic).latestOffsets(); // its leaders are there: the limit asks nobody, and takes no error
    const result = await (client === 'kcat' ? measureKcat(measurement) : client === 'java' ? measureJava(measurement) : child(measurement));
    if (work.work === 'stopped' || result.error !== undefined) return result;
    const stored = [...(await admin.topic(topic).latestOffsets()).values()].reduce((sum, offset) => sum + offset, 0);
    return stored >= count && stored <= count + warmUpOf(measurement)
      ? result
      : { error: `${stored} records are stored, and ${count} were sent` };
  } catch (error) {
    return { error: (error as Error).message };
  } finally {
    await deleteTopics(admin, [topic]);
  }
}

function child(measurement: Measurement): Promise<Result> {
  const { isNative = false } = clients.find(({ name }) => name === measurement.client)!;
  const running = spawn(isNative ? 'node' : process.execPath, [join(programs, 'producers/measure.js'), JSON.stringify(measurement)], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    env: machineEnv,
    timeout: 120_000,
  });
  running.on('message', () => {
    kafka!.pause(1);
    running.send('stopped');
  });
  let output = '';
  running.stdout!.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', () => {
      kafka?.resume(1);
      const line = output.trim().split('\n').at(-1)!;
      resolve(line.startsWith('{') ? (JSON.parse(line) as Result) : { error: `no result: ${line.slice(0, 200)}` });
    });
  });
}

function summary({ error, perSecond, p50Ms, p99Ms, microsecondsPerMessage, peakMiB, grownMiB }: Result): string {
  if (error !== undefined) return error;
  if (grownMiB !== undefined) return `${grownMiB.toFixed(0)} MiB`;
  if (p50Ms !== undefined) return `p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms!.toFixed(3)} ms`;
  return `${Math.round(perSecond!)}/s, ${microsecondsPerMessage!.toFixed(2)} us, ${peakMiB?.toFixed(0)} MiB`;
}
