import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { checkOffset } from '../offsets/offset.ts';
import { alterShareGroupOffsets as alterApi } from '../protocol/apis/alter-share-group-offsets.ts';
import { deleteShareGroupOffsets as deleteApi } from '../protocol/apis/delete-share-group-offsets.ts';
import { describeShareGroupOffsets as describeApi } from '../protocol/apis/describe-share-group-offsets.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { byPlace, type TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { askedTogether, atCoordinator, atCoordinators, throwIfPassing } from './at-coordinators.ts';
import { checkList, checkName, checkPartitions, fullPartitionName } from './items.ts';
import { known } from './known.ts';
import { outcomesOf } from './offset-outcomes.ts';
import { byTopic } from './partition-answers.ts';
import { ofOneOrEach, type Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** The progress of a share group in a partition. */
export interface ShareGroupOffset extends TopicPartition {
  /** Everything before it is finished; undefined until the group has started with the partition. */
  readonly offset: number | undefined;
  /** -1 if unknown. */
  readonly leaderEpoch: number;
  /** How many records wait to be delivered or acknowledged; undefined where brokers do not tell (before 4.3). */
  readonly lag: number | undefined;
}

/**
 * Returns the progress of a share group in each partition that it knows, by topic and partition; a group that does not exist knows none.
 * For several groups, each coordinator is asked once. Java: Admin.listShareGroupOffsets.
 *
 * A group's error is BrokerError GROUP_AUTHORIZATION_FAILED, UnsupportedVersionError where brokers have no share groups (before 4.2), or
 * says that its coordinator is out of reach; of one group the call rejects with it. Rejects with TypeError for an invalid name.
 */
export async function shareGroupOffsets(client: KafkaClient, group: string, options?: AdminOptions): Promise<ShareGroupOffset[]>;
export async function shareGroupOffsets(
  client: KafkaClient,
  groups: readonly string[],
  options?: AdminOptions,
): Promise<Results<string, ShareGroupOffset[]>>;
export async function shareGroupOffsets(
  client: KafkaClient,
  groups: string | readonly string[],
  options: AdminOptions = {},
): Promise<ShareGroupOffset[] | Results<string, ShareGroupOffset[]>> {
  return ofOneOrEach(groups, (names) => offsetsOfEach(client, names, options));
}

async function offsetsOfEach(
  client: KafkaClient,
  groups: readonly string[],
  options: AdminOptions,
): Promise<Results<string, ShareGroupOffset[]>> {
  const cluster = clusterOf('shareGroupOffsets', client);
  checkList('share groups', groups, (group) => checkName('a share group', group));
  const limits = limitsOf(cluster, 'shareGroupOffsets', options);
  const ask = askedTogether(async (connection: Connection, asked: readonly string[], signal) => {
    const answer = await connection.send(describeApi, { groups: asked.map((groupId) => ({ groupId, topics: null })) }, { signal });
    return new Map(answer.groups.map((told) => [told.groupId, told]));
  });
  const ofGroup = async (connection: Connection, group: string, signal: AbortSignal): Promise<ShareGroupOffset[]> => {
    const what = `offsets of the share group '${group}'`;
    const told = await ask(connection, group, signal);
    if (told.errorCode !== 0) throw brokerError(told.errorCode, what, { detail: told.errorMessage });
    const offsets = told.topics.flatMap(({ topicName: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, startOffset, leaderEpoch, lag, errorCode, errorMessage }) => {
        if (errorCode !== 0)
          throw brokerError(errorCode, `${what} in ${fullPartitionName({ topic, partition })}`, { detail: errorMessage });
        return { topic, partition, offset: known(startOffset), leaderEpoch, lag: known(lag) };
      }),
    );
    return offsets.sort(byPlace);
  };
  return atCoordinators(cluster, 'group', groups, ofGroup, limits);
}

/**
 * Sets where a share group without members starts, each partition separately. A missing group is created. Java:
 * Admin.alterShareGroupOffsets. A partition's error is BrokerError UNKNOWN_TOPIC_OR_PARTITION or TOPIC_AUTHORIZATION_FAILED. Rejects with
 * TypeError or RangeError for what is no partition or no offset, and with BrokerError NON_EMPTY_GROUP and GROUP_AUTHORIZATION_FAILED.
 */
export async function alterShareGroupOffsets<Item extends TopicPartition & { readonly offset: number }>(
  client: KafkaClient,
  group: string,
  offsets: readonly Item[],
  options: AdminOptions = {},
): Promise<Results<Item>> {
  const cluster = clusterOf('alterShareGroupOffsets', client);
  checkName('a share group', group);
  checkPartitions('offsets', offsets);
  for (const { offset } of offsets) checkOffset(offset);
  const limits = limitsOf(cluster, 'alterShareGroupOffsets', options);
  if (offsets.length === 0) return new Map();
  const what = `offsets of the share group '${group}'`;
  const places = byTopic(offsets, ({ partition, offset }) => ({ partitionIndex: partition, startOffset: offset }));
  const topics = places.map(({ name: topicName, partitions }) => ({ topicName, partitions }));
  const ask = async (connection: Connection, _: string, signal: AbortSignal): Promise<Results<Item>> => {
    const { errorCode, errorMessage, responses } = await connection.send(alterApi, { groupId: group, topics }, { signal });
    throwIfPassing(errorCode, what);
    if (errorCode !== 0) throw brokerError(errorCode, what, { detail: errorMessage });
    const answered = responses.map(({ topicName, partitions }) => ({ name: topicName, partitions }));
    return outcomesOf(offsets, answered, what);
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}

/**
 * Deletes the progress of a share group without members in these topics. Java: Admin.deleteShareGroupOffsets. A topic's error is BrokerError
 * UNKNOWN_TOPIC_OR_PARTITION or TOPIC_AUTHORIZATION_FAILED. Rejects with TypeError if it gets no list of names, and with BrokerError
 * GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP and GROUP_AUTHORIZATION_FAILED.
 */
export async function deleteShareGroupOffsets(
  client: KafkaClient,
  group: string,
  topics: readonly string[],
  options: AdminOptions = {},
): Promise<Results<string>> {
  const cluster = clusterOf('deleteShareGroupOffsets', client);
  checkName('a share group', group);
  checkList('topics', topics, (topic) => checkName('a topic', topic));
  const limits = limitsOf(cluster, 'deleteShareGroupOffsets', options);
  if (topics.length === 0) return new Map();
  const what = `offsets of the share group '${group}'`;
  const request = { groupId: group, topics: [...new Set(topics)].map((topicName) => ({ topicName })) };
  const ask = async (connection: Connection, _: string, signal: AbortSignal): Promise<Results<string>> => {
    const { errorCode, errorMessage, responses } = await connection.send(deleteApi, request, { signal });
    throwIfPassing(errorCode, what);
    if (errorCode !== 0) throw brokerError(errorCode, what, { detail: errorMessage });
    const answers = responses.map((answer) => [answer.topicName, answer] as const);
    return matchAnswers(topics, String, answers, (answer, topic) =>
      answer.errorCode === 0 ? undefined : brokerError(answer.errorCode, `${what} in topic '${topic}'`, { detail: answer.errorMessage }),
    );
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}
