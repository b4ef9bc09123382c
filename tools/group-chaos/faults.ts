import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramProcess } from '../chaos/program-process.ts';
import { between, pick } from '../chaos/random.ts';
import { coordinatorOf, leaderOf } from '../chaos/replicas.ts';
import { drop, electEverySecond, killAndRestart, pauseNodes, reassignReplicas, repeat } from '../chaos/strikes.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { partitions, type Protocol, sessionTimeoutMs } from './plan.ts';

/** Where faults happen. */
export interface Scene {
  readonly kafka: RealKafka;
  /** What members and producers talk through. */
  readonly proxy: FaultProxy;
  readonly random: () => number;
  /** What is written and read. */
  readonly topics: readonly string[];
  readonly group: string;
  readonly protocol: Protocol;
  readonly members: readonly ProgramProcess[];
}

/** A fault from its beginning to its end. Gives how many times it has struck. */
export type Fault = (scene: Scene) => Promise<number>;

async function killMember({ members, random }: Scene): Promise<void> {
  const member = pick(random, members);
  await member.kill();
  await sleep(between(random, 0, 3000));
  member.start();
}

async function killLeader({ kafka, random, topics }: Scene): Promise<void> {
  const node = await leaderOf(kafka, pick(random, topics), between(random, 0, partitions - 1));
  await killAndRestart(kafka, node, between(random, 0, 5000), [...topics, '__consumer_offsets']);
}

async function killCoordinator({ kafka, random, topics, group }: Scene): Promise<void> {
  await killAndRestart(kafka, await coordinatorOf(kafka, group), between(random, 0, 5000), [...topics, '__consumer_offsets']);
}

const loseAnswers = ({ proxy, random }: Scene, api: ApiName): Promise<number> =>
  drop(proxy, 'dropResponse', api, { times: between(random, 2, 6) });

/** What can happen to members, to brokers, and between them. */
export const faults: Readonly<Record<string, Fault>> = {
  'a member killed': async (scene) => {
    await killMember(scene);
    return 1;
  },
  'a member closed': async ({ members, random }) => {
    const member = pick(random, members);
    if (!(await member.stop(30_000))) throw new Error(`a member did not close: ${member.words.slice(-20).join('')}`);
    await sleep(between(random, 0, 2000));
    member.start();
    return 1;
  },
  'a member stopped in its tracks beyond its session': async ({ members, random, protocol }) => {
    await pick(random, members).pause(sessionTimeoutMs[protocol] + between(random, 1000, 4000));
    return 1;
  },
  'a member stopped in its tracks': async ({ members, random }) => {
    await pick(random, members).pause(between(random, 500, 4000));
    return 1;
  },
  'a leader killed': async (scene) => {
    await killLeader(scene);
    return 1;
  },
  "the group's coordinator killed": async (scene) => {
    await killCoordinator(scene);
    return 1;
  },
  'a member and the coordinator killed': async (scene) => {
    await Promise.all([killCoordinator(scene), killMember(scene)]);
    return 2;
  },
  'a leader stopped in its tracks': async ({ kafka, random, topics }) => {
    const node = await leaderOf(kafka, pick(random, topics), between(random, 0, partitions - 1));
    await pauseNodes(kafka, [node], between(random, 5000, 40_000), [...topics, '__consumer_offsets']);
    return 1;
  },
  'the coordinator stopped in its tracks while a member comes': async (scene) => {
    const { kafka, group, random, topics } = scene;
    const paused = pauseNodes(kafka, [await coordinatorOf(kafka, group)], between(random, 5000, 40_000), [...topics, '__consumer_offsets']);
    await Promise.all([paused, killMember(scene)]);
    return 2;
  },
  'leaders elected every second': ({ kafka, random, topics }) => electEverySecond(kafka, pick(random, topics), partitions, 10),
  'replicas reassigned': ({ kafka, random, topics }) => reassignReplicas(kafka, pick(random, topics), partitions),
  'connections reset': ({ proxy }) => repeat(8, 250, () => proxy.rst()),
  'answers to OffsetCommit lost': (scene) => loseAnswers(scene, 'OffsetCommit'),
  'answers to Fetch lost': (scene) => loseAnswers(scene, 'Fetch'),
  'answers to Produce lost': (scene) => loseAnswers(scene, 'Produce'),
  'answers to heartbeats lost': (scene) => loseAnswers(scene, scene.protocol === 'classic' ? 'Heartbeat' : 'ConsumerGroupHeartbeat'),
  'answers to those who join lost': async (scene) => {
    const { proxy, protocol } = scene;
    const apis: ApiName[] = protocol === 'classic' ? ['JoinGroup', 'SyncGroup', 'OffsetFetch'] : ['ConsumerGroupHeartbeat', 'OffsetFetch'];
    const [counts] = await Promise.all([Promise.all(apis.map((api) => drop(proxy, 'dropResponse', api, { times: 2 }))), killMember(scene)]);
    return counts.reduce((sum, count) => sum + count, 0);
  },
  'requests into a black hole': async ({ proxy, random, kafka }) => {
    const end = proxy.blackhole('both', pick(random, kafka.nodes));
    await sleep(between(random, 1000, 9000));
    end();
    return 1;
  },
};
