import { createTopics } from '@tskafka/core';
import { KafkaClient } from '@tskafka/producer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../conformance/until.ts';
import { ProgramProcess } from '../chaos/program-process.ts';
import { between, seeded } from '../chaos/random.ts';
import { allFollow } from '../chaos/strikes.ts';
import { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { type Logs, readLogs } from '../soak/log.ts';
import { Sender, type SenderOptions } from '../soak/senders.ts';
import * as log from '../soak/verdict.ts';
import { type GroupEvent, readLedgers } from './events.ts';
import { faults } from './faults.ts';
import { judge, sum, type Verdict } from './judge.ts';
import { type Committer, committers, type MemberPlan, partitions, type Protocol } from './plan.ts';
import { Witness } from './witness.ts';

export interface GroupChaosOptions {
  readonly kafka: RealKafka;
  readonly seed: number;
  /** Records in a second, over all topics. */
  readonly rate: number;
  readonly protocol: Protocol;
  /** Who commits; `mixed`: of each new member another one. */
  readonly commits: Committer | 'mixed';
  /** The names of the faults, one after the other; it ends with the last. */
  readonly schedule: Iterable<string>;
  readonly print: (line: string) => void;
}

export interface Report {
  /** By name: how often it has struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly acknowledged: number;
  /** Of the log, against what the producers were told. */
  readonly written: log.Verdict;
  /** Of the group, against the log. */
  readonly verdict: Verdict;
  /** How often each of these happened: members started, partitions assigned, revoked and lost, messages handled, and handled again. */
  readonly counts: Readonly<Record<string, number>>;
  /** What must not be: empty when all is well. */
  readonly violations: readonly string[];
}

const memberCount = 3;
const settleMs = 90_000;
const mostSecondsAhead = 20;

/** Has a group read what two producers write, while members and brokers are killed and connections break, and compares all that was said. */
export async function groupChaos(options: GroupChaosOptions): Promise<Report> {
  const { kafka, seed, rate, protocol, commits, print } = options;
  const name = (kind: string): string => `group-chaos-${kind}-${protocol}-${seed}-${Date.now().toString(36)}`;
  const group = name('group');
  const routes = kafka.nodes.map((node) => ({ node, port: kafka.proxyPort(node), target: kafka.port('PROXIED', node) }));
  await using proxy = await FaultProxy.start(routes, { random: seeded(seed, 'jitter') });
  const brokers = routes.map(({ port }) => `127.0.0.1:${port}`);
  await using client = await KafkaClient.connect({ brokers, requestTimeoutMs: 5000 });
  // They write only so far ahead that the reading comes to an end on a busy machine, too.
  const half = rate / 2;
  const each = { partitions, recordsPerSecond: half, allowed: () => witness.progress / 2 + half * mostSecondsAhead };
  const plans: SenderOptions[] = [
    { ...each, topic: name('single'), batch: 1, random: seeded(seed, 'single') },
    { ...each, topic: name('batch'), batch: 30, random: seeded(seed, 'batch'), producer: { compression: 'lz4' } },
  ];
  const topics = plans.map(({ topic }) => topic);
  await createTopics(client, topics.map((topic) => ({ name: topic, partitions, replicationFactor: 3 }))); // prettier-ignore
  await allFollow(kafka, topics);

  const ledgers = await mkdtemp(join(tmpdir(), 'group-chaos-'));
  let starts = 0;
  const memberPlan = (): MemberPlan => {
    const member = `member-${starts}`;
    const committer = commits === 'mixed' ? committers[starts % committers.length]! : commits;
    starts++;
    return { name: member, brokers, topics, group, protocol, commits: committer, ledger: join(ledgers, member) };
  };
  const members = Array.from({ length: memberCount }, (_, i) => new ProgramProcess(`member ${i}`, join(import.meta.dirname, 'member.ts'), memberPlan)); // prettier-ignore
  const witness = new Witness(kafka, group);
  const senders = await Promise.all(plans.map((plan) => Sender.start(client, plan)));
  const acknowledged = (): number => senders.reduce((count, sender) => count + sender.acknowledged, 0);
  const violations: string[] = [];
  const struck = new Map<string, number>();
  let logs: Logs = new Map();
  try {
    for (const member of members) member.start();
    await until('the reading has begun', () => Promise.resolve(witness.progress > 0), 60_000);
    const scene = { kafka, proxy, topics, group, protocol, members, random: seeded(seed, 'faults') };
    const random = seeded(seed, 'pauses');
    for (const fault of options.schedule) {
      const began = performance.now();
      const times = await faults[fault]!(scene);
      struck.set(fault, (struck.get(fault) ?? 0) + times);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      print(`${fault}: ${times} in ${seconds} s; ${witness.progress} of ${acknowledged()} done`);
      // The next one strikes in the middle of reading, too.
      const before = witness.progress;
      await until('the reading goes on', () => Promise.resolve(witness.progress > before), 60_000);
      const failure = members.map((member) => member.failure).find(Boolean);
      if (failure !== undefined) throw new Error(failure);
      await sleep(between(random, 200, 2000));
    }
    proxy.calm();
    const settled = await Promise.all(senders.map((sender) => sender.stop(settleMs)));
    if (settled.includes(false)) violations.push(`sends were not settled ${settleMs} ms after the last fault`);
    logs = await readLogs(kafka, topics);
    const isDone = (): Promise<boolean> => Promise.resolve([...logs].every(([partition, { length }]) => witness.committed.get(partition) === length)); // prettier-ignore
    await until('all is read and committed', isDone, settleMs);
  } catch (error) {
    violations.push(`${String(error)}; the members' last words:\n${members.map((member) => member.words.slice(-20).join('')).join('\n')}`);
  } finally {
    const stopped = await Promise.all(members.map((member) => member.stop(30_000)));
    stopped.forEach((isWell, i) => isWell || violations.push(`a member did not end well: ${members[i]!.words.slice(-20).join('')}`));
    await Promise.all(senders.map((sender) => sender.stop(settleMs)));
    await sleep(300); // what the last ones have committed, the witness sees too
    await witness.stop();
  }

  const told = await readLedgers(ledgers);
  const events = [...told, ...witness.events];
  const judgeOf = (name: string, records: readonly log.LoggedRecord[]): Verdict =>
    judge(
      events.filter(({ partition }) => partition === name),
      records.map(({ sequence }) => sequence),
      print,
    );
  const verdict = sum([...logs].map(([partition, records]) => judgeOf(partition, records)));
  const written = log.sum(
    senders.flatMap((sender) => sender.ledgers).map((ledger) => log.judge(ledger, logs.get(ledger.name) ?? [], print)),
  );
  for (const [partition, { length }] of logs) {
    const committed = witness.committed.get(partition);
    if (committed !== length) violations.push(`committed in ${partition}: ${committed} of ${length}`);
  }
  for (const [kind, count] of Object.entries(verdict)) if (count > 0) violations.push(`${count} messages ${kind}`);
  for (const [kind, count] of Object.entries(written)) if (count > 0) violations.push(`${count} records ${kind}`);
  for (const sender of senders) for (const [error, count] of sender.errors) violations.push(`${count} sends rejected: ${error}`);
  if (violations.length === 0) await rm(ledgers, { recursive: true });
  else print(`what members have written down is in ${ledgers}`);
  return {
    faults: struck,
    acknowledged: acknowledged(),
    written,
    verdict,
    counts: { 'members started': starts, ...countsOf(told) },
    violations,
  };
}

function countsOf(told: readonly GroupEvent[]): Record<string, number> {
  const counts: Record<string, number> = { assigned: 0, revoked: 0, lost: 0, delivered: 0, handled: 0, 'handled again': 0 };
  const handled = new Set<string>();
  for (const { kind, partition, offset } of told) {
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind !== 'handled') continue;
    const place = `${partition} ${offset}`;
    if (handled.has(place)) counts['handled again']!++;
    handled.add(place);
  }
  return counts;
}
