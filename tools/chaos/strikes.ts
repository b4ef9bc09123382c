import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../conformance/until.ts';
import type { ApiName } from '../fault-proxy/api-keys.ts';
import type { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { isWhole } from './replicas.ts';

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

/** Does it so many times, with a pause after each. Gives how many. */
export async function repeat(times: number, pauseMs: number, act: () => void): Promise<number> {
  for (let i = 0; i < times; i++) {
    act();
    await sleep(pauseMs);
  }
  return times;
}
