import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { type OffsetToCommit, topicsToCommit } from '../offsets/commit.ts';
import { checkOffset } from '../offsets/offset.ts';
import { offsetCommit } from '../protocol/apis/offset-commit.ts';
import { offsetDelete } from '../protocol/apis/offset-delete.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atCoordinator } from './at-coordinators.ts';
import { checkPartitions, checkText } from './items.ts';
import { outcomesOf } from './offset-outcomes.ts';
import { byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';

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
    return outcomesOf(offsets, answer.topics, `offsets of the group '${group}'`);
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
  const topics = byTopic(partitions, ({ partition }) => ({ partitionIndex: partition }));
  const ask = async (connection: Connection, _: string, signal: AbortSignal): Promise<Results<Item>> => {
    const answer = await connection.send(offsetDelete, { groupId: group, topics }, { signal });
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `offsets of the group '${group}'`);
    return outcomesOf(partitions, answer.topics, `offsets of the group '${group}'`);
  };
  return atCoordinator(cluster, 'group', group, ask, limits);
}
