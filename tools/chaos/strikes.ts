import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { realCluster } from '../../conformance/real.ts';
import { until } from '../../conformance/until.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { assignReplicas, isWhole } from './replicas.ts';

/** Breaks the connection at the next requests of an API, or at their answers, and waits until it has, but not for ever. Gives how often it did. */
export async function drop(
  proxy: FaultProxy,
  what: 'dropRequest' | 'dropResponse',
  api: ApiName,
  { times, patienceMs = 10_000 }: { readonly times: number; readonly patienceMs?: number },
): Promise<number> {
  const fault = proxy[what](api, { times });
  await until('it has struck', () => Promise.resolve(fault.count >= times), patienceMs).catch(() => {});
  fault.stop();
  return fault.count;
}

/** Starts the node, in good order if it runs. One more may fail only when all replicas are back: no client can mend the loss of two of three. */
export async function restart(kafka: RealKafka, node: number, topics: readonly string[]): Promise<void> {
  await kafka.restart(node);
  await allFollow(kafka, topics);
}

export function allFollow(kafka: RealKafka, topics: readonly string[]): Promise<void> {
  return until('all replicas follow', () => isWhole(kafka, topics).catch(() => false), 120_000);
}

/** Ends the node as a power cut does, and starts it again. */
export async function killAndRestart(kafka: RealKafka, node: number, downMs: number, topics: readonly string[]): Promise<void> {
  await kafka.kill(node);
  await sleep(downMs);
  await restart(kafka, node, topics);
}

/** Stops some nodes in their tracks, their connections open, and lets them go on. */
export async function pauseNodes(kafka: RealKafka, nodes: readonly number[], ms: number, topics: readonly string[]): Promise<void> {
  for (const node of nodes) kafka.pause(node);
  await sleep(ms);
  for (const node of nodes) kafka.resume(node);
  await allFollow(kafka, topics);
}

/** Once a second the next node becomes the leader of every partition of a topic whose replicas all nodes have. Gives how many moved. */
export async function electEverySecond(kafka: RealKafka, topic: string, partitions: number, seconds: number): Promise<number> {
  const cluster = realCluster(kafka);
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  for (let second = 0; second < seconds; second++) {
    const node = kafka.nodes[second % kafka.nodes.length]!;
    await Promise.all([sleep(1000), ...numbers.map((partition) => cluster.moveLeader(topic, partition, node))]);
  }
  return seconds * partitions;
}

/** Takes each partition from one node after the other, which has to copy all of it when it gets it back. Gives how many moved. */
export async function reassignReplicas(kafka: RealKafka, topic: string, partitions: number): Promise<number> {
  for (const node of kafka.nodes) {
    const others = kafka.nodes.filter((each) => each !== node);
    for (const replicas of [others, [...others, node]]) {
      for (let partition = 0; partition < partitions; partition++) await assignReplicas(kafka, topic, partition, replicas);
    }
  }
  return 2 * kafka.nodes.length * partitions;
}

/** Stops this process in its tracks, as a laptop does that is closed: to the program no time passes, to the brokers it does. */
export async function suspend(ms: number): Promise<void> {
  await once(spawn('sh', ['-c', `kill -STOP $PPID; sleep ${ms / 1000}; kill -CONT $PPID`], { stdio: 'ignore' }), 'exit');
}

/** Does it so many times, with a pause after each. Gives how many. */
export async function repeat(times: number, pauseMs: number, act: () => void): Promise<number> {
  for (let i = 0; i < times; i++) {
    act();
    await sleep(pauseMs);
  }
  return times;
}
