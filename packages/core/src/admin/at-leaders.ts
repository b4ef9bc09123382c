import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../connection/connection.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { groupBy } from '../group-by.ts';
import type { TopicPartition } from '../topic-partition.ts';
import type { AdminLimits } from './admin-options.ts';
import { fullPartitionName } from './items.ts';
import { ofItem, type Results } from './results.ts';
import { type AttemptItems, retryItems } from './retry-items.ts';

/** Asks the leaders of partitions, each once for all that it leads, and again for those that have moved or that fail retriably. */
export async function atLeaders<Item extends TopicPartition, Value>(
  cluster: Cluster,
  items: readonly Item[],
  ask: (connection: Connection, open: readonly Item[], signal: AbortSignal) => Promise<Results<Item, Value>>,
  { call: what, timeoutMs, signal }: AdminLimits,
): Promise<Results<Item, Value>> {
  cluster.refreshWhenOld();
  const topics = [...new Set(items.map(({ topic }) => topic))];
  const attempt: AttemptItems<Item, Value> = async (open, giveUp, tell) => {
    const askLeader = async ([leader, led]: readonly [number | Error, Item[]]): Promise<Results<Item, Value>> => {
      try {
        if (leader instanceof Error) throw leader;
        const told = await ask(await cluster.connection(leader, 'main', giveUp), led, giveUp);
        tell(told);
        return told;
      } catch (error) {
        const reason = ofItem(error, giveUp);
        return new Map(led.map((item) => [item, reason]));
      }
    };
    const missing = await cluster.lookUp([...new Set(open.map(({ topic }) => topic))], giveUp);
    const byLeader = groupBy(open, (item) => missing.get(item.topic) ?? leaderOf(cluster, item));
    const answers = await Promise.all([...byLeader].map(askLeader));
    return new Map(answers.flatMap((answer) => [...answer]));
  };
  const results = await retryItems(cluster, items, attempt, { what, timeoutMs, signal, topics });
  return new Map(items.map((item) => [item, results.get(item)!]));
}

function leaderOf(cluster: Cluster, { topic, partition }: TopicPartition): number | Error {
  const known = cluster.metadata.topic(topic)?.partitions.get(partition);
  const where = fullPartitionName({ topic, partition });
  if (known === undefined) return brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `${where} does not exist`);
  return known.leader ?? brokerError(errorCodes.LEADER_NOT_AVAILABLE, where);
}
