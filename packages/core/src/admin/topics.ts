import type { KafkaClient } from '../client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterSymbol } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { BrokerError, KafkaError } from '../errors.ts';
import { createTopics as createTopicsApi } from '../protocol/apis/create-topics.ts';
import { deleteTopics as deleteTopicsApi } from '../protocol/apis/delete-topics.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { AdminOptions } from './admin-options.ts';

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
export type TopicResults = Map<string, Error | undefined>;

/** Creates topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export function createTopics(client: KafkaClient, topics: readonly NewTopic[], options: AdminOptions = {}): Promise<TopicResults> {
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
  const names = topics.map(({ name }) => name);
  const attempt = async (connection: Connection, signal: AbortSignal): Promise<TopicResults> => {
    const answer = await connection.send(createTopicsApi, request, { signal, heldMs: request.timeoutMs });
    return resultsOf(names, answer.topics);
  };
  return atController(cluster, attempt, { ...options, timeoutMs, doneBefore: errorCodes.TOPIC_ALREADY_EXISTS });
}

/** Deletes topics. The result has an entry for each; one that failed does not stop the others (it is the Error of its entry). */
export function deleteTopics(client: KafkaClient, names: readonly string[], options: AdminOptions = {}): Promise<TopicResults> {
  const cluster = client[clusterSymbol];
  const timeoutMs = options.timeoutMs ?? cluster.options.apiTimeoutMs;
  const heldMs = Math.min(timeoutMs, cluster.options.requestTimeoutMs);
  const request = { topicNames: names, topics: names.map((name) => ({ name, topicId: zeroUuid })), timeoutMs: heldMs };
  const attempt = async (connection: Connection, signal: AbortSignal): Promise<TopicResults> => {
    const answer = await connection.send(deleteTopicsApi, request, { signal, heldMs });
    for (const name of names) cluster.metadata.forget(name);
    return resultsOf(names, answer.responses);
  };
  return atController(cluster, attempt, { ...options, timeoutMs, doneBefore: errorCodes.UNKNOWN_TOPIC_OR_PARTITION });
}

interface ControllerOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What a second attempt is told of a topic when the first one did the work and only its answer was lost. */
  readonly doneBefore: number;
}

/**
 * Retries until the controller answers. When an answer was lost, nobody can tell whether this call or somebody else has done what the
 * next answer finds done: like Java we report it as an error, and the error says why it may be none.
 */
function atController(
  cluster: Cluster,
  attempt: (connection: Connection, signal: AbortSignal) => Promise<TopicResults>,
  { timeoutMs, signal, doneBefore }: ControllerOptions,
): Promise<TopicResults> {
  let isLost = false;
  const tracked = async (giveUp: AbortSignal): Promise<TopicResults> => {
    const connection = await cluster.connection('controller', 'main', giveUp);
    try {
      const results = await attempt(connection, giveUp);
      if (!isLost) return results;
      return new Map([...results].map(([name, error]) => [name, isCode(error, doneBefore) ? withHint(error) : error]));
    } catch (error) {
      isLost ||= !(error instanceof BrokerError);
      throw error;
    }
  };
  // The metadata of the brokers, without any topic, says who the controller is.
  return cluster.retry(tracked, { timeoutMs, signal, topics: [] });
}

function isCode(error: Error | undefined, code: number): error is BrokerError {
  return error instanceof BrokerError && error.code === code;
}

function withHint(cause: BrokerError): BrokerError {
  const message = `${cause.message} (the answer to an earlier attempt of this call was lost: it may have done this)`;
  return new BrokerError(message, { cause, code: cause.code, errorName: cause.errorName });
}

interface TopicResult {
  readonly name: string | null;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function resultsOf(names: readonly string[], results: readonly TopicResult[]): TopicResults {
  const byName = new Map(results.map((result) => [result.name, result]));
  return new Map(
    names.map((name) => {
      const result = byName.get(name);
      if (result === undefined) return [name, new KafkaError(`topic '${name}': the broker's answer does not mention it`)];
      const { errorCode, errorMessage } = result;
      if (errorCode === 0) return [name, undefined];
      const error = brokerError(errorCode, `topic '${name}'`, { detail: errorMessage });
      if (errorCode === errorCodes.NOT_CONTROLLER) throw error; // nothing was done: ask again, and the metadata says whom
      return [name, error];
    }),
  );
}
