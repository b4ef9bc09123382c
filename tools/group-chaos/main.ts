import { parseArgs } from 'node:util';
import { seeded, turns } from '../chaos/random.ts';
import { openKafka, startKafka } from '../real-kafka/cluster.ts';
import { faults } from './faults.ts';
import { groupChaos, type Report } from './group-chaos.ts';
import { committers, protocols } from './plan.ts';

const usage = `Has a group of three members read what two idempotent producers write, while members, brokers and connections fail in turn (a real
Kafka with three nodes, started for it), and compares what the members have written down with the log and with what the group has committed. Ends
with 1 when something was missed, committed before it was handled, or given again although it was committed.

  npm run chaos:group -- [--protocol ${protocols.join('|')}] [--commits ${committers.join('|')}|mixed] [--minutes N] [--rate N] [--seed N] [--fault NAME]...

  --protocol  the classic one (default), with cooperative-sticky assignment; or that of KIP-848
  --commits   by the members themselves, by run, or of each new member another one (default mixed)
  --minutes   for how long (default 3); the last fault ends behind it
  --rate      records in a second (default 1000)
  --seed      replays the choices of a run, though not its timing (default: by chance)
  --fault     only these, instead of all in turn:
${Object.keys(faults)
  .map((name) => `                ${name}\n`)
  .join('')}
TSKAFKA_CLUSTER names the folder of a running cluster with three nodes ('npm run kafka -- start 3' prints it), to use instead.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      protocol: { type: 'string', default: 'classic' },
      commits: { type: 'string', default: 'mixed' },
      minutes: { type: 'string', default: '3' },
      rate: { type: 'string', default: '1000' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      fault: { type: 'string', multiple: true, default: Object.keys(faults) },
      help: { type: 'boolean', default: false },
    },
  });
  const protocol = protocols.find((each) => each === values.protocol);
  const commits = ([...committers, 'mixed'] as const).find((each) => each === values.commits);
  const unknown = values.fault.find((name) => !(name in faults));
  if (values.help || protocol === undefined || commits === undefined || unknown !== undefined) {
    process.stderr.write(unknown === undefined ? usage : `there is no fault '${unknown}'\n${usage}`);
    return 2;
  }
  const seed = Number(values.seed);
  const began = Date.now();
  const print = (line: string): void => void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  print(`seed ${seed}, ${values.minutes} minutes, ${values.rate} records a second, protocol ${protocol}, commits ${commits}`);
  const running = process.env['TSKAFKA_CLUSTER'];
  await using started = running === undefined ? await startKafka({ nodes: 3 }) : undefined;
  const kafka = started ?? (await openKafka(running!));
  const end = Date.now() + Number(values.minutes) * 60_000;
  const schedule = turns(values.fault, seeded(seed, 'schedule'), () => Date.now() < end);
  const report = await groupChaos({ kafka, seed, rate: Number(values.rate), protocol, commits, schedule, print });
  printReport(report);
  return report.violations.length === 0 ? 0 : 1;
}

function printReport({ faults: struck, acknowledged, written, verdict, counts, violations }: Report): void {
  const rows: [string, unknown][] = [...struck, ['acknowledged', acknowledged]];
  rows.push(...Object.entries(written).map(([kind, count]): [string, unknown] => [`records ${kind}`, count]));
  rows.push(...Object.entries(counts), ...Object.entries(verdict).map(([kind, count]): [string, unknown] => [`messages ${kind}`, count]));
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(52)} ${String(value)}\n`);
  if (violations.length === 0) process.stdout.write('nothing is wrong\n');
  for (const violation of violations) process.stdout.write(`VIOLATION: ${violation}\n`);
}

process.exitCode = await main();
