import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../connection/connection.ts';
import { KafkaError } from '../errors.ts';
import type { AdminLimits } from './admin-options.ts';
import { eachItem, type Results } from './results.ts';

/** The ids of the brokers that are there now, by rising id. */
export async function brokerIds(cluster: Cluster, { call: what, timeoutMs, signal }: AdminLimits): Promise<number[]> {
  await cluster.retry((giveUp) => cluster.refresh([], giveUp), { what, timeoutMs, signal, topics: 'none' });
  return [...cluster.metadata.brokers.keys()].sort((a, b) => a - b);
}

/** Asks each of these brokers itself, at the same time; what one does not answer is its entry. A broker that the cluster does not have is one of them. */
export function atBrokers<Value>(
  cluster: Cluster,
  ids: readonly number[],
  ask: (connection: Connection, id: number, signal: AbortSignal) => Promise<Value>,
  limits: AdminLimits,
): Promise<Results<number, Value>> {
  return eachItem(new Set(ids), (id) => atBroker(cluster, id, (connection, signal) => ask(connection, id, signal), limits), limits.signal);
}

/** Asks this broker and no other. */
export async function atBroker<Value>(
  cluster: Cluster,
  id: number,
  ask: (connection: Connection, signal: AbortSignal) => Promise<Value>,
  limits: AdminLimits,
): Promise<Value> {
  const { brokers } = cluster.metadata;
  if (!brokers.has(id)) {
    const known = await brokerIds(cluster, limits);
    if (!known.includes(id)) throw new KafkaError(`broker ${id} is not in the cluster, which has ${known.join(', ')}`);
  }
  const attempt = async (giveUp: AbortSignal): Promise<Value> => ask(await cluster.connection(id, 'main', giveUp), giveUp);
  return cluster.retry(attempt, { what: `${limits.call} of broker ${id}`, timeoutMs: limits.timeoutMs, signal: limits.signal, topics: [] });
}
