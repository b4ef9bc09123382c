import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { isMissing } from '../cluster/missing.ts';
import type { Connection } from '../connection/connection.ts';
import { groupBy } from '../group-by.ts';
import { type OffsetToCommit, topicsToCommit } from '../offsets/commit.ts';
import { askCommitted, committedIn } from '../offsets/ask-committed.ts';
import { type CommittedOffset, isCommitted } from '../offsets/committed.ts';
import { checkOffset } from '../offsets/offset.ts';
import type { Isolation } from '../offsets/offsets-request.ts';
import { offsetCommit } from '../protocol/apis/offset-commit.ts';
import { offsetDelete } from '../protocol/apis/offset-delete.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf, partOf } from './admin-options.ts';
import { askedTogether, atCoordinator, atCoordinators, throwIfPassing } from './at-coordinators.ts';
import { checkList, checkPartition, checkText, checkTwins, fullPartitionName } from './items.ts';
import { listOffsets } from './list-offsets.ts';
import { type Results, valuesOf } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** How far a group has come in a partition. */
export interface GroupOffset extends CommittedOffset {
  /**
   * The end of the partition now, for a reader of this isolation: with `read_committed` that is where the first transaction begins that is
   * still open (the last stable offset), with `read_uncommitted` it is behind the last record. Undefined where no leader told it within the time.
   */
  readonly end: number | undefined;
  /** How many offsets are between the two; undefined where the end is. */
  readonly lag: number | undefined;
}

/** How `groupOffsets` reads commits and ends. */
export interface GroupOffsetsOptions extends AdminOptions {
  /** Whose end `end` and `lag` speak of. Default `read_committed`, as our consumers read. */
  readonly isolation?: Isolation;
  /** Whether to wait while an open transaction holds a commit of the group. Default false: what was committed before it is told. */
  readonly requireStable?: boolean;
}

/** Before version 2 nobody could ask for all; from version 10 on answers have ids only, of topics that we may not know. */
const ofAll = { minVersion: 2, maxVersion: 9 } as const;

/**
 * What a group has committed, with the ends and the lag, by topic and partition; a partition of a topic that is gone is left out. A group that does
 * not exist has committed nothing. Of a list of groups
 * each is for itself: each coordinator is asked once for all that it has, and so is each leader for where its partitions end.
 *
 * Java: Admin.listConsumerGroupOffsets. PyKafka: print_consumer_lag. A group's error is BrokerError GROUP_AUTHORIZATION_FAILED, or says that its
 * coordinator is out of reach; of one group the call rejects with it. Rejects with TypeError for what is no name.
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
  const cluster = clusterOf('groupOffsets', client);
  const isOne = typeof groups === 'string';
  const names = isOne ? [groups] : groups;
  checkList('groups', names);
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
  const committed = await atCoordinators(cluster, 'group', names, ofGroup, limits);
  if (isOne) valuesOf(committed);

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
  const results = new Map([...committed].map(([group, told]) => [group, told instanceof Error ? told : withEnds(told)] as const));
  return isOne ? valuesOf(results).get(groups)! : results;
}

function withEnd(entry: CommittedOffset, end: number | undefined): GroupOffset {
  return { ...entry, end, lag: end === undefined ? undefined : Math.max(0, end - entry.offset) };
}

function byPlace(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}

/**
 * Stores offsets for a group that has no members, for each partition by itself; where a group has none, it is made. Java:
 * Admin.alterConsumerGroupOffsets. A partition's error is BrokerError UNKNOWN_MEMBER_ID when the group has members, UNKNOWN_TOPIC_OR_PARTITION,
 * OFFSET_METADATA_TOO_LARGE or TOPIC_AUTHORIZATION_FAILED. Rejects with TypeError or RangeError for what is no partition or no offset, and with
 * BrokerError GROUP_AUTHORIZATION_FAILED.
 */
export async function alterGroupOffsets<Item extends OffsetToCommit>(
  client: KafkaClient,
  group: string,
  offsets: readonly Item[],
  options: AdminOptions = {},
): Promise<Results<Item>> {
  const cluster = clusterOf('alterGroupOffsets', client);
  checkText('a group', group);
  checkPartitions('offsets', offsets);
  for (const { offset } of offsets) checkOffset(offset, 'an offset to commit');
  const limits = limitsOf(cluster, 'alterGroupOffsets', options);
  if (offsets.length === 0) return new Map();
  const topics = topicsToCommit(offsets);
  // From version 10 on topics have ids only, and one that does not exist has none.
  const ask = async (connection: Connection, _: string, signal: AbortSignal): Promise<Results<Item>> => {
    const request = { groupId: group, generationIdOrMemberEpoch: -1, memberId: '', topics };
    const answer = await connection.send(offsetCommit, request, { minVersion: 2, maxVersion: 9, signal });
    return ofPartitions(offsets, answer.topics, `offsets of the group '${group}'`);
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}

/**
 * Forgets what a group has committed in these partitions; one in which it has committed nothing is no error (KIP-496). Java:
 * Admin.deleteConsumerGroupOffsets. A partition's error is BrokerError GROUP_SUBSCRIBED_TO_TOPIC when members read its topic, or
 * UNKNOWN_TOPIC_OR_PARTITION. Rejects with TypeError for what is no partition, and with BrokerError GROUP_ID_NOT_FOUND, GROUP_AUTHORIZATION_FAILED, or
 * NON_EMPTY_GROUP when it has members that are no consumers.
 */
export async function deleteGroupOffsets<Item extends TopicPartition>(
  client: KafkaClient,
  group: string,
  partitions: readonly Item[],
  options: AdminOptions = {},
): Promise<Results<Item>> {
  const cluster = clusterOf('deleteGroupOffsets', client);
  checkText('a group', group);
  checkPartitions('partitions', partitions);
  const limits = limitsOf(cluster, 'deleteGroupOffsets', options);
  if (partitions.length === 0) return new Map();
  const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition })),
  }));
  const ask = async (connection: Connection, _: string, signal: AbortSignal): Promise<Results<Item>> => {
    const answer = await connection.send(offsetDelete, { groupId: group, topics }, { signal });
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `offsets of the group '${group}'`);
    return ofPartitions(partitions, answer.topics, `offsets of the group '${group}'`);
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}

/** Checks a list of partitions, none of which may be named twice. */
function checkPartitions(what: string, partitions: readonly TopicPartition[]): void {
  checkList(what, partitions, checkPartition);
  checkTwins(partitions, fullPartitionName);
}

interface AnsweredTopic {
  readonly name: string;
  readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
}

function ofPartitions<Item extends TopicPartition>(items: readonly Item[], topics: readonly AnsweredTopic[], what: string): Results<Item> {
  const answers = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => [fullPartitionName({ topic: name, partition: partitionIndex }), errorCode] as const),
  );
  for (const [, code] of answers) throwIfPassing(code, what);
  return matchAnswers(items, fullPartitionName, answers, (code, item) => {
    if (code === 0) return undefined;
    const detail = code === errorCodes.UNKNOWN_MEMBER_ID ? 'the group has members, which must stop first' : null;
    return brokerError(code, `${what} in ${fullPartitionName(item)}`, { detail });
  });
}
