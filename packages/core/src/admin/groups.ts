import type { KafkaClient } from '../client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterSymbol } from '../cluster-symbol.ts';
import { BrokerError } from '../errors.ts';
import { type CommittedOffset, fetchCommitted } from '../offsets/committed.ts';
import { type Isolation, resolveOffsets } from '../offsets/resolve.ts';
import { deleteGroups as deleteGroupsApi } from '../protocol/apis/delete-groups.ts';
import { listGroups as listGroupsApi } from '../protocol/apis/list-groups.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { AdminOptions } from './admin-options.ts';

export interface ListedGroup {
  readonly group: string;
  /** `consumer` for consumers of either protocol; `connect` for Kafka Connect; empty for a group that only keeps offsets. */
  readonly protocolType: string;
  /** Such as `Stable` and `Empty`; undefined where the brokers are older than 2.6. */
  readonly state: string | undefined;
  /** `classic`, `consumer` (KIP-848), `share` or `streams`; undefined where the brokers are older than 3.8. */
  readonly type: string | undefined;
}

/**
 * The groups of the cluster, by name; each broker tells those that it coordinates. Java: Admin.listGroups.
 * Rejects with BrokerError when a broker does not tell, and NoBrokersAvailableError when none can be reached.
 */
export async function listGroups(client: KafkaClient, options: AdminOptions = {}): Promise<ListedGroup[]> {
  const cluster = client[clusterSymbol];
  await cluster.refresh([], options.signal);
  const listed = await Promise.all([...cluster.metadata.brokers.keys()].map((brokerId) => listAt(cluster, brokerId, options)));
  // A group that moves meanwhile may be told twice.
  const byName = new Map(listed.flat().map((group) => [group.group, group]));
  return [...byName.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

function listAt(cluster: Cluster, brokerId: number, options: AdminOptions): Promise<ListedGroup[]> {
  const attempt = async (signal: AbortSignal): Promise<ListedGroup[]> => {
    const { errorCode, groups } = await cluster.send(brokerId, listGroupsApi, {}, { signal });
    if (errorCode !== 0) throw brokerError(errorCode, `groups of broker ${brokerId}`);
    return groups.map(({ groupId, protocolType, groupState, groupType }) => ({
      ...{ group: groupId, protocolType, state: groupState || undefined, type: groupType?.toLowerCase() || undefined },
    }));
  };
  return cluster.retry(attempt, { timeoutMs: options.timeoutMs ?? cluster.options.apiTimeoutMs, signal: options.signal, topics: [] });
}

/** How far a group has come in a partition. */
export interface GroupOffset extends CommittedOffset {
  /** The end of the partition now. */
  readonly end: number;
  /** How many offsets are between the two. */
  readonly lag: number;
}

/**
 * What a group has committed, with the ends and the lag, by topic and partition; a partition of a topic that is gone is left out. A group that does
 * not exist has committed nothing. Java: Admin.listConsumerGroupOffsets. PyKafka: print_consumer_lag.
 */
export async function groupOffsets(
  client: KafkaClient,
  group: string,
  { isolation = 'read_committed', ...options }: AdminOptions & { readonly isolation?: Isolation } = {},
): Promise<GroupOffset[]> {
  const cluster = client[clusterSymbol];
  const committed = await fetchCommitted(cluster, group, 'all', options);
  const exist = new Set(await client.topics({ internal: true, ...(options.signal && { signal: options.signal }) }));
  const kept = committed
    .filter(({ topic }) => exist.has(topic))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  const places = kept.map(({ topic, partition }) => ({ topic, partition, place: { kind: 'latest' } as const }));
  const ends = await resolveOffsets(cluster, places, { isolation, ...options });
  return kept.map((entry, i) => ({ ...entry, end: ends[i]!.offset, lag: Math.max(0, ends[i]!.offset - entry.offset) }));
}

/** What became of each group: undefined, or why not. */
export type GroupResults = Map<string, Error | undefined>;

/** Deletes groups without members, and what they have committed. The result has an entry for each. Java: Admin.deleteConsumerGroups. */
export async function deleteGroups(client: KafkaClient, groups: readonly string[], options: AdminOptions = {}): Promise<GroupResults> {
  const cluster = client[clusterSymbol];
  const results = await Promise.all(groups.map(async (group) => [group, await deleteOne(cluster, group, options)] as const));
  return new Map(results);
}

async function deleteOne(cluster: Cluster, group: string, options: AdminOptions): Promise<Error | undefined> {
  const attempt = async (brokerId: number, signal: AbortSignal): Promise<void> => {
    const request = { groupsNames: [group] };
    const { results } = await cluster.send(brokerId, deleteGroupsApi, request, { purpose: 'coordinator', signal });
    const code = results.find(({ groupId }) => groupId === group)?.errorCode ?? -1;
    if (code !== 0) throw brokerError(code, `group '${group}'`);
  };
  try {
    const timeoutMs = options.timeoutMs ?? cluster.options.apiTimeoutMs;
    await cluster.coordinators.retry('group', group, attempt, { timeoutMs, signal: options.signal });
    return undefined;
  } catch (error) {
    if (error instanceof BrokerError) return error;
    throw error;
  }
}
