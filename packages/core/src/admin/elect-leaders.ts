import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { electLeaders as electLeadersApi } from '../protocol/apis/elect-leaders.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atController } from './at-controller.ts';
import { checkList, checkPartition, checkTwins, checkWord, fullPartitionName } from './items.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** Kafka's numbers. Java: ElectionType. */
const electionTypes = { preferred: 0, unclean: 1 } as const;
/** `preferred` makes the first replica the leader; `unclean` makes one that is alive the leader where none in sync is, and may lose records. */
export type ElectionType = keyof typeof electionTypes;

/**
 * Elects leaders of partitions; `'all'` means every partition that needs it. The result says for each whether there was an election: false
 * if the right leader is in place already.
 *
 * An entry is a BrokerError: PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION. Rejects with
 * TypeError for a bad item, BrokerError CLUSTER_AUTHORIZATION_FAILED, and UnsupportedVersionError for `unclean` where the brokers are older
 * than 2.4. Java: Admin.electLeaders.
 */
export async function electLeaders<Item extends TopicPartition>(
  client: KafkaClient,
  type: ElectionType,
  partitions: 'all' | readonly Item[],
  options: AdminOptions = {},
): Promise<Results<Item | TopicPartition, boolean>> {
  const cluster = clusterOf('electLeaders', client);
  const limits = limitsOf(cluster, 'electLeaders', options);
  checkWord('a type of election', type, Object.keys(electionTypes) as ElectionType[]);
  if (partitions !== 'all') {
    checkList('partitions', partitions, checkPartition);
    checkTwins(partitions, fullPartitionName);
    if (partitions.length === 0) return new Map();
  }
  const topicPartitions =
    partitions === 'all'
      ? null
      : byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: ids }) => ({ topic: name, partitions: ids }));
  const answers = await atController(
    cluster,
    async (connection, signal) => {
      const request = { electionType: electionTypes[type], topicPartitions, timeoutMs: limits.heldMs };
      const { errorCode, replicaElectionResults } = await connection.send(electLeadersApi, request, { signal, heldMs: limits.heldMs });
      if (errorCode !== 0) throw brokerError(errorCode, `electing ${type} leaders`);
      return replicaElectionResults.map(({ topic, partitionResult }) => ({
        name: topic,
        partitions: partitionResult.map(({ partitionId, ...result }) => ({ partitionIndex: partitionId, ...result })),
      }));
    },
    limits,
  );
  const told = answers.flatMap(({ name, partitions: results }) =>
    results.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
  );
  return matchAnswers(
    partitions === 'all' ? told : partitions,
    fullPartitionName,
    byPartition(answers),
    ({ errorCode, errorMessage }, item) => {
      if (errorCode === 0) return true;
      if (errorCode === errorCodes.ELECTION_NOT_NEEDED) return false;
      return brokerError(errorCode, `electing a leader of ${fullPartitionName(item)}`, { detail: errorMessage });
    },
  );
}
