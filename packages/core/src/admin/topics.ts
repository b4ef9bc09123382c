import type { KafkaClient } from '../client.ts';
import { clusterSymbol } from '../cluster-symbol.ts';
import { createTopics as createTopicsApi } from '../protocol/apis/create-topics.ts';
import { deleteTopics as deleteTopicsApi } from '../protocol/apis/delete-topics.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';

export interface NewTopic {
  readonly name: string;
  /** Default: the broker's `num.partitions`. */
  readonly partitions?: number;
  /** Default: the broker's `default.replication.factor`. */
  readonly replicationFactor?: number;
  /** Topic configs, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicOptions {
  /** How long the whole may take. Default: the client's apiTimeoutMs. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What became of each topic: undefined, or why not. */
export type TopicResults = Map<string, Error | undefined>;

/** Creates topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export function createTopics(client: KafkaClient, topics: readonly NewTopic[], options: TopicOptions = {}): Promise<TopicResults> {
  const cluster = client[clusterSymbol];
  const timeoutMs = options.timeoutMs ?? cluster.options.apiTimeoutMs;
  const request = {
    topics: topics.map(({ name, partitions = -1, replicationFactor = -1, configs = {} }) => ({
      name,
      numPartitions: partitions,
      replicationFactor,
      assignments: [],
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    })),
    timeoutMs: Math.min(timeoutMs, cluster.options.requestTimeoutMs),
  };
  return cluster.retry(
    async () => {
      const sent = await cluster.send('controller', createTopicsApi, request, { signal: options.signal, heldMs: request.timeoutMs });
      return resultsOf(sent.topics, 'topic');
    },
    { timeoutMs, signal: options.signal },
  );
}

/** Deletes topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export function deleteTopics(client: KafkaClient, names: readonly string[], options: TopicOptions = {}): Promise<TopicResults> {
  const cluster = client[clusterSymbol];
  const timeoutMs = options.timeoutMs ?? cluster.options.apiTimeoutMs;
  const heldMs = Math.min(timeoutMs, cluster.options.requestTimeoutMs);
  const request = { topicNames: names, topics: names.map((name) => ({ name, topicId: zeroUuid })), timeoutMs: heldMs };
  return cluster.retry(
    async () => {
      const sent = await cluster.send('controller', deleteTopicsApi, request, { signal: options.signal, heldMs });
      for (const name of names) cluster.metadata.forget(name);
      return resultsOf(sent.responses, 'topic');
    },
    { timeoutMs, signal: options.signal },
  );
}

interface TopicResult {
  readonly name: string | null;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function resultsOf(results: readonly TopicResult[], what: string): TopicResults {
  return new Map(
    results.map(({ name, errorCode, errorMessage }) => {
      if (errorCode === 0) return [name ?? '', undefined];
      const error = brokerError(errorCode, `${what} '${name}'`, { detail: errorMessage });
      if (errorCode === errorCodes.NOT_CONTROLLER) throw error; // nothing was done: ask again, and the metadata says whom
      return [name ?? '', error];
    }),
  );
}
