import type { BrokerNode } from './cluster/metadata-cache.ts';
import { Cluster } from './cluster/cluster.ts';
import { clusterSymbol } from './cluster-symbol.ts';
import { type ClientOptions, resolveClientOptions } from './options.ts';
import { Topic } from './topic.ts';

/** A connection to a Kafka cluster, which producers and consumers share. PyKafka: KafkaClient. */
export class KafkaClient implements AsyncDisposable {
  /** For packages that build on core. */
  readonly [clusterSymbol]: Cluster;

  private constructor(cluster: Cluster) {
    this[clusterSymbol] = cluster;
    // Sockets and secrets are of no use to whoever prints a client.
    Object.defineProperty(this, clusterSymbol, { enumerable: false });
  }

  /**
   * Connects to the cluster through the first address that answers.
   *
   * Rejects with TypeError or RangeError for a bad option, AuthenticationError when the broker refuses the login, and
   * NoBrokersAvailableError, naming each address and why it failed, when none answers within unavailableTimeoutMs (30 s).
   */
  static async connect(options: ClientOptions, { signal }: { readonly signal?: AbortSignal } = {}): Promise<KafkaClient> {
    const cluster = new Cluster(resolveClientOptions(options));
    try {
      await cluster.connect(signal);
    } catch (error) {
      cluster.close();
      throw error;
    }
    return new KafkaClient(cluster);
  }

  /** The known brokers, sorted by id. PyKafka: brokers. */
  get brokers(): readonly BrokerNode[] {
    return [...this[clusterSymbol].metadata.brokers.values()].sort((a, b) => a.id - b.id);
  }

  /** The id of the cluster; null if the broker does not report it. */
  get clusterId(): string | null {
    return this[clusterSymbol].metadata.clusterId;
  }

  /** The sorted names of all topics; Kafka's internal ones only with `internal`. PyKafka: topics, exclude_internal_topics. */
  async topics({ internal = false, signal }: { readonly internal?: boolean; readonly signal?: AbortSignal } = {}): Promise<string[]> {
    const topics = await this[clusterSymbol].listTopics(signal);
    return topics
      .filter(({ isInternal }) => internal || !isInternal)
      .map(({ name }) => name)
      .sort();
  }

  /** A topic by its name, whether it exists or not. This sends no request and creates nothing. */
  topic(name: string): Topic {
    return new Topic(name, this[clusterSymbol]);
  }

  /** Closes every connection; pending calls reject with ClosedError. Close producers and consumers first. Idempotent. */
  close(): Promise<void> {
    this[clusterSymbol].close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
