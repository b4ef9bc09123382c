import { parseArgs } from 'node:util';
import { openKafka, startKafka } from '../real-kafka/cluster.ts';
import { faults } from './faults.ts';
import { seeded, shuffled, turns } from '../chaos/random.ts';
import { soak } from './soak.ts';

const usage = `Writes and reads for a while through a failing network and failing brokers (a real Kafka with three nodes, started for it), and then
compares what the client said with what is in the log. Ends with 1 when something was lost, doubled, swapped or misreported.

  npm run soak -- [--minutes N | --records N] [--rate N] [--seed N] [--fault NAME]... [--no-java]

  --minutes   for how long (default 20); the last fault ends behind it
  --records   instead: so many, idempotent, through ten resets of all connections, ten dropped Produce responses and three killed leaders
  --rate      records in a second (default 1000)
  --seed      replays the choices of a run, though not its timing (default: by chance)
  --fault     only these, instead of all in turn:
${Object.keys(faults)
  .map((name) => `                ${name}\n`)
  .join('')}  --no-java   the log is read by Fetch requests only, and not by Kafka's own consumer too

TSKAFKA_CLUSTER names the folder of a running cluster with three nodes ('npm run kafka -- start 3' prints it), to use instead.
`;

/** What `--records` goes through. */
const counted = [
  ...Array<string>(10).fill('all connections reset'),
  ...Array<string>(10).fill('a Produce response dropped'),
  ...Array<string>(3).fill('a leader killed'),
];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '20' },
      records: { type: 'string' },
      rate: { type: 'string', default: '1000' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      fault: { type: 'string', multiple: true, default: Object.keys(faults) },
      java: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const unknown = values.fault.find((name) => !(name in faults));
  if (values.help || unknown !== undefined) {
    process.stderr.write(unknown === undefined ? usage : `there is no fault '${unknown}'\n${usage}`);
    return 2;
  }
  const seed = Number(values.seed);
  const began = Date.now();
  const print = (line: string): void => void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  const records = values.records === undefined ? undefined : Number(values.records);
  print(`seed ${seed}, ${records === undefined ? `${values.minutes} minutes` : `${records} records`}, ${values.rate} records a second`);
  const running = process.env['TSKAFKA_CLUSTER'];
  await using started = running === undefined ? await startKafka({ nodes: 3 }) : undefined;
  const kafka = started ?? (await openKafka(running!));
  const end = Date.now() + Number(values.minutes) * 60_000;
  const random = seeded(seed, 'schedule');
  const schedule = records === undefined ? turns(values.fault, random, () => Date.now() < end) : shuffled(random, counted);
  const report = await soak({ kafka, seed, rate: Number(values.rate), schedule, records, java: values.java, print });
  printReport(report);
  return report.violations.length === 0 ? 0 : 1;
}

function printReport(report: Awaited<ReturnType<typeof soak>>): void {
  const rows: [string, unknown][] = [...report.faults].map(([name, count]) => [name, count]);
  rows.push(['faults in all', [...report.faults.values()].reduce((sum, count) => sum + count, 0)]);
  rows.push(['sent', report.sent], ['acknowledged', report.acknowledged], ...report.rejections, ...Object.entries(report.verdict));
  rows.push(['seen otherwise by Java', report.differences]);
  const { errors, ...reader } = report.reader;
  rows.push(...Object.entries(reader).map(([name, count]): [string, unknown] => [`consumer: ${name}`, count]), ...errors);
  rows.push(['longest gap of acknowledgments, ms', Math.round(report.longestGapMs.send)]);
  rows.push(['longest gap of messages, ms', Math.round(report.longestGapMs.read)]);
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(44)} ${String(value)}\n`);
  if (report.violations.length === 0) process.stdout.write('nothing is wrong\n');
  for (const violation of report.violations) process.stdout.write(`VIOLATION: ${violation}\n`);
}

process.exitCode = await main();
