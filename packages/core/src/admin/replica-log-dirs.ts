import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { groupBy } from '../group-by.ts';
import { alterReplicaLogDirs as alterApi } from '../protocol/apis/alter-replica-log-dirs.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBrokers } from './at-brokers.ts';
import { checkBrokerId, checkList, checkName, checkPartition, checkTwins, fullPartitionName } from './items.ts';
import { describeLogDirs, type LogDir } from './log-dirs.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** One replica of a partition. Java: TopicPartitionReplica. */
export interface Replica extends TopicPartition {
  /** The id of the broker that has it. */
  readonly broker: number;
}

/** The log directories of a replica. Java: ReplicaLogDirInfo. */
export interface ReplicaLogDirs {
  /** undefined when the broker has no such replica. */
  readonly current: ReplicaPlace | undefined;
  /** The directory that it is being moved to; undefined if it stays. */
  readonly future: ReplicaPlace | undefined;
}

/** One of a broker's directories with a replica in it. */
export interface ReplicaPlace {
  readonly path: string;
  /** As that of LogDirReplica. */
  readonly offsetLag: number;
}

/**
 * The log directories of replicas. The entry of one is a KafkaError when its broker does not tell.
 * Rejects with TypeError for a bad replica. Java: Admin.describeReplicaLogDirs.
 */
export async function describeReplicaLogDirs<Item extends Replica>(
  client: KafkaClient,
  replicas: readonly Item[],
  options: AdminOptions = {},
): Promise<Results<Item, ReplicaLogDirs>> {
  clusterOf('describeReplicaLogDirs', client);
  checkList('replicas', replicas, check);
  if (replicas.length === 0) return new Map();
  const brokers = await describeLogDirs(client, [...new Set(replicas.map(({ broker }) => broker))], options);
  const places = new Map([...brokers].map(([id, dirs]) => [id, dirs instanceof Error ? dirs : placesIn(dirs)] as const));
  return new Map(
    replicas.map((item) => {
      const known = places.get(item.broker)!;
      return [item, known instanceof Error ? known : (known.get(partitionName(item)) ?? { current: undefined, future: undefined })];
    }),
  );
}

function placesIn(dirs: readonly LogDir[]): Map<string, ReplicaLogDirs> {
  const places = new Map<string, ReplicaLogDirs>();
  for (const { path, replicas } of dirs) {
    for (const { isFuture, offsetLag, ...partition } of replicas) {
      const name = partitionName(partition);
      const known = places.get(name) ?? { current: undefined, future: undefined };
      places.set(name, { ...known, [isFuture ? 'future' : 'current']: { path, offsetLag } });
    }
  }
  return places;
}

/** A replica, and its new directory. */
export interface ReplicaMove extends Replica {
  /** The full path of the new directory, on the same broker. */
  readonly path: string;
}

/**
 * Moves replicas to another directory of the same broker. The move has started when this resolves; `describeReplicaLogDirs` shows when it
 * is finished. A replica that the broker does not have yet will be put there when it comes.
 *
 * An entry is a BrokerError: LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR when the disk has failed, REPLICA_NOT_AVAILABLE when the replica is not
 * there yet, UNKNOWN_TOPIC_OR_PARTITION, CLUSTER_AUTHORIZATION_FAILED; and another KafkaError when the broker cannot be reached. Rejects
 * with TypeError for a bad move. Java: Admin.alterReplicaLogDirs.
 */
export async function alterReplicaLogDirs(
  client: KafkaClient,
  moves: readonly ReplicaMove[],
  options: AdminOptions = {},
): Promise<Results<ReplicaMove>> {
  const cluster = clusterOf('alterReplicaLogDirs', client);
  const limits = limitsOf(cluster, 'alterReplicaLogDirs', options);
  checkList('moves', moves, (move) => {
    check(move);
    checkName('a path', move.path);
  });
  checkTwins(moves, (move) => `${fullPartitionName(move)} of broker ${move.broker}`);
  const byBroker = groupBy(moves, ({ broker }) => broker);
  const answers = await atBrokers(
    cluster,
    [...byBroker.keys()],
    async (connection, id, signal) => {
      const ofBroker = byBroker.get(id)!;
      const dirs = [...groupBy(ofBroker, ({ path }) => path)].map(([path, items]) => ({
        path,
        topics: byTopic(items, ({ partition }) => partition),
      }));
      const { results } = await connection.send(alterApi, { dirs }, { signal });
      const told = byPartition(results.map(({ topicName, partitions }) => ({ name: topicName, partitions })));
      return matchAnswers(ofBroker, fullPartitionName, told, ({ errorCode }, move) =>
        errorCode === 0 ? undefined : brokerError(errorCode, `moving ${fullPartitionName(move)} to ${move.path} of broker ${id}`),
      );
    },
    limits,
  );
  return new Map(
    moves.map((move) => {
      const answer = answers.get(move.broker)!;
      return [move, answer instanceof Error ? answer : answer.get(move)];
    }),
  );
}

function check(replica: Replica): void {
  checkPartition(replica);
  checkBrokerId(replica.broker);
}
