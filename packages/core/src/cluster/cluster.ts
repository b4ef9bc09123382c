import { delay, type Timer } from '../clock.ts';
import type { Connection, RequestOptions } from '../connection/connection.ts';
import { channels, publish } from '../diagnostics.ts';
import { BrokerError, ClosedError, KafkaError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import type { ResolvedClientOptions } from '../options.ts';
import type { Api, Decoded } from '../protocol/api.ts';
import { metadata as metadataApi, type MetadataResponse } from '../protocol/apis/metadata.ts';
import { brokerError, errorCodes, isStaleMetadata } from '../protocol/error-codes.ts';
import { raceWithSignal } from '../signal.ts';
import { formatAddress } from '../transport.ts';
import { backoffMs } from './backoff.ts';
import { Broker, type Purpose } from './broker.ts';
import { Coordinators } from './coordinators.ts';
import { firstAnswer } from './first-answer.ts';
import { type BrokerNode, MetadataCache, type TopicMetadata } from './metadata-cache.ts';
import { Reachability } from './reachability.ts';

/** A silent broker is given so long before the next one is asked too. */
const hedgeMs = 1000;
const idleCheckMs = 30_000;

/** Whom to send a request to. */
export type Target = number | 'any' | 'controller';

export interface SendOptions extends RequestOptions {
  /** Which connection carries it. Default `main`. */
  readonly purpose?: Purpose;
}

export interface RetryOptions {
  /** The whole time for all attempts. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Topics whose metadata is fetched anew when an attempt fails because it was out of date. Default: all known. */
  readonly topics?: readonly string[];
}

/** A cluster as one thing to talk to: who leads what, connections to the brokers, and what to do when one fails. */
export class Cluster {
  readonly options: ResolvedClientOptions;
  readonly metadata = new MetadataCache();
  readonly coordinators: Coordinators;
  readonly #reachability: Reachability;
  readonly #seeds: Broker[];
  readonly #brokers = new Map<number, Broker>();
  readonly #closing = new AbortController();
  readonly #refreshing = new Map<string, Promise<void>>();
  readonly #wanted = new Set<string>();
  #fetchPurposes = 0;
  #refreshedAt = -Infinity;
  #sweeping: Timer | undefined;

  constructor(options: ResolvedClientOptions) {
    this.options = options;
    this.#reachability = new Reachability(options.clock);
    this.#seeds = options.brokers.map((address) => new Broker(address, options, this.#reachability));
    this.coordinators = new Coordinators(this);
    this.#sweepLater();
  }

  /** Aborted when the client is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Reaches the cluster: tries every address until one answers, for unavailableTimeoutMs at most. */
  async connect(signal?: AbortSignal): Promise<void> {
    try {
      await this.retry(() => this.#refresh([], signal), { timeoutMs: this.options.unavailableTimeoutMs, signal });
    } catch (error) {
      const unreachable = error instanceof KafkaError && error.retriable && this.#reachability.downMs > 0;
      throw unreachable ? this.#reachability.error(error) : error;
    }
  }

  /** Sends one request, once. An error code in the response is the caller's to read. */
  async send<Request, Response>(
    target: Target,
    api: Api<Request, Response>,
    request: Request,
    options: SendOptions = {},
  ): Promise<Decoded<Response>> {
    const connection = await this.connection(target, options.purpose, options.signal);
    return connection.send(api, request, options);
  }

  /** The ready connection to a broker, opened on demand. */
  async connection(target: Target, purpose: Purpose = 'main', signal?: AbortSignal): Promise<Connection> {
    this.#throwIfClosed();
    const id = target === 'controller' ? this.metadata.controllerId : target;
    if (id === 'any' || id === undefined) {
      const ask = (broker: Broker, stop: AbortSignal) => broker.connection(purpose, stop);
      return firstAnswer(this.#candidates(), ask, { clock: this.options.clock, hedgeMs, signal });
    }
    const broker = this.#brokers.get(id);
    if (broker === undefined) throw new SocketDisconnectedError(`broker ${id} is not in the cluster's metadata`, { retriable: true });
    return broker.connection(purpose, signal);
  }

  /**
   * A purpose for one reader alone. A broker answers the requests of a connection one after the other, so two readers that
   * shared one would wait for each other's long polls, and one could not leave its own without breaking the other's.
   */
  ownFetchPurpose(): Purpose {
    return `fetch-${++this.#fetchPurposes}`;
  }

  /** Ends the connections for a purpose, at every broker; what waits on them rejects. */
  disconnect(purpose: Purpose, error: Error): void {
    for (const broker of this.#everyBroker()) broker.disconnect(purpose, error);
  }

  /**
   * Repeats what fails with a retriable error, with growing pauses, and fetches metadata anew where the error says that it was stale.
   * Rejects with the last error when the time is over, and with NoBrokersAvailableError when no broker could be reached for
   * unavailableTimeoutMs. This is the only retry of the library, but for the producer's and the fetcher's own loops.
   */
  async retry<T>(attempt: () => Promise<T>, { timeoutMs, signal, topics }: RetryOptions): Promise<T> {
    const { clock, random, retryBackoff } = this.options;
    const deadline = clock.now() + timeoutMs;
    for (let failures = 1; ; failures++) {
      signal?.throwIfAborted();
      this.#throwIfClosed();
      let error: unknown;
      try {
        return await attempt();
      } catch (caught) {
        error = caught;
      }
      if (!(error instanceof KafkaError) || !error.retriable) throw error;
      this.throwIfUnavailable(error);
      const waitMs = backoffMs(failures, retryBackoff, random);
      if (clock.now() + waitMs >= deadline) throw error;
      await delay(clock, waitMs, signal ? AbortSignal.any([signal, this.closing]) : this.closing);
      if (saysStale(error) && this.#refreshedAt > -Infinity) await this.refresh(topics, signal).catch(() => {});
    }
  }

  /** Rejects pending work when no broker could be reached for unavailableTimeoutMs; the next call may work again. */
  throwIfUnavailable(cause?: unknown): void {
    if (this.#reachability.downMs >= this.options.unavailableTimeoutMs) throw this.#reachability.error(cause);
  }

  /** What is known of a topic, fetched on first use. Rejects when the topic does not exist, or still not after `timeoutMs`. */
  async topic(name: string, { timeoutMs = this.options.topicTimeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {}) {
    this.refreshWhenOld();
    const known = this.metadata.topic(name);
    if (known !== undefined) return known;
    return this.retry(
      async (): Promise<TopicMetadata> => {
        await this.refresh([name], signal);
        return this.metadata.topic(name) ?? noSuchTopic(name, this.metadata.topicError(name));
      },
      { timeoutMs, signal },
    );
  }

  /** Fetches metadata anew, for these topics or for all that were ever asked for. Calls at the same time share one request. */
  refresh(topics: readonly string[] = [...this.#wanted], signal?: AbortSignal): Promise<void> {
    const key = [...topics].sort().join('\0');
    let refreshing = this.#refreshing.get(key);
    if (refreshing === undefined) {
      for (const topic of topics) this.#wanted.add(topic);
      refreshing = this.#refresh(topics, this.closing).finally(() => this.#refreshing.delete(key));
      refreshing.catch(() => {});
      this.#refreshing.set(key, refreshing);
    }
    return signal === undefined ? refreshing : raceWithSignal(refreshing, signal);
  }

  /** The names of all topics that exist. */
  async listTopics(signal?: AbortSignal): Promise<{ name: string; isInternal: boolean }[]> {
    const response = await this.retry(() => this.#askMetadata(null, signal), { timeoutMs: this.options.apiTimeoutMs, signal });
    return response.topics.flatMap(({ name, isInternal, errorCode }) => (name === null || errorCode !== 0 ? [] : [{ name, isInternal }]));
  }

  close(error: Error = new ClosedError('the client is closed')): void {
    if (this.closing.aborted) return;
    this.#closing.abort(error);
    this.#sweeping?.cancel();
    for (const broker of this.#everyBroker()) broker.close(error);
  }

  async #refresh(topics: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const response = await this.#askMetadata(topics, signal);
    this.metadata.updateTopics(response.topics);
    this.#refreshedAt = this.options.clock.now();
  }

  /** `null` asks for all topics. */
  async #askMetadata(topics: readonly string[] | null, signal: AbortSignal | undefined): Promise<Decoded<MetadataResponse>> {
    this.#throwIfClosed();
    const request = { topics: topics?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false };
    const ask = async (broker: Broker, stop: AbortSignal): Promise<Decoded<MetadataResponse>> => {
      const connection = await broker.connection('main', stop);
      const response = await connection.send(metadataApi, request, { minVersion: 4, signal: stop });
      if (response.errorCode !== 0) throw brokerError(response.errorCode, `metadata of ${broker.name}`);
      const expected = this.metadata.clusterId;
      if (expected !== null && response.clusterId !== null && response.clusterId !== expected) {
        throw new KafkaError(`${broker.name} belongs to cluster ${response.clusterId}, and this client to cluster ${expected}`);
      }
      publish(channels.metadata, () => ({ broker: broker.name, brokers: response.brokers.length, topics: response.topics.length }));
      return response;
    };
    const response = await firstAnswer(this.#candidates(), ask, { clock: this.options.clock, hedgeMs, signal });
    this.metadata.updateBrokers(response);
    this.#followMetadata();
    return response;
  }

  /** Everybody who may be asked, the most promising first; the bootstrap addresses come last (KIP-899). */
  #candidates(): Broker[] {
    const { random } = this.options;
    const known = [...this.#brokers.values()].map((broker) => ({ broker, order: random() }));
    known.sort(
      (a, b) => a.broker.failures - b.broker.failures || Number(b.broker.connected) - Number(a.broker.connected) || a.order - b.order,
    );
    return [...known.map(({ broker }) => broker), ...this.#seeds];
  }

  /** Makes the brokers those of the metadata. One that moved to another address is a new one. */
  #followMetadata(): void {
    for (const [id, broker] of this.#brokers) {
      const node = this.metadata.brokers.get(id);
      if (node !== undefined && formatAddress(node) === formatAddress(broker.node)) continue;
      this.#brokers.delete(id);
      broker.close(new SocketDisconnectedError(`${broker.name} is no longer part of the cluster`, { retriable: true }));
    }
    for (const [id, node] of this.metadata.brokers) {
      if (!this.#brokers.has(id)) this.#brokers.set(id, new Broker(node, this.options, this.#reachability));
    }
    for (const seed of this.#seeds) seed.closeIdle(0);
  }

  /** A response named a partition's new leader (KIP-951): the next attempt goes there at once. */
  leaderMoved(topic: string, partition: number, leader: number, leaderEpoch: number, node?: BrokerNode): void {
    this.metadata.updateLeader(topic, partition, leader, leaderEpoch, node);
    this.#followMetadata();
  }

  /** A broker that a coordinator lookup named. */
  addBroker(node: BrokerNode): void {
    if (this.metadata.brokers.has(node.id)) return;
    this.metadata.brokers = new Map(this.metadata.brokers).set(node.id, node);
    this.#followMetadata();
  }

  /** Has metadata fetched anew in the background once it is older than metadataMaxAgeMs. For those who read `metadata` themselves. */
  refreshWhenOld(): void {
    if (this.options.clock.now() - this.#refreshedAt > this.options.metadataMaxAgeMs) this.refresh().catch(() => {});
  }

  #everyBroker(): Broker[] {
    return [...this.#seeds, ...this.#brokers.values()];
  }

  #sweepLater(): void {
    const sweep = (): void => {
      for (const broker of this.#everyBroker()) broker.closeIdle();
      this.#sweepLater();
    };
    this.#sweeping = this.options.clock.setTimeout(sweep, idleCheckMs, { background: true });
  }

  #throwIfClosed(): void {
    if (this.closing.aborted) throw this.closing.reason as Error;
  }
}

function noSuchTopic(name: string, errorCode: number | undefined): never {
  const unknown = errorCode === undefined || errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  throw unknown
    ? brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `topic '${name}' does not exist`)
    : brokerError(errorCode, `topic '${name}'`);
}

/** Whether an error may mean that leaders have moved. */
function saysStale(error: KafkaError): boolean {
  if (error instanceof BrokerError) return isStaleMetadata(error.code);
  return error instanceof SocketDisconnectedError || error instanceof TimeoutError;
}
