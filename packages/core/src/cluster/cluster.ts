import type { Timer } from '../clock.ts';
import type { Connection, RequestOptions } from '../connection/connection.ts';
import { channels, publish } from '../diagnostics.ts';
import { type BrokerError, ClosedError, KafkaError, SocketDisconnectedError } from '../errors.ts';
import type { ResolvedClientOptions } from '../options.ts';
import type { Api, Decoded } from '../protocol/api.ts';
import { metadata as metadataApi, type MetadataResponse } from '../protocol/apis/metadata.ts';
import { brokerError, errorCodes, quotable } from '../protocol/error-codes.ts';
import { raceWithSignal } from '../signal.ts';
import { formatAddress } from '../transport.ts';
import { Broker, type Purpose } from './broker.ts';
import { Coordinators } from './coordinators.ts';
import { firstAnswer } from './first-answer.ts';
import { type BrokerNode, MetadataCache, type TopicMetadata } from './metadata-cache.ts';
import { MetadataRefresh, type TopicErrors } from './metadata-refresh.ts';
import { finalWhenMissing } from './missing.ts';
import { Reachability } from './reachability.ts';
import { retry, type RetryOptions } from './retry.ts';

/** A silent broker is given so long before the next one is asked too. */
const hedgeMs = 1000;
const idleCheckMs = 30_000;
/** When all brokers have gone to other addresses, each old one may be silent for hedgeMs before the bootstrap addresses get their turn. */
const askedBeforeSeeds = 3;
/** Kafka's bound. A longer name would spoil a request that others share. */
const longestTopicName = 249;

/** Whom to send a request to. */
export type Target = number | 'any' | 'controller';

export interface SendOptions extends RequestOptions {
  /** Which connection carries it. Default `main`. */
  readonly purpose?: Purpose;
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
  readonly #refreshing: MetadataRefresh;
  #ownPurposes = 0;
  /** When all known topics were fetched anew. */
  #refreshedAt = -Infinity;
  #refreshDueAt = -Infinity;
  /** Who told us the metadata that we have: the next time somebody else is asked first, for it may not have heard of the latest. */
  #teller: Broker | undefined;
  #sweeping: Timer | undefined;

  constructor(options: ResolvedClientOptions) {
    this.options = options;
    this.#reachability = new Reachability(options.clock, options.unavailableTimeoutMs);
    this.#refreshing = new MetadataRefresh((topics) => this.#refresh(topics, this.closing));
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
      const timeoutMs = this.options.unavailableTimeoutMs;
      await this.retry((giveUp) => this.#refresh([], giveUp), { what: 'the cluster', timeoutMs, signal, topics: 'none' });
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
    if (id === 'any' || id === undefined) return this.#askAnyBroker((broker, stop) => broker.connection(purpose, stop), signal);
    const broker = this.#brokers.get(id);
    if (broker === undefined) throw new SocketDisconnectedError(`broker ${id} is not in the cluster's metadata`, { retriable: true });
    return broker.connection(purpose, signal);
  }

  /**
   * A purpose for one reader, or one member of a group, alone. A broker answers the requests of a connection one after the other, so two
   * that shared one would wait for each other's long polls and joins, and one could not leave its own without breaking the other's.
   */
  ownPurpose(kind: 'fetch' | 'group'): Purpose {
    return `${kind}-${++this.#ownPurposes}`;
  }

  /** Ends the connections for a purpose, at every broker; what waits on them rejects. */
  disconnect(purpose: Purpose, error: Error): void {
    for (const broker of this.#everyBroker()) broker.disconnect(purpose, error);
  }

  /** Asks a broker, and another one beside it when that one fails or stays silent. For requests that may be made twice. */
  askAny<Answer>(ask: (connection: Connection, signal: AbortSignal) => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    return this.#askAnyBroker(async (broker, stop) => ask(await broker.connection('main', stop), stop), signal);
  }

  /** Repeats what fails with a retriable error: see retry.ts. */
  async retry<T>(attempt: (signal: AbortSignal) => Promise<T>, options: RetryOptions): Promise<T> {
    return retry(attempt, options, {
      ...this.options,
      reachability: this.#reachability,
      closing: this.closing,
      refresh: (topics, signal) => this.refresh(topics, signal),
    });
  }

  /** Rejects pending work when no broker could be reached for unavailableTimeoutMs; the next call may work again. */
  throwIfUnavailable(cause?: unknown): void {
    if (this.#reachability.downMs >= this.options.unavailableTimeoutMs) throw this.#reachability.error(cause);
  }

  /** What is known of a topic, fetched on first use. Rejects when the topic does not exist, or still not after topicTimeoutMs. */
  async topic(name: string, options: { timeoutMs?: number; signal?: AbortSignal | undefined } = {}): Promise<TopicMetadata> {
    this.refreshWhenOld();
    const known = this.metadata.topic(name);
    if (known !== undefined) return known;
    const attempt = async (signal: AbortSignal): Promise<TopicMetadata> => {
      const missing = (await this.lookUp([name], signal)).get(name);
      if (missing !== undefined) throw missing;
      return this.metadata.topic(name)!;
    };
    return this.retry(attempt, {
      what: `topic '${name}'`,
      timeoutMs: options.timeoutMs ?? this.options.apiTimeoutMs,
      signal: options.signal,
      topics: 'none',
      finalAt: finalWhenMissing(this.options),
    });
  }

  /** Fetches what is not known of topics yet, all at once; gives the errors of those that cannot be told. */
  async lookUp(names: readonly string[], signal: AbortSignal): Promise<Map<string, BrokerError>> {
    const unknown = names.filter((name) => this.metadata.topic(name) === undefined);
    const asked = unknown.filter((name) => name.length <= longestTopicName);
    const codes = asked.length === 0 ? new Map<string, number>() : await raceWithSignal(this.#refreshing.request(asked), signal);
    const still = unknown.filter((name) => this.metadata.topic(name) === undefined);
    return new Map(still.map((name) => [name, noSuchTopic(name, codes.get(name))]));
  }

  /** Fetches metadata anew, for these topics or for all that are known. Calls at the same time share requests. */
  async refresh(topics: readonly string[] = this.metadata.topicNames, signal: AbortSignal = this.closing): Promise<void> {
    await raceWithSignal(this.#refreshing.request(topics), signal);
  }

  /** All topics that exist; the id is zero where the broker is too old to tell. */
  async listTopics(
    signal?: AbortSignal,
    timeoutMs: number = this.options.apiTimeoutMs,
  ): Promise<{ name: string; topicId: string; isInternal: boolean }[]> {
    const response = await this.retry((giveUp) => this.#askMetadata(null, giveUp), {
      what: 'the list of topics',
      timeoutMs,
      signal,
      topics: 'none',
    });
    return response.topics.flatMap(({ name, topicId, isInternal, errorCode }) =>
      name === null || errorCode !== 0 ? [] : [{ name, topicId, isInternal }],
    );
  }

  close(error: Error = new ClosedError('the client is closed')): void {
    if (this.closing.aborted) return;
    this.#closing.abort(error);
    this.#sweeping?.cancel();
    for (const broker of this.#everyBroker()) broker.close(error);
  }

  async #refresh(topics: readonly string[], signal: AbortSignal): Promise<TopicErrors> {
    const response = await this.#askMetadata(topics, signal);
    this.metadata.updateTopics(response.topics);
    const asked = new Set(topics);
    if (this.metadata.topicNames.every((name) => asked.has(name))) this.#refreshedAt = this.options.clock.now();
    return new Map(response.topics.flatMap(({ name, errorCode }) => (name === null || errorCode === 0 ? [] : [[name, errorCode]])));
  }

  /** `null` asks for all topics. */
  async #askMetadata(topics: readonly string[] | null, signal: AbortSignal): Promise<Decoded<MetadataResponse>> {
    this.#throwIfClosed();
    const request = { topics: topics?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false };
    const ask = async (broker: Broker, stop: AbortSignal) => {
      const connection = await broker.connection('main', stop);
      const response = await connection.send(metadataApi, request, { minVersion: 4, signal: stop });
      // Such as REBOOTSTRAP_REQUIRED (KIP-1102): others are asked, the bootstrap addresses too.
      if (response.errorCode !== 0) throw brokerError(response.errorCode, `metadata of ${broker.name}`, { retriable: true });
      const expected = this.metadata.clusterId;
      if (expected !== null && response.clusterId !== null && response.clusterId !== expected) {
        throw new KafkaError(
          `${broker.name} belongs to cluster ${quotable(response.clusterId)}, and this client to cluster ${quotable(expected)}`,
        );
      }
      return { broker, response };
    };
    const { broker, response } = await this.#askAnyBroker(ask, signal);
    const [brokers, count] = [response.brokers.length, response.topics.length];
    publish(channels.metadata, () => ({ broker: broker.name, brokers, topics: count }));
    this.#teller = broker;
    this.metadata.updateBrokers(response);
    this.#followMetadata();
    return response;
  }

  #askAnyBroker<Answer>(ask: (broker: Broker, signal: AbortSignal) => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    return firstAnswer(this.#candidates(), ask, { clock: this.options.clock, hedgeMs, signal });
  }

  /** Everybody who may be asked, the most promising first; the bootstrap addresses after a few that we know (KIP-899). */
  #candidates(): Broker[] {
    const { random } = this.options;
    const known = [...this.#brokers.values()].map((broker) => ({ broker, order: random() }));
    const isTeller = (broker: Broker): number => Number(broker === this.#teller);
    known.sort(
      (a, b) =>
        a.broker.failures - b.broker.failures ||
        isTeller(a.broker) - isTeller(b.broker) ||
        Number(b.broker.connected) - Number(a.broker.connected) ||
        a.order - b.order,
    );
    const brokers = known.map(({ broker }) => broker);
    return [...brokers.slice(0, askedBeforeSeeds), ...this.#seeds, ...brokers.slice(askedBeforeSeeds)];
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
    this.metadata.addBroker(node);
    this.#followMetadata();
  }

  /** Has metadata fetched anew in the background once it is older than metadataMaxAgeMs. For those who read `metadata` themselves. */
  refreshWhenOld(): void {
    const { clock, metadataMaxAgeMs, retryBackoff } = this.options;
    const now = clock.now();
    if (now - this.#refreshedAt <= metadataMaxAgeMs || now < this.#refreshDueAt) return;
    this.#refreshDueAt = now + retryBackoff.maxMs; // it may fail, and this is called for every message
    this.refresh().catch(() => {});
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

const legalName = `(a name has letters, digits, '.', '_' and '-', at most ${longestTopicName})`;

function noSuchTopic(name: string, errorCode: number = errorCodes.UNKNOWN_TOPIC_OR_PARTITION): BrokerError {
  if (name.length > longestTopicName)
    return brokerError(errorCodes.INVALID_TOPIC_EXCEPTION, `topic '${name.slice(0, 20)}...' ${legalName}`);
  switch (errorCode) {
    case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
      return brokerError(errorCode, `topic '${name}' does not exist`);
    case errorCodes.INVALID_TOPIC_EXCEPTION:
      return brokerError(errorCode, `topic '${name}' ${legalName}`);
    default:
      return brokerError(errorCode, `topic '${name}'`);
  }
}
