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

/** The new brokers of a partition. Java: NewPartitionReassignment. */
export interface NewReassignment extends TopicPartition {
  /** The brokers for its replicas, the preferred leader first; null cancels the current reassignment. */
  readonly replicas: readonly number[] | null;
}

/** Options of `alterPartitionReassignments`. */
export interface AlterReassignmentsOptions extends AdminOptions {
  /** Whether the number of replicas may change (KIP-860). Default true. */
  readonly allowReplicationFactorChange?: boolean;
}

/**
 * Moves partitions to other brokers (KIP-455), or cancels moves. The move has started when this resolves; `listPartitionReassignments`
 * shows when it is finished.
 *
 * An entry is a BrokerError: NO_REASSIGNMENT_IN_PROGRESS when there is none to cancel, INVALID_REPLICA_ASSIGNMENT when a broker is not
 * there or named twice, INVALID_REPLICATION_FACTOR, UNKNOWN_TOPIC_OR_PARTITION. Rejects with TypeError for a bad item, and BrokerError
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

/** A reassignment in progress. Java: PartitionReassignment. */
export interface PartitionReassignment extends TopicPartition {
  /** All brokers with a replica now, old and new. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/**
 * Lists the reassignments in progress of these partitions (default: all).
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
