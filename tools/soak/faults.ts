import { setTimeout as sleep } from 'node:timers/promises';
import { realCluster } from '../../conformance/real.ts';
import { between, pick } from '../chaos/random.ts';
import { configureTopic, coordinatorOf, leaderOf } from '../chaos/replicas.ts';
import { drop, electEverySecond, killAndRestart, pauseNodes, reassignReplicas, repeat, restart, suspend } from '../chaos/strikes.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';

/** Where faults happen. */
export interface Scene {
  readonly kafka: RealKafka;
  readonly proxy: FaultProxy;
  readonly random: () => number;
  /** All that is written to, with the number of its partitions. */
  readonly topics: ReadonlyMap<string, number>;
  readonly group: string;
}

/** A fault from its beginning to its end: when it resolves, nothing of it is left. Gives how many times it has struck. */
export type Fault = (scene: Scene) => Promise<number>;

async function during(ms: number, end: () => void): Promise<number> {
  await sleep(ms);
  end();
  return 1;
}

const anyNode = ({ kafka, random }: Scene): number => pick(random, kafka.nodes);
const nodeOrAll = ({ kafka, random }: Scene): number | undefined => pick(random, [...kafka.nodes, undefined]);

async function strike({ proxy, random }: Scene, what: 'dropRequest' | 'dropResponse', api: ApiName, times: number): Promise<number> {
  const count = await drop(proxy, what, api, { times });
  await sleep(between(random, 100, 1000));
  return count;
}

const namesOf = ({ topics }: Pick<Scene, 'topics'>): string[] => [...topics.keys()];

async function anyLeader({ kafka, topics, random }: Scene): Promise<number> {
  const [topic, partitions] = pick(random, [...topics]);
  return leaderOf(kafka, topic, between(random, 0, partitions - 1));
}

/** What can happen between a client and a cluster, and to single brokers. */
export const faults: Readonly<Record<string, Fault>> = {
  'all connections reset': ({ proxy }) => repeat(1, 500, () => proxy.rst()),
  'a Produce response dropped': ({ proxy }) => drop(proxy, 'dropResponse', 'Produce', { times: 1, patienceMs: 60_000 }),
  'ten RSTs two seconds apart': ({ proxy }) => repeat(10, 2000, () => proxy.rst()),
  'forty RSTs in eight seconds': (scene) => repeat(40, 200, () => scene.proxy.rst(nodeOrAll(scene))),
  'connections closed in order': (scene) => repeat(5, 500, () => scene.proxy.fin(nodeOrAll(scene))),
  'half-closed connections': (scene) => repeat(5, 500, () => scene.proxy.halfClose(nodeOrAll(scene))),
  'Produce responses dropped': (scene) => strike(scene, 'dropResponse', 'Produce', between(scene.random, 3, 12)),
  'Produce requests dropped': (scene) => strike(scene, 'dropRequest', 'Produce', between(scene.random, 3, 12)),
  'Fetch responses dropped': (scene) => strike(scene, 'dropResponse', 'Fetch', between(scene.random, 3, 12)),
  'Metadata responses dropped': async (scene) => {
    const fault = scene.proxy.dropResponse('Metadata', { times: 4 });
    const commits = scene.proxy.dropResponse('OffsetCommit', { times: 4 });
    await repeat(8, 500, () => scene.proxy.rst(anyNode(scene)));
    fault.stop();
    commits.stop();
    return fault.count + commits.count;
  },
  'late Produce responses': async ({ proxy, random }) => {
    const fault = proxy.delayResponse('Produce', between(random, 500, 7000), { times: 3 });
    await sleep(9000);
    fault.stop();
    return fault.count;
  },
  'requests into a black hole': (scene) => during(between(scene.random, 1000, 9000), scene.proxy.blackhole('up', nodeOrAll(scene))),
  'responses into a black hole': (scene) => during(between(scene.random, 1000, 9000), scene.proxy.blackhole('down', nodeOrAll(scene))),
  'a broker in a black hole': (scene) => during(between(scene.random, 1000, 9000), scene.proxy.blackhole('both', anyNode(scene))),
  'a broker that refuses': (scene) => during(between(scene.random, 1000, 6000), scene.proxy.refuse(anyNode(scene))),
  'all brokers refuse': (scene) => during(between(scene.random, 1000, 5000), scene.proxy.refuse()),
  'high latency': ({ proxy, random }) => during(6000, proxy.latency(between(random, 20, 200), 100)),
  'a narrow line that breaks': async (scene) => {
    const end = scene.proxy.rate(between(scene.random, 20_000, 100_000), nodeOrAll(scene));
    await repeat(4, 1500, () => scene.proxy.rst());
    end();
    return 4;
  },
  'small slices that break': async (scene) => {
    const end = scene.proxy.slice(between(scene.random, 1, 7));
    await repeat(4, 1000, () => scene.proxy.rst(nodeOrAll(scene)));
    end();
    return 4;
  },
  'a leader killed': async (scene) => {
    const node = await anyLeader(scene);
    await killAndRestart(scene.kafka, node, between(scene.random, 0, 10_000), namesOf(scene));
    return 1;
  },
  'a leader killed among RSTs': async (scene) => {
    const node = await anyLeader(scene);
    const storm = repeat(30, 300, () => scene.proxy.rst());
    await sleep(between(scene.random, 0, 2000));
    await Promise.all([storm, killAndRestart(scene.kafka, node, between(scene.random, 0, 8000), namesOf(scene))]);
    return 31;
  },
  "the group's coordinator killed": async (scene) => {
    const { kafka, group, random } = scene;
    await killAndRestart(kafka, await coordinatorOf(kafka, group), between(random, 0, 6000), namesOf(scene));
    return 1;
  },
  'a broker restarted in order': async (scene) => {
    await restart(scene.kafka, anyNode(scene), namesOf(scene));
    return 1;
  },
  'a leader stopped in its tracks': async (scene) => {
    await pauseNodes(scene.kafka, [await anyLeader(scene)], between(scene.random, 2000, 12_000), namesOf(scene));
    return 1;
  },
  'a leader stopped in its tracks for long': async (scene) => {
    await pauseNodes(scene.kafka, [await anyLeader(scene)], between(scene.random, 15_000, 40_000), namesOf(scene));
    return 1;
  },
  'all brokers stopped in their tracks': async (scene) => {
    await pauseNodes(scene.kafka, scene.kafka.nodes, between(scene.random, 2000, 8000), namesOf(scene));
    return 1;
  },
  'this program stopped in its tracks': async ({ random }) => {
    await suspend(between(random, 1000, 20_000));
    return 1;
  },
  'leaders moved': async (scene) => {
    const { kafka, topics, random } = scene;
    const cluster = realCluster(kafka);
    for (let i = 0; i < 3; i++) {
      const [topic, partitions] = pick(random, [...topics]);
      await cluster.moveLeader(topic, between(random, 0, partitions - 1), pick(random, kafka.nodes));
    }
    return 3;
  },
  'leaders elected every second': ({ kafka, topics, random }) => electEverySecond(kafka, ...pick(random, [...topics]), 10),
  'replicas reassigned': ({ kafka, topics, random }) => reassignReplicas(kafka, ...pick(random, [...topics])),
  'the largest batch made small for a while': async ({ kafka, random, ...scene }) => {
    const topic = pick(random, namesOf(scene));
    await configureTopic(kafka, topic, 'max.message.bytes', '400'); // one record has less
    await sleep(between(random, 1000, 6000));
    await configureTopic(kafka, topic, 'max.message.bytes', null);
    return 1;
  },
};
