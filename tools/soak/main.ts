import { parseArgs } from 'node:util';
import { listOf, LongRun, longRunOptions, printer, printOutcome, refuses } from '../chaos/long-run.ts';
import { shuffled } from '../chaos/random.ts';
import { faults } from './faults.ts';
import { soak } from './soak.ts';

const usage = `Writes and reads for a while through a failing network and failing brokers (a real Kafka with three nodes, started for it), and then
compares what the client said with what is in the log. Ends with 1 when something was lost, doubled, swapped or misreported.

  npm run soak -- [--minutes N | --records N] [--rate N] [--seed N] [--fault NAME]... [--no-java]

  --minutes   for how long (default 20); the last fault ends behind it
  --records   instead: so many, idempotent, through ten resets of all connections, ten dropped Produce responses and three killed leaders
  --rate      records in a second (default 1000)
  --seed      replays the choices of a run, though not its timing (default: by chance)
  --fault     only these, instead of all in turn:
${listOf(faults, 16)}  --no-java   the log is read by Fetch requests only, and not by Kafka's own consumer too

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
    options: { ...longRunOptions(faults, { minutes: 20 }), records: { type: 'string' }, java: { type: 'boolean', default: true } },
    allowNegative: true,
  });
  if (refuses(values, faults, usage)) return 2;
  const print = printer();
  const records = values.records === undefined ? undefined : Number(values.records);
  print(
    `seed ${values.seed}, ${records === undefined ? `${values.minutes} minutes` : `${records} records`}, ${values.rate} records a second`,
  );
  await using run = await LongRun.begin(values);
  const { kafka, seed, rate, random } = run;
  const schedule = records === undefined ? run.inTurn() : shuffled(random, counted);
  const report = await soak({ kafka, seed, rate, schedule, records, java: values.java, print });
  return printOutcome(rowsOf(report), report.violations);
}

function rowsOf(report: Awaited<ReturnType<typeof soak>>): [string, unknown][] {
  const rows: [string, unknown][] = [...report.faults].map(([name, count]) => [name, count]);
  rows.push(['faults in all', [...report.faults.values()].reduce((sum, count) => sum + count, 0)]);
  rows.push(['sent', report.sent], ['acknowledged', report.acknowledged], ...report.rejections, ...Object.entries(report.verdict));
  rows.push(['seen otherwise by Java', report.differences]);
  const { errors, ...reader } = report.reader;
  rows.push(...Object.entries(reader).map(([name, count]): [string, unknown] => [`consumer: ${name}`, count]), ...errors);
  rows.push(['longest gap of acknowledgments, ms', Math.round(report.longestGapMs.send)]);
  rows.push(['longest gap of messages, ms', Math.round(report.longestGapMs.read)]);
  return rows;
}

process.exitCode = await main();
