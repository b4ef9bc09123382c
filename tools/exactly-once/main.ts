import { parseArgs } from 'node:util';
import { listOf, LongRun, longRunOptions, printer, printOutcome, refuses } from '../chaos/long-run.ts';
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
${listOf(faults, 18)}
TSKAFKA_CLUSTER names the folder of a running cluster with three nodes ('npm run kafka -- start 3' prints it), to use instead.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      membership: { type: 'string', default: 'none' },
      copiers: { type: 'string' },
      ...longRunOptions(faults),
    },
  });
  const membership = memberships.find((each) => each === values.membership);
  if (refuses(values, faults, usage, membership === undefined)) return 2;
  const print = printer();
  const copiers = Number(values.copiers ?? (membership === 'none' ? 1 : 2));
  print(
    `seed ${values.seed}, ${values.minutes} minutes, ${values.rate} messages a second, ${copiers} copiers, membership ${values.membership}`,
  );
  await using run = await LongRun.begin(values);
  const { kafka, seed, rate } = run;
  const report = await copyExactlyOnce({ kafka, seed, rate, membership: membership!, copiers, schedule: run.inTurn(), print });
  return printOutcome(rowsOf(report, membership!), report.violations, { good: 'the output is the input' });
}

function rowsOf({ faults: struck, written, verdict, liveVerdict }: Report, membership: Membership): [string, unknown][] {
  return [
    ['membership', membership],
    ...struck,
    ['written', written],
    ...Object.entries(verdict),
    ...Object.entries(liveVerdict).map(([kind, count]): [string, unknown] => [`${kind}, read meanwhile`, count]),
  ];
}

process.exitCode = await main();
