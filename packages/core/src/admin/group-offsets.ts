import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { isMissing } from '../cluster/missing.ts';
import type { Connection } from '../connection/connection.ts';
import { askCommitted, committedIn } from '../offsets/ask-committed.ts';
import { type CommittedOffset, isCommitted } from '../offsets/committed.ts';
import type { Isolation } from '../offsets/offsets-request.ts';
import { byPlace } from '../topic-partition.ts';
import { type AdminOptions, limitsOf, partOf } from './admin-options.ts';
import { askedTogether, atCoordinators } from './at-coordinators.ts';
import { checkList, fullPartitionName } from './items.ts';
import { listOffsets } from './list-offsets.ts';
import { ofOneOrEach, type Results } from './results.ts';

/** The progress of a group in a partition. */
export interface GroupOffset extends CommittedOffset {
  /**
   * The end of the partition now, for a reader of this isolation: with `read_committed` that is where the first transaction begins that is
   * still open (the last stable offset), with `read_uncommitted` it is behind the last record. Undefined where no leader told it within the time.
   */
  readonly end: number | undefined;
  /** The number of offsets between the two; undefined if the end is. */
  readonly lag: number | undefined;
}

/** Options of `groupOffsets`. */
export interface GroupOffsetsOptions extends AdminOptions {
  /** The isolation for `end` and `lag`. Default `read_committed`, like our consumers. */
  readonly isolation?: Isolation;
  /** Whether to wait while an open transaction holds a commit of the group. Default false: the commit before it is returned. */
  readonly requireStable?: boolean;
}

/** Before version 2 nobody could ask for all; from version 10 on answers have ids only, of topics that we may not know. */
const ofAll = { minVersion: 2, maxVersion: 9 } as const;

/**
 * What a group has committed, with the ends and the lag, by topic and partition; a partition of a topic that is gone is left out. A group that does
 * not exist has committed nothing. Of a list of groups each is for itself: each coordinator is asked once for all that it has, and so is each leader for where its partitions end.
 *
 * Java: Admin.listConsumerGroupOffsets. PyKafka: print_consumer_lag. A group's error is BrokerError GROUP_AUTHORIZATION_FAILED, or says
 * that its coordinator is out of reach; of one group the call rejects with it. Rejects with TypeError for an invalid name.
 */
export async function groupOffsets(client: KafkaClient, group: string, options?: GroupOffsetsOptions): Promise<GroupOffset[]>;
export async function groupOffsets(
  client: KafkaClient,
  groups: readonly string[],
  options?: GroupOffsetsOptions,
): Promise<Results<string, GroupOffset[]>>;
export async function groupOffsets(
  client: KafkaClient,
  groups: string | readonly string[],
  options: GroupOffsetsOptions = {},
): Promise<GroupOffset[] | Results<string, GroupOffset[]>> {
  return ofOneOrEach(groups, (names) => offsetsOfEach(client, names, options));
}

async function offsetsOfEach(
  client: KafkaClient,
  groups: readonly string[],
  options: GroupOffsetsOptions,
): Promise<Results<string, GroupOffset[]>> {
  const cluster = clusterOf('groupOffsets', client);
  checkList('groups', groups);
  const { isolation = 'read_committed', requireStable = false } = options;
  const limits = limitsOf(cluster, 'groupOffsets', options, ['isolation', 'requireStable']);
  const ask = askedTogether(async (connection: Connection, asked: readonly string[], signal) =>
    askCommitted(
      connection,
      asked.map((groupId) => ({ groupId, topics: null })),
      { requireStable, ...ofAll, signal },
    ),
  );
  const ofGroup = async (connection: Connection, group: string, signal: AbortSignal): Promise<CommittedOffset[]> =>
    committedIn(group, await ask(connection, group, signal)).filter(isCommitted);
  const committed = await atCoordinators(cluster, 'group', groups, ofGroup, limits);

  const offsets = [...committed.values()].flatMap((told) => (told instanceof Error ? [] : told));
  const exist = new Set(offsets.length === 0 ? [] : (await cluster.listTopics(limits.signal, limits.timeoutMs)).map(({ name }) => name));
  const partitions = new Map(offsets.filter(({ topic }) => exist.has(topic)).map((entry) => [fullPartitionName(entry), entry]));
  const places = [...partitions.values()].map(({ topic, partition }) => ({ topic, partition, at: 'latest' as const }));
  const ends = new Map<string, number | undefined>();
  for (const [place, told] of await listOffsets(client, places, { isolation, ...partOf(limits) })) {
    if (!isMissing(told)) ends.set(fullPartitionName(place), told instanceof Error ? undefined : told.offset); // it may be deleted just now
  }
  const withEnds = (told: readonly CommittedOffset[]): GroupOffset[] =>
    told
      .filter((entry) => ends.has(fullPartitionName(entry)))
      .map((entry) => withEnd(entry, ends.get(fullPartitionName(entry))))
      .sort(byPlace);
  return new Map([...committed].map(([group, told]) => [group, told instanceof Error ? told : withEnds(told)]));
}

function withEnd(entry: CommittedOffset, end: number | undefined): GroupOffset {
  return { ...entry, end, lag: end === undefined ? undefined : Math.max(0, end - entry.offset) };
}
