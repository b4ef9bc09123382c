import type { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState, NewTopic } from '../cluster-state.ts';
import { topicConfigError } from '../configs/topic-config-error.ts';
import { collides, invalidTopicName } from './topic-name.ts';

export type ErrorName = keyof typeof errorCodes;

/** A topic as CreateTopics asks for it. */
export interface AskedTopic {
  readonly name: string;
  /** -1: the broker's default, or given by the assignments. */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export type CheckedTopic =
  { readonly kind: 'valid'; readonly topic: NewTopic } | { readonly kind: 'refused'; readonly error: ErrorName; readonly message: string };

/** Whether the cluster would create the topic; if not, why, in Kafka's words. */
export function checkNewTopic(asked: AskedTopic, state: ClusterState): CheckedTopic {
  const { name } = asked;
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) return refuse('INVALID_TOPIC_EXCEPTION', invalid);
  if (state.topics.has(name)) return refuse('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const other = [...state.topics.keys()].find((existing) => collides(existing, name));
  if (other !== undefined) return refuse('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`);
  const configs: [string, string][] = [];
  for (const { name: config, value } of asked.configs) {
    if (value === null) return refuse('INVALID_CONFIG', `Null value not supported for topic configs: ${config}`);
    configs.push([config, value]);
  }
  const wrong = topicConfigError(new Map(configs), state.configs);
  if (wrong !== undefined) return refuse('INVALID_CONFIG', wrong);
  if (asked.assignments.length > 0) return checkAssignments(asked, configs, state);
  return checkCounts(asked, configs, state);
}

function checkCounts(asked: AskedTopic, configs: [string, string][], state: ClusterState): CheckedTopic {
  const { name, numPartitions, replicationFactor } = asked;
  if (replicationFactor < -1 || replicationFactor === 0) {
    return refuse('INVALID_REPLICATION_FACTOR', 'Replication factor must be larger than 0, or -1 to use the default value.');
  }
  if (numPartitions < -1 || numPartitions === 0) {
    return refuse('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  const factor = replicationFactor === -1 ? state.configs.number('default.replication.factor') : replicationFactor;
  const impossible = placementError(factor, state);
  if (impossible !== undefined)
    return refuse('INVALID_REPLICATION_FACTOR', `Unable to replicate the partition ${factor} time(s): ${impossible}`);
  const partitions = numPartitions === -1 ? undefined : numPartitions;
  return { kind: 'valid', topic: { name, partitions, replicationFactor: factor, configs } };
}

/** Why so many replicas cannot be placed. */
export function placementError(replicationFactor: number, state: ClusterState): string | undefined {
  const { size } = state.brokers;
  if (state.aliveBrokers.length === 0) return 'All brokers are currently fenced, or have all their log directories cordoned.';
  if (replicationFactor <= size) return undefined;
  return (
    `The target replication factor of ${replicationFactor} cannot be reached because only ${size} broker(s) are registered ` +
    `or some brokers have all their log directories cordoned.`
  );
}

function checkAssignments(asked: AskedTopic, configs: [string, string][], state: ClusterState): CheckedTopic {
  const { name, assignments } = asked;
  if (asked.replicationFactor !== -1) {
    return refuse('INVALID_REQUEST', 'A manual partition assignment was specified, but replication factor was not set to -1.');
  }
  if (asked.numPartitions !== -1) {
    return refuse('INVALID_REQUEST', 'A manual partition assignment was specified, but numPartitions was not set to -1.');
  }
  const replicas = new Map<number, readonly number[]>();
  for (const { partitionIndex, brokerIds } of assignments) {
    if (replicas.has(partitionIndex)) {
      return refuse('INVALID_REPLICA_ASSIGNMENT', `Found multiple manual partition assignments for partition ${partitionIndex}`);
    }
    const wrong = assignmentError(brokerIds, assignments[0]!.brokerIds.length, partitionIndex, state);
    if (wrong !== undefined) return refuse('INVALID_REPLICA_ASSIGNMENT', wrong);
    replicas.set(partitionIndex, brokerIds);
  }
  const ordered = Array.from({ length: replicas.size }, (_, i) => replicas.get(i));
  if (ordered.includes(undefined)) {
    return refuse('INVALID_REPLICA_ASSIGNMENT', 'partitions should be a consecutive 0-based integer sequence');
  }
  return { kind: 'valid', topic: { name, assignments: ordered as readonly (readonly number[])[], configs } };
}

/** What is wrong with the replicas that somebody chose for one partition. */
export function assignmentError(
  brokerIds: readonly number[],
  replicationFactor: number,
  partition: number,
  state: ClusterState,
): string | undefined {
  const wrong = replicasError(brokerIds, state);
  if (wrong !== undefined) return wrong;
  if (brokerIds.length !== replicationFactor) {
    return (
      `The manual partition assignment includes a partition with ${brokerIds.length} replica(s), but this is not consistent with ` +
      `previous partitions, which have ${replicationFactor} replica(s).`
    );
  }
  if (brokerIds.some(state.isAlive)) return undefined;
  return `All brokers specified in the manual partition assignment for partition ${partition} are fenced or in controlled shutdown.`;
}

/** What is wrong with replicas that somebody chose, whatever else there is of the topic. */
export function replicasError(brokerIds: readonly number[], state: ClusterState): string | undefined {
  if (brokerIds.length === 0) return 'The manual partition assignment includes an empty replica list.';
  const sorted = [...brokerIds].sort((a, b) => a - b);
  for (const [i, id] of sorted.entries()) {
    if (!state.brokers.has(id)) return `The manual partition assignment includes broker ${id}, but no such broker is registered.`;
    if (sorted[i - 1] === id) return `The manual partition assignment includes the broker ${id} more than once.`;
  }
  return undefined;
}

function refuse(error: ErrorName, message: string): CheckedTopic {
  return { kind: 'refused', error, message };
}
