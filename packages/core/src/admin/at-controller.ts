import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../connection/connection.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { AdminLimits } from './admin-options.ts';
import { tellLostAnswer } from './lost-answer.ts';
import type { Results } from './results.ts';
import { retryItems } from './retry-items.ts';

/** Asks the controller, and the new one when it has moved. The metadata of the brokers, without any topic, says who it is. */
export function atController<T>(
  cluster: Cluster,
  attempt: (connection: Connection, signal: AbortSignal) => Promise<T>,
  { call: what, timeoutMs, signal }: AdminLimits,
): Promise<T> {
  const find = async (giveUp: AbortSignal): Promise<T> => attempt(await cluster.connection('controller', 'main', giveUp), giveUp);
  return cluster.retry(find, { what, timeoutMs, signal, topics: [] });
}

/** Nothing was done: another broker is the controller, or a quota (KIP-599) wants us to wait, as the connection does. */
const untouched: ReadonlySet<number> = new Set([errorCodes.NOT_CONTROLLER, errorCodes.THROTTLING_QUOTA_EXCEEDED]);

/** Asks the controller for many items, and again for those with which it did nothing. `doneBefore`: see lost-answer.ts. */
export function itemsAtController<Item, Value>(
  cluster: Cluster,
  items: readonly Item[],
  attempt: (connection: Connection, open: readonly Item[], signal: AbortSignal) => Promise<Results<Item, Value>>,
  { call: what, timeoutMs, signal, doneBefore }: AdminLimits & { readonly doneBefore?: number },
): Promise<Results<Item, Value>> {
  const tracked = doneBefore === undefined ? attempt : tellLostAnswer(doneBefore, attempt);
  const find = async (open: readonly Item[], giveUp: AbortSignal): Promise<Results<Item, Value>> =>
    tracked(await cluster.connection('controller', 'main', giveUp), open, giveUp);
  return retryItems(cluster, items, find, { what, timeoutMs, signal, topics: [], isRetriedHere: ({ code }) => untouched.has(code) });
}
