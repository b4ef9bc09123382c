import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../connection/connection.ts';
import type { AdminLimits } from './admin-options.ts';

/** Asks a broker, whichever is best reached, for what all of them know or pass on to the controller; another one when it fails. */
export function atAny<T>(
  cluster: Cluster,
  attempt: (connection: Connection, signal: AbortSignal) => Promise<T>,
  { call: what, timeoutMs, signal }: AdminLimits,
): Promise<T> {
  const ask = async (giveUp: AbortSignal): Promise<T> => attempt(await cluster.connection('any', 'main', giveUp), giveUp);
  return cluster.retry(ask, { what, timeoutMs, signal, topics: [] });
}
