import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { createPartitions as createPartitionsApi } from '../protocol/apis/create-partitions.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { itemsAtController } from './at-controller.ts';
import { checkBrokerId, checkList, checkName, checkTwins } from './items.ts';
import { matchAnswers } from './retry-items.ts';
import { topicName } from './topic-id.ts';
import type { TopicResults } from './topics.ts';

/** More partitions for a topic. Java: NewPartitions. */
export interface NewPartitions {
  readonly topic: string;
  /** The new total number of partitions. */
  readonly partitions: number;
  /** The brokers of each added partition, the preferred leader first. Default: the controller chooses. */
  readonly assignments?: readonly (readonly number[])[];
}

/** Options of `createPartitions`. */
export interface CreatePartitionsOptions extends AdminOptions {
  /** Only check the change, without making it. Default false. */
  readonly validateOnly?: boolean;
}

/**
 * Adds partitions to topics (KIP-195); they cannot be removed. Afterwards, records with a key may go to another partition. The result has
 * an entry for each topic.
 *
 * An entry is a BrokerError: INVALID_PARTITIONS when the topic has so many already, INVALID_REPLICA_ASSIGNMENT when the assignments do not
 * fit, REASSIGNMENT_IN_PROGRESS, UNKNOWN_TOPIC_OR_PARTITION. After a lost answer INVALID_PARTITIONS may be the work of this call. Rejects with
 * TypeError for a bad item. Java: Admin.createPartitions.
 */
export async function createPartitions(
  client: KafkaClient,
  topics: readonly NewPartitions[],
  options: CreatePartitionsOptions = {},
): Promise<TopicResults> {
  const cluster = clusterOf('createPartitions', client);
  const limits = limitsOf(cluster, 'createPartitions', options, ['validateOnly']);
  checkList('topics', topics, check);
  checkTwins(topics, ({ topic }) => topicName(topic));
  const wanted = new Map(topics.map((item) => [item.topic, item]));
  return itemsAtController(
    cluster,
    [...wanted.keys()],
    async (connection, open, signal) => {
      const request = {
        topics: open.map((name) => {
          const { partitions, assignments } = wanted.get(name)!;
          return { name, count: partitions, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null };
        }),
        timeoutMs: limits.heldMs,
        validateOnly: options.validateOnly ?? false,
      };
      const answer = await connection.send(createPartitionsApi, request, { signal, heldMs: limits.heldMs });
      const answers = answer.results.map((result) => [topicName(result.name), result] as const);
      return matchAnswers(open, topicName, answers, ({ errorCode, errorMessage }, name) =>
        errorCode === 0 ? undefined : brokerError(errorCode, `partitions of ${topicName(name)}`, { detail: errorMessage }),
      );
    },
    { ...limits, doneBefore: errorCodes.INVALID_PARTITIONS },
  );
}

function check({ topic, partitions, assignments = [] }: NewPartitions): void {
  checkName("a topic's name", topic);
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new TypeError(`the partitions of topic '${topic}' must be a whole number of at least 1, not ${shown(partitions)}`);
  }
  checkList(`assignments of topic '${topic}'`, assignments, (brokers) => checkList('brokers of a partition', brokers, checkBrokerId));
}
