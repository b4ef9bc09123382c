import type { Cluster } from '../cluster/cluster.ts';
import type { CoordinatorType } from '../cluster/coordinators.ts';
import type { Connection } from '../connection/connection.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { AdminLimits } from './admin-options.ts';
import { eachItem, type Results } from './results.ts';

type Ask<Value> = (connection: Connection, key: string, signal: AbortSignal, brokerId: number) => Promise<Value>;

/** Asks the coordinator of each group or transactional id, at the same time; what one does not answer is the entry of that key. */
export function atCoordinators<Value>(
  cluster: Cluster,
  type: CoordinatorType,
  keys: readonly string[],
  ask: Ask<Value>,
  limits: AdminLimits,
): Promise<Results<string, Value>> {
  return eachItem(new Set(keys), (key) => atCoordinator(cluster, type, key, ask, limits), limits.signal);
}

/** Asks the coordinator of one group or transactional id, and the new one when it has moved. */
export function atCoordinator<Value>(
  cluster: Cluster,
  type: CoordinatorType,
  key: string,
  ask: Ask<Value>,
  { timeoutMs, signal }: AdminLimits,
): Promise<Value> {
  const attempt = async (brokerId: number, giveUp: AbortSignal): Promise<Value> =>
    ask(await cluster.connection(brokerId, 'coordinator', giveUp), key, giveUp, brokerId);
  return cluster.coordinators.retry(type, key, attempt, { timeoutMs, signal });
}

/** The coordinator has done nothing, and will, or another one will. Kafka says the third one to those who commit while members join. */
const passing: ReadonlySet<number> = new Set([
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.NOT_COORDINATOR,
  errorCodes.REBALANCE_IN_PROGRESS,
]);

/**
 * Throws what concerns all that a coordinator was asked for. Some requests say it partition by partition: those are given with `only`
 * passing errors, and the rest of theirs are entries.
 */
export function throwIfPassing(code: number, what: string): void {
  if (passing.has(code)) throw brokerError(code, what, { retriable: true });
}
