import { parseArgs } from 'node:util';
import { openKafka, startKafka } from '../real-kafka/cluster.ts';
import { seeded, turns } from '../chaos/random.ts';
import { copyExactlyOnce, type Report } from './copy-exactly-once.ts';
import { faults } from './faults.ts';
import { type Membership, memberships } from './plan.ts';

const usage = `Has a topic copied to another one in transactions, by programs that are killed in turn with the brokers (a real Kafka with three nodes,
started for it), and compares the copy with the topic. Ends with 1 when something is missing, doubled, swapped, or left hanging.

  npm run exactly-once -- [--membership ${memberships.join('|')}] [--copiers N] [--minutes N] [--rate N] [--seed N] [--fault NAME]...

  --membership  how the copiers share the topic: by neither, one reads all (default); by the classic protocol, or by that of KIP-848
  --copiers     how many there are (default 1, or 2 as members of a group)
  --minutes     for how long (default 3); the last fault ends behind it
  --rate        messages in a second (default 1000)
  --seed        replays the choices of a run, though not its timing (default: by chance)
  --fault       only these, instead of all in turn:
${Object.keys(faults)
  .map((name) => `                  ${name}\n`)
  .join('')}
TSKAFKA_CLUSTER names the folder of a running cluster with three nodes ('npm run kafka -- start 3' prints it), to use instead.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      membership: { type: 'string', default: 'none' },
      copiers: { type: 'string' },
      minutes: { type: 'string', default: '3' },
      rate: { type: 'string', default: '1000' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      fault: { type: 'string', multiple: true, default: Object.keys(faults) },
      help: { type: 'boolean', default: false },
    },
  });
  const membership = memberships.find((each) => each === values.membership);
  const unknown = values.fault.find((name) => !(name in faults));
  if (values.help || membership === undefined || unknown !== undefined) {
    process.stderr.write(unknown === undefined ? usage : `there is no fault '${unknown}'\n${usage}`);
    return 2;
  }
  const seed = Number(values.seed);
  const began = Date.now();
  const print = (line: string): void => void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  const copiers = Number(values.copiers ?? (membership === 'none' ? 1 : 2));
  print(`seed ${seed}, ${values.minutes} minutes, ${values.rate} messages a second, ${copiers} copiers, membership ${membership}`);
  const running = process.env['TSKAFKA_CLUSTER'];
  await using started = running === undefined ? await startKafka({ nodes: 3 }) : undefined;
  const kafka = started ?? (await openKafka(running!));
  const end = Date.now() + Number(values.minutes) * 60_000;
  const schedule = turns(values.fault, seeded(seed, 'schedule'), () => Date.now() < end);
  const report = await copyExactlyOnce({ kafka, seed, rate: Number(values.rate), membership, copiers, schedule, print });
  printReport(report, membership);
  return report.violations.length === 0 ? 0 : 1;
}

function printReport({ faults: struck, written, verdict, liveVerdict, violations }: Report, membership: Membership): void {
  const rows: [string, unknown][] = [['membership', membership], ...struck, ['written', written]];
  rows.push(
    ...Object.entries(verdict),
    ...Object.entries(liveVerdict).map(([kind, count]): [string, unknown] => [`${kind}, read meanwhile`, count]),
  );
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(44)} ${String(value)}\n`);
  if (violations.length === 0) process.stdout.write('the output is the input\n');
  for (const violation of violations) process.stdout.write(`VIOLATION: ${violation}\n`);
}

process.exitCode = await main();
