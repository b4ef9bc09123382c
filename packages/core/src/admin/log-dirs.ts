import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { describeLogDirs as describeLogDirsApi, type DescribeLogDirsResult } from '../protocol/apis/describe-log-dirs.ts';
import type { Decoded } from '../protocol/api.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBrokers, brokerIds } from './at-brokers.ts';
import { checkBrokerId } from './items.ts';
import { known } from './known.ts';
import type { Results } from './results.ts';

/** A directory in which a broker keeps logs (KIP-113). Java: LogDirDescription. */
export interface LogDir {
  readonly path: string;
  /** Why it cannot be used, such as KAFKA_STORAGE_ERROR when its disk has failed. */
  readonly error: Error | undefined;
  /** The size of its volume; undefined where the broker is older than 3.3 (KIP-827). */
  readonly totalBytes: number | undefined;
  /** What is free of it; undefined where the broker is older than 3.3. */
  readonly usableBytes: number | undefined;
  /** Whether it takes no new replicas (KIP-1066). */
  readonly isCordoned: boolean;
  readonly replicas: readonly LogDirReplica[];
}

/** What a directory has of a partition. Java: ReplicaInfo. */
export interface LogDirReplica extends TopicPartition {
  readonly sizeBytes: number;
  /** How many offsets its log is behind: behind the high watermark, or for a future replica behind the one that it is to replace. */
  readonly offsetLag: number;
  /** Whether it is being copied here from another directory of the same broker, which it is to replace. */
  readonly isFuture: boolean;
}

/**
 * Describes the log directories of brokers (default: all) and the sizes of their replicas.
 *
 * The entry of a broker is a BrokerError CLUSTER_AUTHORIZATION_FAILED when the user may not describe the cluster, and another KafkaError
 * when it cannot be reached or is not in the cluster. Rejects with TypeError for a bad id. Java: Admin.describeLogDirs.
 */
export async function describeLogDirs(
  client: KafkaClient,
  brokers?: readonly number[],
  options: AdminOptions = {},
): Promise<Results<number, LogDir[]>> {
  const cluster = clusterOf('describeLogDirs', client);
  const limits = limitsOf(cluster, 'describeLogDirs', options);
  brokers?.forEach(checkBrokerId);
  return atBrokers(
    cluster,
    brokers ?? (await brokerIds(cluster, limits)),
    async (connection, id, signal) => {
      const { errorCode, results } = await connection.send(describeLogDirsApi, { topics: null }, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, `log directories of broker ${id}`);
      return results.map(logDir);
    },
    limits,
  );
}

function logDir(dir: Decoded<DescribeLogDirsResult>): LogDir {
  const { logDir: path, errorCode, totalBytes, usableBytes, isCordoned, topics } = dir;
  return {
    path,
    error: errorCode === 0 ? undefined : brokerError(errorCode, `log directory ${path}`),
    totalBytes: known(totalBytes),
    usableBytes: known(usableBytes),
    isCordoned,
    replicas: topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
        ...{ topic: name, partition: partitionIndex, sizeBytes: partitionSize, offsetLag, isFuture: isFutureKey },
      })),
    ),
  };
}
