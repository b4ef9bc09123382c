import type { Cluster } from '../cluster/cluster.ts';
import type { CoordinatorType } from '../cluster/coordinators.ts';
import { Together } from '../cluster/together.ts';
import type { Connection } from '../connection/connection.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { AdminLimits } from './admin-options.ts';
import { eachItem, type Results } from './results.ts';

export type AskCoordinator<Value> = (connection: Connection, key: string, signal: AbortSignal, brokerId: number) => Promise<Value>;

/** Asks the coordinator of each group or transactional id, at the same time; what one does not answer is the entry of that key. See `askedTogether`. */
export function atCoordinators<Value>(
  cluster: Cluster,
  type: CoordinatorType,
  keys: readonly string[],
  ask: AskCoordinator<Value>,
  limits: AdminLimits,
): Promise<Results<string, Value>> {
  return eachItem(new Set(keys), (key) => atCoordinator(cluster, type, key, ask, limits), limits.signal);
}

/** Asks the coordinator of one group or transactional id, and the new one when it has moved. */
export function atCoordinator<Value>(
  cluster: Cluster,
  type: CoordinatorType,
  key: string,
  ask: AskCoordinator<Value>,
  { call, timeoutMs, signal }: AdminLimits,
): Promise<Value> {
  const attempt = async (brokerId: number, giveUp: AbortSignal): Promise<Value> =>
    ask(await cluster.connection(brokerId, 'coordinator', giveUp), key, giveUp, brokerId);
  return cluster.coordinators.retry(type, key, attempt, { what: `${call} of ${type} '${key}'`, timeoutMs, signal });
}

/**
 * One request to a coordinator for all that it is asked for at the same time, where Kafka's request takes a list. Each key goes on by itself: one
 * whose coordinator has moved is asked for again without the others. All of a call end at the same time, so the first one's signal is that of all.
 */
export function askedTogether<Key, Answer>(
  ask: (connection: Connection, keys: readonly Key[], signal: AbortSignal) => Promise<ReadonlyMap<Key, Answer>>,
): (connection: Connection, key: Key, signal: AbortSignal) => Promise<Answer> {
  const batches = new WeakMap<Connection, Together<Key, Answer>>();
  return (connection, key, signal) => {
    let batch = batches.get(connection);
    if (batch === undefined) {
      const send = (keys: readonly Key[]): Promise<ReadonlyMap<Key, Answer>> => {
        batches.delete(connection);
        return ask(connection, keys, signal);
      };
      batch = new Together(send, setImmediate);
      batches.set(connection, batch);
    }
    return batch.ask(key);
  };
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
