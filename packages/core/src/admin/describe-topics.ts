import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { type AclOperation, operationsOf } from './acl-operations.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { askIdentified, askNamed, type TopicAnswer } from './ask-topics.ts';
import { atAny } from './at-any.ts';
import { checkList } from './items.ts';
import { known } from './known.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';
import { checkTopic, type TopicId, topicName } from './topic-id.ts';

/** A topic as the brokers see it now. Java: TopicDescription. */
export interface TopicDescription {
  readonly name: string;
  /** undefined if the brokers are older than 2.8. */
  readonly id: string | undefined;
  readonly isInternal: boolean;
  /** Sorted by number. */
  readonly partitions: readonly PartitionDescription[];
  /** What the user of this client may do with it; undefined unless requested, or if the broker is older than 2.3. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** A partition, and the ids of its brokers. Java: TopicPartitionInfo. */
export interface PartitionDescription {
  readonly partition: number;
  /** The id of its leader; undefined while it has none. */
  readonly leader: number | undefined;
  /** undefined if the brokers are older than 2.4. */
  readonly leaderEpoch: number | undefined;
  /** The brokers with a replica, the preferred leader first. */
  readonly replicas: readonly number[];
  /** The replicas in sync, which have everything that was acknowledged with `acks: 'all'`. */
  readonly isr: readonly number[];
  /** The replicas that are down, or whose directory has failed. */
  readonly offlineReplicas: readonly number[];
  /** Replicas outside the isr that may be elected without loss (KIP-966); undefined if the brokers do not track them. */
  readonly eligibleLeaderReplicas: readonly number[] | undefined;
  /** The replicas that were eligible when the last of them was lost. */
  readonly lastKnownEligibleLeaderReplicas: readonly number[] | undefined;
}

/** Options of `describeTopics`. */
export interface DescribeTopicsOptions extends AdminOptions {
  /** Also report what the user of this client may do with each topic. Default false. */
  readonly includeAuthorizedOperations?: boolean;
}

/**
 * Describes topics, by name or id (`{ id }`), or with `'all'` every topic, including internal ones. It creates nothing. A topic that was
 * just created may not be known yet to the broker that is asked.
 *
 * The entry of a topic is a BrokerError: UNKNOWN_TOPIC_OR_PARTITION or UNKNOWN_TOPIC_ID when there is none, INVALID_TOPIC_EXCEPTION when no
 * topic can have this name, TOPIC_AUTHORIZATION_FAILED when the user may not describe it. Rejects with TypeError for a bad item, and
 * UnsupportedVersionError for ids where the brokers are older than 3.0. Java: Admin.describeTopics, listTopics.
 */
export function describeTopics(
  client: KafkaClient,
  topics: 'all' | readonly string[],
  options?: DescribeTopicsOptions,
): Promise<Results<string, TopicDescription>>;
export function describeTopics(
  client: KafkaClient,
  topics: 'all' | readonly (string | TopicId)[],
  options?: DescribeTopicsOptions,
): Promise<Results<string | TopicId, TopicDescription>>;
export async function describeTopics(
  client: KafkaClient,
  topics: 'all' | readonly (string | TopicId)[],
  options: DescribeTopicsOptions = {},
): Promise<Results<string | TopicId, TopicDescription>> {
  const cluster = clusterOf('describeTopics', client);
  const limits = limitsOf(cluster, 'describeTopics', options, ['includeAuthorizedOperations']);
  if (topics !== 'all') checkList('topics', topics, checkTopic);
  const wantsOperations = options.includeAuthorizedOperations ?? false;
  const describe = (answer: TopicAnswer, name: string): TopicDescription | Error => description(answer, name, wantsOperations);
  const ask = (how: typeof askNamed, wanted: readonly string[] | 'all'): Promise<TopicAnswer[]> =>
    wanted.length === 0 ? Promise.resolve([]) : atAny(cluster, (at, signal) => how(at, wanted, wantsOperations, signal), limits);
  if (topics === 'all') {
    const answers = await ask(askNamed, 'all');
    return new Map(answers.map((answer) => [answer.name ?? '', describe(answer, topicName(answer.name ?? ''))]));
  }
  const [named, identified] = await Promise.all([
    ask(
      askNamed,
      topics.filter((topic) => typeof topic === 'string'),
    ),
    ask(
      askIdentified,
      topics.flatMap((topic) => (typeof topic === 'string' ? [] : [topic.id])),
    ),
  ]);
  const answers = [
    ...named.map((answer) => [topicName(answer.name ?? ''), answer] as const),
    ...identified.map((answer) => [topicName({ id: answer.topicId }), answer] as const),
  ];
  return matchAnswers(topics, topicName, answers, (answer, topic) => describe(answer, topicName(topic)));
}

function description(answer: TopicAnswer, named: string, wantsOperations: boolean): TopicDescription | Error {
  const { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations } = answer;
  if (errorCode !== 0) return brokerError(errorCode, named);
  return {
    name: name ?? '',
    id: topicId === zeroUuid ? undefined : topicId,
    isInternal,
    partitions: partitions.map(partitionDescription).sort((a, b) => a.partition - b.partition),
    authorizedOperations: wantsOperations ? operationsOf(topicAuthorizedOperations) : undefined,
  };
}

function partitionDescription(partition: TopicAnswer['partitions'][number]): PartitionDescription {
  return {
    partition: partition.partitionIndex,
    leader: known(partition.leaderId),
    leaderEpoch: known(partition.leaderEpoch),
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
    eligibleLeaderReplicas: partition.eligibleLeaderReplicas ?? undefined,
    lastKnownEligibleLeaderReplicas: partition.lastKnownElr ?? undefined,
  };
}
