import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../connection/connection.ts';
import { groupBy } from '../group-by.ts';
import type { AdminLimits } from './admin-options.ts';
import { atBroker } from './at-brokers.ts';
import { atController } from './at-controller.ts';
import { brokerOf, type ConfigResource } from './config-resource.ts';
import { ofItem, type Results } from './results.ts';

/** Asks for each resource the broker that it is of, and the controller for the rest. What one does not answer is the entry of its resources. */
export async function atConfigBrokers<Item extends ConfigResource, Value>(
  cluster: Cluster,
  resources: readonly Item[],
  ask: (connection: Connection, resources: readonly Item[], signal: AbortSignal) => Promise<Results<Item, Value>>,
  limits: AdminLimits,
): Promise<Results<Item, Value>> {
  const askOne = async ([broker, items]: readonly [number | undefined, Item[]]): Promise<Results<Item, Value>> => {
    const attempt = (connection: Connection, signal: AbortSignal): Promise<Results<Item, Value>> => ask(connection, items, signal);
    try {
      return await (broker === undefined ? atController(cluster, attempt, limits) : atBroker(cluster, broker, attempt, limits));
    } catch (error) {
      const reason = ofItem(error, limits.signal);
      return new Map(items.map((item) => [item, reason]));
    }
  };
  const groups = [...groupBy(resources, brokerOf)];
  const results = new Map((await Promise.all(groups.map(askOne))).flatMap((answer) => [...answer]));
  return new Map(resources.map((item) => [item, results.get(item)!]));
}
