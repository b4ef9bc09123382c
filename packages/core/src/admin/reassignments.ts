import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { alterPartitionReassignments as alterApi } from '../protocol/apis/alter-partition-reassignments.ts';
import { listPartitionReassignments as listApi } from '../protocol/apis/list-partition-reassignments.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atController, itemsAtController } from './at-controller.ts';
import { checkBrokerId, checkList, checkPartition, checkTwins, fullPartitionName } from './items.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** Where a partition is to be. Java: NewPartitionReassignment. */
export interface NewReassignment extends TopicPartition {
  /** The brokers that are to have it, the preferred leader first; null cancels the reassignment that goes on. */
  readonly replicas: readonly number[] | null;
}

/** How `alterPartitionReassignments` is to go about it. */
export interface AlterReassignmentsOptions extends AdminOptions {
  /** Whether the number of replicas may become another (KIP-860). Default true. */
  readonly allowReplicationFactorChange?: boolean;
}

/**
 * Has partitions moved to other brokers (KIP-455), or calls that off. It is begun when this resolves; `listPartitionReassignments` tells when it is over.
 *
 * An entry is a BrokerError: NO_REASSIGNMENT_IN_PROGRESS when there is none to cancel, INVALID_REPLICA_ASSIGNMENT when a broker is not there or
 * named twice, INVALID_REPLICATION_FACTOR, UNKNOWN_TOPIC_OR_PARTITION. Rejects with TypeError for a bad item, and BrokerError
 * CLUSTER_AUTHORIZATION_FAILED. Java: Admin.alterPartitionReassignments.
 */
export async function alterPartitionReassignments(
  client: KafkaClient,
  reassignments: readonly NewReassignment[],
  options: AlterReassignmentsOptions = {},
): Promise<Results<NewReassignment>> {
  const cluster = clusterOf('alterPartitionReassignments', client);
  const limits = limitsOf(cluster, 'alterPartitionReassignments', options, ['allowReplicationFactorChange']);
  checkList('reassignments', reassignments, check);
  checkTwins(reassignments, fullPartitionName);
  return itemsAtController(
    cluster,
    reassignments,
    async (connection, open, signal) => {
      const topics = byTopic(open, ({ partition, replicas }) => ({ partitionIndex: partition, replicas }));
      const { allowReplicationFactorChange = true } = options;
      const request = { topics, timeoutMs: limits.heldMs, allowReplicationFactorChange };
      const answer = await connection.send(alterApi, request, { signal, heldMs: limits.heldMs });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, 'reassigning partitions', { detail: answer.errorMessage });
      return matchAnswers(open, fullPartitionName, byPartition(answer.responses), ({ errorCode, errorMessage }, item) =>
        errorCode === 0 ? undefined : brokerError(errorCode, fullPartitionName(item), { detail: errorMessage }),
      );
    },
    limits,
  );
}

function check(item: NewReassignment): void {
  checkPartition(item);
  if (item.replicas === null) return;
  checkList(`replicas of ${fullPartitionName(item)}`, item.replicas, checkBrokerId);
  if (item.replicas.length === 0)
    throw new TypeError(`${fullPartitionName(item)} needs at least one replica; null cancels its reassignment`);
}

/** A reassignment that goes on. Java: PartitionReassignment. */
export interface PartitionReassignment extends TopicPartition {
  /** All brokers that have it, or are to have it, now. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/**
 * The reassignments that go on, of these partitions (default: of all); where none goes on, nothing is told.
 * Rejects with TypeError for a bad item, and BrokerError CLUSTER_AUTHORIZATION_FAILED. Java: Admin.listPartitionReassignments.
 */
export async function listPartitionReassignments(
  client: KafkaClient,
  partitions?: readonly TopicPartition[],
  options: AdminOptions = {},
): Promise<PartitionReassignment[]> {
  const cluster = clusterOf('listPartitionReassignments', client);
  const limits = limitsOf(cluster, 'listPartitionReassignments', options);
  if (partitions !== undefined) checkList('partitions', partitions, checkPartition);
  const topics =
    partitions === undefined
      ? null
      : byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: partitionIndexes }) => ({ name, partitionIndexes }));
  return atController(
    cluster,
    async (connection, signal) => {
      const request = { topics, timeoutMs: limits.heldMs };
      const answer = await connection.send(listApi, request, { signal, heldMs: limits.heldMs });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, 'reassignments of partitions', { detail: answer.errorMessage });
      return answer.topics.flatMap(({ name, partitions: ongoing }) =>
        ongoing.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
          ...{ topic: name, partition: partitionIndex, replicas, adding: addingReplicas, removing: removingReplicas },
        })),
      );
    },
    limits,
  );
}
