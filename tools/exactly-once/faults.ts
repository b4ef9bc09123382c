import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramProcess } from '../chaos/program-process.ts';
import { between, pick } from '../chaos/random.ts';
import { leaderOf } from '../chaos/replicas.ts';
import { drop, electEverySecond, killAndRestart, pauseNodes, reassignReplicas, repeat } from '../chaos/strikes.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { partitions, transactionTimeoutMs } from './plan.ts';

/** Where faults happen. */
export interface Scene {
  readonly kafka: RealKafka;
  /** What the copiers talk through. */
  readonly proxy: FaultProxy;
  readonly random: () => number;
  /** Whose leaders are killed: what is read and written, and where the cluster keeps offsets and transactions. */
  readonly topics: readonly string[];
  readonly output: string;
  readonly copiers: readonly ProgramProcess[];
}

/** A fault from its beginning to its end. Gives how many times it has struck. */
export type Fault = (scene: Scene) => Promise<number>;

/** The copiers take turns. */
const turns = new WeakMap<readonly ProgramProcess[], number>();

function nextCopier({ copiers }: Scene): ProgramProcess {
  const turn = turns.get(copiers) ?? 0;
  turns.set(copiers, turn + 1);
  return copiers[turn % copiers.length]!;
}

async function killCopier(scene: Scene): Promise<void> {
  const copier = nextCopier(scene);
  await copier.kill();
  await sleep(between(scene.random, 0, 2000));
  copier.start();
}

async function killBroker({ kafka, random, topics }: Scene): Promise<void> {
  await killAndRestart(kafka, await leaderOf(kafka, pick(random, topics), 0), between(random, 0, 5000), topics);
}

/** Breaks the connection at the next answers to a request, when the broker has done what was asked. */
function loseAnswers({ proxy, random }: Scene, api: ApiName): Promise<number> {
  return drop(proxy, 'dropResponse', api, { times: between(random, 1, 3), patienceMs: 5000 });
}

/** What can happen to copiers, to brokers, and between them. */
export const faults: Readonly<Record<string, Fault>> = {
  'a copier killed': async (scene) => {
    await killCopier(scene);
    return 1;
  },
  'a broker killed': async (scene) => {
    await killBroker(scene);
    return 1;
  },
  'a copier and a broker killed': async (scene) => {
    await Promise.all([killBroker(scene), killCopier(scene)]);
    return 2;
  },
  'a copier stopped in its tracks': async (scene) => {
    await nextCopier(scene).pause(between(scene.random, 500, 12_000));
    return 1;
  },
  'a copier stopped in its tracks beyond its transaction': async (scene) => {
    await nextCopier(scene).pause(between(scene.random, transactionTimeoutMs, 2 * transactionTimeoutMs));
    return 1;
  },
  'a broker stopped in its tracks': async ({ kafka, random, topics }) => {
    await pauseNodes(kafka, [await leaderOf(kafka, pick(random, topics), 0)], between(random, 5000, 40_000), topics);
    return 1;
  },
  'leaders of the output elected every second': ({ kafka, output }) => electEverySecond(kafka, output, partitions, 10),
  'replicas of the output reassigned': ({ kafka, output }) => reassignReplicas(kafka, output, partitions),
  'connections broken': ({ proxy }) => repeat(8, 250, () => proxy.rst()),
  'answers to EndTxn lost': (scene) => loseAnswers(scene, 'EndTxn'),
  'answers to TxnOffsetCommit lost': (scene) => loseAnswers(scene, 'TxnOffsetCommit'),
  'answers to Produce lost': (scene) => loseAnswers(scene, 'Produce'),
};
