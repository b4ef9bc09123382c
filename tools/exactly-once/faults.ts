import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../conformance/until.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { isWhole, leaderOf } from '../soak/log.ts';
import { between, pick } from '../soak/random.ts';
import type { CopierProcess } from './copier-process.ts';

/** Where faults happen. */
export interface Scene {
  readonly kafka: RealKafka;
  /** What the copiers talk through. */
  readonly proxy: FaultProxy;
  readonly random: () => number;
  /** Whose leaders are killed: what is read and written, and where the cluster keeps offsets and transactions. */
  readonly topics: readonly string[];
  readonly copiers: readonly CopierProcess[];
}

/** A fault from its beginning to its end. Gives how many times it has struck. */
export type Fault = (scene: Scene) => Promise<number>;

/** The copiers take turns. */
const turns = new WeakMap<readonly CopierProcess[], number>();

function nextCopier({ copiers }: Scene): CopierProcess {
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
  const node = await leaderOf(kafka, pick(random, topics), 0);
  await kafka.kill(node);
  await sleep(between(random, 0, 5000));
  await kafka.restart(node);
  // One more may fail only when all replicas are back: no client can mend the loss of two of three.
  await until('all replicas follow', () => isWhole(kafka, topics).catch(() => false), 120_000);
}

/** Breaks the connection at the next answers to a request, when the broker has done what was asked. */
async function dropResponses({ proxy, random }: Scene, api: ApiName): Promise<number> {
  const times = between(random, 1, 3);
  const fault = proxy.dropResponse(api, { times });
  for (let waited = 0; fault.count < times && waited < 5000; waited += 50) await sleep(50);
  fault.stop();
  return fault.count;
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
  'connections broken': async ({ proxy }) => {
    for (let i = 0; i < 8; i++) {
      proxy.rst();
      await sleep(250);
    }
    return 8;
  },
  'answers to EndTxn lost': (scene) => dropResponses(scene, 'EndTxn'),
  'answers to TxnOffsetCommit lost': (scene) => dropResponses(scene, 'TxnOffsetCommit'),
  'answers to Produce lost': (scene) => dropResponses(scene, 'Produce'),
};
