import { parseArgs } from 'node:util';
import { listOf, LongRun, longRunOptions, printer, printOutcome, refuses } from '../chaos/long-run.ts';
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
${listOf(faults, 16)}
TSKAFKA_CLUSTER names the folder of a running cluster with three nodes ('npm run kafka -- start 3' prints it), to use instead.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      protocol: { type: 'string', default: 'classic' },
      commits: { type: 'string', default: 'mixed' },
      ...longRunOptions(faults),
    },
  });
  const protocol = protocols.find((each) => each === values.protocol);
  const commits = ([...committers, 'mixed'] as const).find((each) => each === values.commits);
  if (refuses(values, faults, usage, protocol === undefined || commits === undefined)) return 2;
  const print = printer();
  print(
    `seed ${values.seed}, ${values.minutes} minutes, ${values.rate} records a second, protocol ${values.protocol}, commits ${values.commits}`,
  );
  await using run = await LongRun.begin(values);
  const { kafka, seed, rate } = run;
  const report = await groupChaos({ kafka, seed, rate, protocol: protocol!, commits: commits!, schedule: run.inTurn(), print });
  return printOutcome(rowsOf(report), report.violations, { width: 52 });
}

function rowsOf({ faults: struck, acknowledged, written, verdict, counts }: Report): [string, unknown][] {
  return [
    ...struck,
    ['acknowledged', acknowledged],
    ...Object.entries(written).map(([kind, count]): [string, unknown] => [`records ${kind}`, count]),
    ...Object.entries(counts),
    ...Object.entries(verdict).map(([kind, count]): [string, unknown] => [`messages ${kind}`, count]),
  ];
}

process.exitCode = await main();
