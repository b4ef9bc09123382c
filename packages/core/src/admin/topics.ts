import type { KafkaClient } from '../client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { createTopics as createTopicsApi } from '../protocol/apis/create-topics.ts';
import { deleteTopics as deleteTopicsApi } from '../protocol/apis/delete-topics.ts';
import { UnsupportedVersionError } from '../errors.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { type AdminLimits, type AdminOptions, limitsOf } from './admin-options.ts';
import { itemsAtController } from './at-controller.ts';
import { checkBrokerId, checkList, checkName, checkTwins } from './items.ts';
import { knownEverywhere } from './known-everywhere.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';
import { checkTopic, type TopicId, topicName } from './topic-id.ts';

/** A topic to create. Java: NewTopic. */
export interface NewTopic {
  readonly name: string;
  /** The number of partitions. Default: the broker's `num.partitions`. */
  readonly partitions?: number;
  /** The number of replicas. Default: the broker's `default.replication.factor`. */
  readonly replicationFactor?: number;
  /** Configurations of the topic, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Instead of both numbers: the brokers of each partition, the preferred leader first. */
  readonly assignments?: readonly (readonly number[])[];
}

/** Options of `createTopics`. */
export interface CreateTopicsOptions extends AdminOptions {
  /** Only check the change, without making it. Default false. */
  readonly validateOnly?: boolean;
}

/** The result for each topic: undefined, or an Error. */
export type TopicResults = Results<string>;

/**
 * Creates topics. The result has an entry for each, by name, and one that fails does not stop the others. It resolves once all reachable
 * brokers know the topics, so that the next request finds them (kafkajs: `waitForLeaders`).
 *
 * An entry is a BrokerError: TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION, INVALID_REPLICATION_FACTOR, INVALID_PARTITIONS, INVALID_CONFIG,
 * POLICY_VIOLATION, TOPIC_AUTHORIZATION_FAILED. Rejects with TypeError for a bad topic. Java: Admin.createTopics.
 */
export async function createTopics(
  client: KafkaClient,
  topics: readonly NewTopic[],
  options: CreateTopicsOptions = {},
): Promise<TopicResults> {
  const cluster = clusterOf('createTopics', client);
  const limits = limitsOf(cluster, 'createTopics', options, ['validateOnly']);
  checkList('topics', topics, check);
  checkTwins(topics, ({ name }) => topicName(name));
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  const { validateOnly = false } = options;
  const results = await itemsAtController(
    cluster,
    [...byName.keys()],
    async (connection, open, signal) => {
      if (connection.versions.pick(createTopicsApi) < 4) for (const name of open) checkCounts(byName.get(name)!);
      const request = { topics: open.map((name) => creatable(byName.get(name)!)), timeoutMs: limits.heldMs, validateOnly };
      const answer = await connection.send(createTopicsApi, request, { signal, heldMs: limits.heldMs });
      return resultsOf(open, answer.topics);
    },
    { ...limits, doneBefore: errorCodes.TOPIC_ALREADY_EXISTS },
  );
  const made = validateOnly ? [] : [...results.keys()].filter((name) => results.get(name) === undefined);
  if (made.length > 0) await knownEverywhere(cluster, made, limits);
  return results;
}

/**
 * Deletes topics, by name or id (`{ id }`). The result has an entry for each, and one that fails does not stop the others.
 *
 * An entry is a BrokerError: UNKNOWN_TOPIC_OR_PARTITION or UNKNOWN_TOPIC_ID when there is none, TOPIC_DELETION_DISABLED,
 * TOPIC_AUTHORIZATION_FAILED. Rejects with TypeError for a bad item, and UnsupportedVersionError for ids where the brokers are older than 2.8.
 * Java: Admin.deleteTopics.
 */
export function deleteTopics(client: KafkaClient, topics: readonly string[], options?: AdminOptions): Promise<TopicResults>;
export function deleteTopics(
  client: KafkaClient,
  topics: readonly (string | TopicId)[],
  options?: AdminOptions,
): Promise<Results<string | TopicId>>;
export async function deleteTopics(
  client: KafkaClient,
  topics: readonly (string | TopicId)[],
  options: AdminOptions = {},
): Promise<Results<string | TopicId>> {
  const cluster = clusterOf('deleteTopics', client);
  const limits = limitsOf(cluster, 'deleteTopics', options);
  checkList('topics', topics, checkTopic);
  const names = topics.filter((topic) => typeof topic === 'string');
  const ids = topics.filter((topic) => typeof topic !== 'string');
  const [named, identified] = await Promise.all([deleteNamed(cluster, names, limits), deleteIdentified(cluster, ids, limits)]);
  const results = new Map<string | TopicId, Error | undefined>([...named, ...identified]);
  return new Map(topics.map((topic) => [topic, results.get(topic)]));
}

function deleteNamed(cluster: Cluster, names: readonly string[], limits: AdminLimits): Promise<TopicResults> {
  return itemsAtController(
    cluster,
    names,
    async (connection, open, signal) => {
      const hasIds = connection.versions.pick(deleteTopicsApi) >= 6;
      const named = hasIds ? { topics: open.map((name) => ({ name, topicId: zeroUuid })) } : { topicNames: open };
      const request = { ...named, timeoutMs: limits.heldMs };
      const answer = await connection.send(deleteTopicsApi, request, { signal, heldMs: limits.heldMs });
      for (const name of open) cluster.metadata.forget(name);
      return resultsOf(open, answer.responses);
    },
    { ...limits, doneBefore: errorCodes.UNKNOWN_TOPIC_OR_PARTITION },
  );
}

function deleteIdentified(cluster: Cluster, ids: readonly TopicId[], limits: AdminLimits): Promise<Results<TopicId>> {
  return itemsAtController(
    cluster,
    ids,
    async (connection, open, signal) => {
      const request = { topics: open.map(({ id }) => ({ name: null, topicId: id })), timeoutMs: limits.heldMs };
      const { responses } = await connection.send(deleteTopicsApi, request, { signal, minVersion: 6, heldMs: limits.heldMs });
      for (const { name } of responses) if (name !== null) cluster.metadata.forget(name);
      return resultsOf(open, responses.map((answer) => ({ ...answer, name: { id: answer.topicId } }))); // prettier-ignore
    },
    { ...limits, doneBefore: errorCodes.UNKNOWN_TOPIC_ID },
  );
}

function check({ name, assignments, partitions, replicationFactor }: NewTopic): void {
  checkName("a topic's name", name);
  if (assignments === undefined) return;
  checkList(`assignments of topic '${name}'`, assignments, (brokers) => checkList('brokers of a partition', brokers, checkBrokerId));
  if (partitions === undefined && replicationFactor === undefined) return;
  throw new TypeError(`topic '${name}' has assignments, which set the number of partitions and of replicas: leave both numbers out`);
}

function checkCounts({ name, assignments, partitions, replicationFactor }: NewTopic): void {
  if (assignments !== undefined || (partitions !== undefined && replicationFactor !== undefined)) return;
  throw new UnsupportedVersionError(`topic '${name}': brokers before Kafka 2.4 have no defaults, give partitions and replicationFactor`);
}

function creatable({ name, assignments = [], partitions = -1, replicationFactor = -1, configs = {} }: NewTopic) {
  return {
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
}

interface TopicAnswer {
  readonly name: string | TopicId | null;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function resultsOf<Item extends string | TopicId>(topics: readonly Item[], answers: readonly TopicAnswer[]): Results<Item> {
  const named = answers.map((answer) => [topicName(answer.name ?? ''), answer] as const);
  return matchAnswers(topics, topicName, named, ({ errorCode, errorMessage }, topic) =>
    errorCode === 0 ? undefined : brokerError(errorCode, topicName(topic), { detail: errorMessage }),
  );
}
