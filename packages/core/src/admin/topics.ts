import type { KafkaClient } from '../client.ts';
import { clusterSymbol } from '../cluster-symbol.ts';
import { createTopics as createTopicsApi } from '../protocol/apis/create-topics.ts';
import { deleteTopics as deleteTopicsApi } from '../protocol/apis/delete-topics.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { itemsAtController } from './at-controller.ts';
import { checkName, checkTwins } from './items.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

export interface NewTopic {
  readonly name: string;
  /** Default: the broker's `num.partitions`. */
  readonly partitions?: number;
  /** Default: the broker's `default.replication.factor`. */
  readonly replicationFactor?: number;
  /** Topic configs, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string>>;
}

/** What became of each topic: undefined, or why not. */
export type TopicResults = Results<string>;

/** Creates topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export async function createTopics(client: KafkaClient, topics: readonly NewTopic[], options: AdminOptions = {}): Promise<TopicResults> {
  const cluster = client[clusterSymbol];
  const limits = limitsOf(cluster, 'createTopics', options);
  for (const { name } of topics) checkName("a topic's name", name);
  checkTwins(topics, ({ name }) => topicName(name));
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  return itemsAtController(
    cluster,
    [...byName.keys()],
    async (connection, open, signal) => {
      const request = { topics: open.map((name) => creatable(byName.get(name)!)), timeoutMs: limits.heldMs };
      const answer = await connection.send(createTopicsApi, request, { signal, heldMs: limits.heldMs });
      return resultsOf(open, answer.topics);
    },
    { ...limits, doneBefore: errorCodes.TOPIC_ALREADY_EXISTS },
  );
}

/** Deletes topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export async function deleteTopics(client: KafkaClient, names: readonly string[], options: AdminOptions = {}): Promise<TopicResults> {
  const cluster = client[clusterSymbol];
  const limits = limitsOf(cluster, 'deleteTopics', options);
  for (const name of names) checkName("a topic's name", name);
  return itemsAtController(
    cluster,
    names,
    async (connection, open, signal) => {
      const request = { topicNames: open, topics: open.map((name) => ({ name, topicId: zeroUuid })), timeoutMs: limits.heldMs };
      const answer = await connection.send(deleteTopicsApi, request, { signal, heldMs: limits.heldMs });
      for (const name of open) cluster.metadata.forget(name);
      return resultsOf(open, answer.responses);
    },
    { ...limits, doneBefore: errorCodes.UNKNOWN_TOPIC_OR_PARTITION },
  );
}

function creatable({ name, partitions = -1, replicationFactor = -1, configs = {} }: NewTopic) {
  return {
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
}

interface TopicAnswer {
  readonly name: string | null;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function resultsOf(names: readonly string[], answers: readonly TopicAnswer[]): TopicResults {
  const named = answers.map((answer) => [topicName(answer.name), answer] as const);
  return matchAnswers(names, topicName, named, ({ errorCode, errorMessage }, name) =>
    errorCode === 0 ? undefined : brokerError(errorCode, topicName(name), { detail: errorMessage }),
  );
}

function topicName(name: string | null): string {
  return `topic '${name}'`;
}
