import { createTopics } from '@tskafka/core';
import { KafkaClient } from '@tskafka/producer';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../conformance/until.ts';
import { isWhole } from '../chaos/replicas.ts';
import { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { type Fault, faults, type Scene } from './faults.ts';
import { type Logs, readLogs, readLogsInJava } from './log.ts';
import { between, seeded } from '../chaos/random.ts';
import { Reader, type ReaderCounts } from './reader.ts';
import { Sender } from './senders.ts';
import { judge, sum, type Verdict } from './verdict.ts';
import { Pace } from './pace.ts';
import { countedPlans, endlessPlans } from './plans.ts';

export interface SoakOptions {
  readonly kafka: RealKafka;
  readonly seed: number;
  /** Records in a second, over all topics. */
  readonly rate: number;
  /** The names of the faults, one after the other; it ends with the last. */
  readonly schedule: Iterable<string>;
  /** How many records are sent in all, the same number before and during each fault of the schedule, which is a list then. Default: as many as it takes. */
  readonly records?: number | undefined;
  /** Whether Kafka's own consumer reads the log too. */
  readonly java: boolean;
  readonly print: (line: string) => void;
}

export interface Report {
  /** By name: how often it has struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly sent: number;
  readonly acknowledged: number;
  /** By error: the sends of the impatient producer that were rejected. */
  readonly rejections: ReadonlyMap<string, number>;
  readonly verdict: Verdict;
  /** What Java has seen otherwise than the first witness. */
  readonly differences: number;
  readonly reader: ReaderCounts & {
    readonly read: number;
    readonly restarts: number;
    /** Records of the log that were not handed out by the end, or with another value. */
    readonly unread: number;
    /** Partitions whose commit is not where the consumer stood when it was closed. */
    readonly uncommitted: number;
    readonly errors: ReadonlyMap<string, number>;
  };
  /** The longest time without an acknowledgment, and without a message, while something was to come. */
  readonly longestGapMs: { readonly send: number; readonly read: number };
  /** What must not be: empty when all is well. */
  readonly violations: readonly string[];
}

const settleMs = 90_000;

/** Writes and reads through a failing network and failing brokers, and compares what was said with what is in the log. */
export async function soak(options: SoakOptions): Promise<Report> {
  const { kafka, seed, rate, schedule, print } = options;
  const random = (stream: string): (() => number) => seeded(seed, stream);
  const routes = kafka.nodes.map((node) => ({ node, port: kafka.proxyPort(node), target: kafka.port('PROXIED', node) }));
  await using proxy = await FaultProxy.start(routes, { random: random('jitter') });
  const brokers = kafka.nodes.map((node) => `127.0.0.1:${kafka.proxyPort(node)}`);
  // Short enough that black holes break connections, too.
  await using client = await KafkaClient.connect({ brokers, requestTimeoutMs: 5000 });
  const name = (kind: string): string => `soak-${kind}-${seed}-${Date.now().toString(36)}`;
  const pace = options.records === undefined ? undefined : new Pace(options.records, [...schedule].length);
  const named = { seed, rate, name };
  const plans = pace === undefined ? endlessPlans(named) : countedPlans(named, () => pace.allowed);
  const topics = new Map(plans.map(({ topic, partitions }) => [topic, partitions]));
  await createTopics(client, plans.map(({ topic, partitions }) => ({ name: topic, partitions, replicationFactor: 3 }))); // prettier-ignore
  await until('all replicas follow', () => isWhole(kafka, [...topics.keys()]), 60_000);
  const group = name('group');
  const senders = await Promise.all(plans.map((plan) => Sender.start(client, plan)));
  const reader = await Reader.start(client, { topics: [...topics.keys()], group });
  const acknowledged = (): number => senders.reduce((count, sender) => count + sender.acknowledged, 0);
  reader.watch(() => reader.reached < acknowledged());

  const struck = await strikeAll(
    { kafka, proxy, random: random('faults'), topics, group },
    { schedule, pace, reader, senders, random, print },
  );
  proxy.calm();
  const violations: string[] = [];
  const settled = await Promise.all(senders.map((sender) => sender.stop(settleMs)));
  settled.forEach((inTime, i) => {
    if (!inTime) violations.push(`${plans[i]!.topic}: sends were not settled ${settleMs} ms after the last fault`);
  });
  print(`${acknowledged()} acknowledged; reading the log`);

  const logs = await readLogs(kafka, [...topics.keys()]);
  const records = [...logs.values()].reduce((count, log) => count + log.length, 0);
  await until('all is read', () => Promise.resolve(reader.reached >= records), settleMs).catch(() => {});
  const places = await reader.stop();
  const ledgers = senders.flatMap((sender) => sender.ledgers);
  const verdict = sum(ledgers.map((ledger) => judge(ledger, logs.get(ledger.name) ?? [], print)));
  const differences = options.java ? countDifferences(logs, await readLogsInJava(kafka, logs, [...topics.keys()])) : 0;
  const report: Report = {
    faults: struck,
    sent: senders.reduce((count, sender) => count + sender.sent, 0),
    acknowledged: acknowledged(),
    rejections: senders.at(-1)!.errors,
    verdict,
    differences,
    reader: {
      ...reader.counts,
      read: reader.reached,
      restarts: reader.restarts,
      unread: countUnread(logs, reader.read),
      uncommitted: places.filter(({ position, committed }) => position > 0 && committed !== position).length,
      errors: reader.errors,
    },
    longestGapMs: { send: senders[0]!.gap.longestMs, read: reader.gap.longestMs },
    violations,
  };
  senders.slice(0, -1).forEach((sender, i) => {
    for (const [error, count] of sender.errors) violations.push(`${plans[i]!.topic}: ${count} sends rejected: ${error}`);
  });
  if (pace !== undefined) {
    const planned = [...schedule];
    for (const [fault, times] of struck) {
      const count = planned.filter((name) => name === fault).length;
      if (times !== count) violations.push(`${fault}: ${times} times instead of ${count}`);
    }
  }
  violations.push(...violationsOf(report));
  return report;
}

interface StrikeOptions {
  readonly schedule: Iterable<string>;
  readonly pace: Pace | undefined;
  readonly reader: Reader;
  readonly senders: readonly Sender[];
  readonly random: (stream: string) => () => number;
  readonly print: (line: string) => void;
}

async function strikeAll(scene: Scene, { schedule, pace, reader, senders, random, print }: StrikeOptions): Promise<Map<string, number>> {
  const struck = new Map<string, number>();
  const pauses = random('pauses');
  const restarts = random('restarts');
  await sleep(2000);
  const sent = (): number => senders.reduce((count, sender) => count + sender.sent, 0);
  for (const name of schedule) {
    const fault: Fault = faults[name]!;
    if (pace !== undefined) {
      pace.next();
      await until('records are on their way', () => Promise.resolve(sent() >= pace.middle), settleMs);
    }
    const began = performance.now();
    // The consumer's own restarts fall into the middle of faults as well.
    const chance = restarts();
    const restartAt = sleep(between(restarts, 0, 6000));
    const restarting = chance < 0.3 ? restartAt.then(() => (chance < 0.15 ? reader.replace() : reader.restart())) : undefined;
    const times = await fault(scene);
    await restarting;
    struck.set(name, (struck.get(name) ?? 0) + times);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (pace === undefined) await sleep(between(pauses, 500, 3000));
    // Only of the first: a batch waits for its slowest partition, a crowded one for its turn, and the impatient one gives up.
    const [sendMs, readMs] = [senders[0]!.gap.lap(), reader.gap.lap()].map(Math.round);
    const outstanding = senders.map((sender) => sender.outstanding).join(' ');
    print(`${name}: ${times} in ${seconds} s; longest gap ${sendMs} ms, of reading ${readMs} ms; outstanding ${outstanding}`);
  }
  if (pace !== undefined) {
    pace.next();
    await until('all is sent', () => Promise.resolve(sent() >= pace.allowed), settleMs);
  }
  return struck;
}

function countDifferences(ours: Logs, javas: Logs): number {
  let differences = 0;
  for (const name of new Set([...ours.keys(), ...javas.keys()])) {
    const [our, java] = [ours.get(name) ?? [], javas.get(name) ?? []];
    differences += Math.abs(our.length - java.length);
    our.forEach(({ offset, sequence }, i) => {
      if (java[i] !== undefined && (java[i].offset !== offset || java[i].sequence !== sequence)) differences++;
    });
  }
  return differences;
}

function countUnread(logs: Logs, read: ReadonlyMap<string, readonly (number | undefined)[]>): number {
  let unread = 0;
  for (const [name, log] of logs) for (const { offset, sequence } of log) if (read.get(name)?.[offset] !== sequence) unread++;
  return unread;
}

function violationsOf({ verdict, differences, reader }: Report): string[] {
  const wrong = Object.entries(verdict).map(([kind, count]): [string, number] => [`records ${kind}`, count]);
  const { missed, repeated, skippedByCommit, unread, uncommitted } = reader;
  wrong.push(['records that Java sees otherwise', differences], ['messages missed', missed], ['messages repeated', repeated]);
  wrong.push(['messages skipped by a commit', skippedByCommit], ['records unread', unread], ['last commits wrong', uncommitted]);
  for (const [error, count] of reader.errors) {
    if (!error.startsWith('NoBrokersAvailableError')) wrong.push([`times consume() rejected: ${error}`, count]);
  }
  return wrong.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
}
