import type { Transport } from '@tskafka/core/protocol';
import type { ApiName } from './api-name.ts';
import { Broker } from './broker/broker.ts';
import { Chaos, type ChaosOptions } from './chaos/chaos.ts';
import { ClusterState } from './cluster-state.ts';
import { BrokerConfigs } from './configs/configs.ts';
import type { BrokerConnection } from './broker/connection.ts';
import { Listeners } from './broker/listeners.ts';
import type { FailureScope } from './broker/failure-plan.ts';
import { type ErrorCode, type Fault, Faults, type FaultScope, type Hold, type TimesScope } from './faults.ts';
import { checkApi, checkBroker, checkNames } from './checks.ts';
import { Dependents } from './dependents.ts';
import { type Interceptor, Interceptors } from './broker/interceptors.ts';
import { MemoryTransport } from './broker/memory-transport.ts';
import { MockBroker } from './mock-broker.ts';
import { MockGroup } from './mock-group.ts';
import { MockTopic } from './mock-topic.ts';
import { MockTransaction, statusOf, type TransactionStatus } from './mock-transaction.ts';
import { type BrokerSpec, type MockClusterOptions, type ResolvedOptions, resolveOptions, type TopicSpec } from './options.ts';
import { randomUuid } from './random-uuid.ts';
import { type LoggedRequest, type RequestFilter, RequestLog } from './broker/request-log.ts';
import { type SocketFactory, socketFactory } from './broker/socket-factory.ts';
import type { SaslServer } from './sasl/sasl-server.ts';
import { type ClusterSnapshot, snapshotOf } from './snapshot.ts';
import { type SaslOptions, saslServers } from './sasl/sasl-options.ts';
import { settled } from './soon.ts';
import { topicOf } from './topic-of-spec.ts';
import { type Stoppable, stoppable } from './stoppable.ts';
import type { ListenOptions } from './broker/tcp-listener.ts';
import type { PushedMetrics } from './broker/telemetry.ts';
import { describeRequests } from './waiting/explain.ts';
import { type IdleOptions, waitForIdle } from './waiting/idle.ts';
import { type Wait, waitingOn, type WaitOptions } from './waiting/wait-until.ts';
import { type ApiRange, supportedRanges } from './broker/versions.ts';

/**
 * A Kafka cluster in memory, for tests. Clients cannot tell it from a real one, except for what SKIPPED.md lists.
 *
 * @example
 * await using cluster = await MockCluster.start({ topics: { orders: 3 } });
 * const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
 */
export class MockCluster implements AsyncDisposable {
  /** Connects to the brokers from within this process, without a port. */
  readonly transport: Transport;
  readonly #state: ClusterState;
  readonly #brokers = new Map<number, Broker>();
  readonly #interceptors = new Interceptors();
  readonly #requestLog: RequestLog;
  readonly #wait: Wait;
  readonly #faults: Faults;
  readonly #newSaslServer: () => SaslServer | undefined;
  readonly #listeners: Listeners;
  readonly #ranges: readonly ApiRange[];
  readonly #options: ResolvedOptions;
  readonly #dependents = new Dependents();
  #connections = 0;

  /** Starts a cluster, which is ready when the promise resolves. */
  static async start(options: MockClusterOptions = {}): Promise<MockCluster> {
    return new MockCluster(resolveOptions(options));
  }

  private constructor(options: ResolvedOptions) {
    const { clock, sasl } = options;
    this.#options = options;
    this.#state = new ClusterState({ ...options, configs: new BrokerConfigs(options.configs) });
    this.#requestLog = new RequestLog(options.requestLogSize);
    this.#wait = waitingOn(this.#state.activity, () => this.#requestLog.entries());
    this.#faults = new Faults(this.#interceptors, this.#brokers, clock, this.#state.activity, this.#wait);
    this.#ranges = supportedRanges(options.release, options.telemetry);
    this.#newSaslServer = this.#saslServersOf(sasl);
    this.#listeners = new Listeners(this.#brokers, this.#newSaslServer);
    for (const spec of options.brokers) this.#createBroker(spec);
    for (const [name, spec] of options.topics) this.createTopic(name, spec);
    this.transport = new MemoryTransport(this.#listeners.at);
  }

  /** The addresses of the brokers for `transport`. */
  get brokers(): string[] {
    return this.#listeners.addresses;
  }

  get brokerIds(): number[] {
    return [...this.#brokers.keys()];
  }

  get clusterId(): string {
    return this.#state.clusterId;
  }

  /**
   * Listens on 127.0.0.1, on one port per broker, for clients in any language. Clients that connect there are told these addresses, while
   * those that use `transport` are told its own.
   */
  async listen(options: ListenOptions = {}): Promise<{ readonly brokers: string[] }> {
    return { brokers: await this.#listeners.listen(options, this.#saslServersOf(options.sasl)) };
  }

  /**
   * Creates sockets that reach the brokers without a port, for clients that accept a socket factory: `new Kafka({ brokers: cluster.brokers,
   * socketFactory: cluster.createSocketFactory() })`. `createKafka` of `@tskafka/testing/kafkajs` does this for you.
   */
  createSocketFactory(): SocketFactory {
    return socketFactory(this.#listeners.at);
  }

  /** Creates a topic, as an administrator would. Throws RangeError with Kafka's message if a real cluster would refuse. */
  createTopic(name: string, spec: number | TopicSpec = {}): MockTopic {
    if (this.#state.topics.has(name)) throw new RangeError(`the cluster already has a topic '${name}'`);
    this.#state.createTopic(topicOf(name, spec, this.#state));
    return this.topic(name);
  }

  /** The names of all topics, including internal ones. */
  get topicNames(): string[] {
    return [...this.#state.topics.keys()];
  }

  /** An existing topic: its records, its partitions, and ways to change them. */
  topic(name: string): MockTopic {
    return new MockTopic(this.#state, this.#wait, name);
  }

  /** Resolves with the topic once it exists. After `timeoutMs` it rejects with an Error that lists the existing ones. */
  waitForTopic(name: string, options: WaitOptions = {}): Promise<MockTopic> {
    return this.#wait(
      {
        look: () => (this.#state.topics.has(name) ? this.topic(name) : undefined),
        explain: () => `there is no topic '${name}'; there are ${this.topicNames.join(', ') || 'none'}.`,
      },
      options,
    );
  }

  /** The names of the existing groups. */
  get groupIds(): string[] {
    return [...this.#state.groups.keys()];
  }

  /** A consumer group, whether it exists or not. */
  group(id: string): MockGroup {
    return new MockGroup(this.#state, this.#wait, id);
  }

  /** The transactional ids that have been used, as their coordinators know them. */
  get transactions(): TransactionStatus[] {
    return this.#state.transactions.list().map(statusOf);
  }

  /** A transactional id, whether it has been used or not: its state, and ways to change it. */
  transaction(transactionalId: string): MockTransaction {
    return new MockTransaction(this.#state, transactionalId);
  }

  /**
   * Writes no transaction markers until it is stopped: transactions that end stay prepared, as on a busy cluster, and a producer that
   * begins the next one too early gets CONCURRENT_TRANSACTIONS.
   */
  holdMarkers(): Stoppable {
    return stoppable(this.#state.transactions.holdMarkers());
  }

  /** A broker, and ways to make it fail. */
  broker(id: number): MockBroker {
    checkBroker(id, this.#brokers);
    const broker = this.#brokers.get(id)!;
    return new MockBroker(broker, { open: () => this.#listeners.open(broker), close: () => this.#listeners.stop(id) });
  }

  /** Adds a broker. It leads nothing until a topic is created or a leader is moved. */
  async addBroker(spec: BrokerSpec): Promise<MockBroker> {
    if (this.#brokers.has(spec.id)) throw new RangeError(`there is already a broker ${spec.id}`);
    const broker = this.#createBroker(spec);
    await this.#listeners.open(broker);
    return this.broker(spec.id);
  }

  /** Removes a broker for good: its partitions get other leaders, and clients are no longer told about it. */
  async removeBroker(id: number): Promise<void> {
    await this.broker(id).down();
    this.#brokers.delete(id);
    this.#state.removeBroker(id);
  }

  /** Replaces all brokers with others that have the same topics. With `clusterId` they belong to another cluster. */
  async replaceBrokers(specs: readonly BrokerSpec[], { clusterId }: { readonly clusterId?: string } = {}): Promise<void> {
    const old = this.brokerIds;
    for (const spec of specs) await this.addBroker(spec);
    this.#state.moveReplicas(
      old,
      specs.map(({ id }) => id),
    );
    for (const id of old) await this.removeBroker(id);
    if (clusterId !== undefined) this.#state.clusterId = clusterId;
  }

  /** Makes another broker the controller in the metadata. Brokers forward requests for the controller, so no request fails because of it. */
  moveController(id: number): void {
    this.broker(id);
    this.#state.moveController(id);
  }

  /** Keeps partitions from arriving at other brokers or directories, until it is stopped. */
  holdReassignments(): Stoppable {
    const hold = Symbol('hold');
    this.#state.heldReassignments.add(hold);
    return stoppable(() => {
      this.#state.heldReassignments.delete(hold);
      this.#state.advanceReassignments();
    });
  }

  /** Changes the id of the cluster, as if the addresses now belonged to somebody else. Default: a random id. */
  changeClusterId(clusterId: string = randomUuid(this.#state.random)): void {
    this.#state.clusterId = clusterId;
  }

  /**
   * Intercepts every request of one API, or of all (`'*'`), before the broker. The interceptor passes it on, changes the answer, answers
   * itself, or drops it. The newest interceptor goes first. All faults below are interceptors.
   */
  intercept<Name extends ApiName>(api: Name | '*', interceptor: Interceptor<Name>): Stoppable {
    return this.#interceptors.add(api, interceptor);
  }

  /**
   * Answers the next requests with these errors, one each, without applying them. With a topic or partition, only that part of a request
   * fails, and requests without it do not count.
   */
  fail(api: ApiName, codes: readonly ErrorCode[], scope: FaultScope & FailureScope = {}): Fault {
    return this.#faults.fail(api, codes, scope);
  }

  /** Breaks the connection instead of applying the next requests. */
  dropRequest(api: ApiName, scope: TimesScope = {}): Fault {
    return this.#faults.dropRequest(api, scope);
  }

  /** Applies the next requests, and breaks the connection instead of answering. */
  dropResponse(api: ApiName, scope: TimesScope = {}): Fault {
    return this.#faults.dropResponse(api, scope);
  }

  /** Holds requests back until they are released, and with each one all that follow it on its connection. */
  hold(api: ApiName, scope: TimesScope = {}): Hold {
    return this.#faults.hold(api, scope);
  }

  /** Rewrites the frames of the next answers, including their lengths. */
  bytes(api: ApiName, mutate: (frame: Buffer) => Buffer, scope: TimesScope = {}): Fault {
    return this.#faults.rewriteBytes(api, mutate, scope);
  }

  /** Delays each answer by `ms`. */
  delay(api: ApiName, ms: number, scope: FaultScope = {}): Fault {
    return this.#faults.delay(api, ms, scope);
  }

  /** Tells clients to wait `ms` and ignores their connections meanwhile, as when a quota is exceeded (KIP-219). */
  throttle(ms: number, scope: FaultScope & { readonly api?: ApiName } = {}): Fault {
    return this.#faults.throttle(ms, scope);
  }

  /**
   * Starts doing things to the cluster at random: drops, delays and throttles requests, breaks connections, moves leaders and coordinators,
   * restarts brokers. It prints its seed; on a VirtualClock, the same seed repeats the same run.
   */
  chaos(options: ChaosOptions = {}): Chaos {
    return new Chaos(this, this.#state.clock, options);
  }

  /** The requests that have arrived, oldest first. */
  requests<Name extends ApiName>(filter: RequestFilter<Name> = {}): LoggedRequest<Name>[] {
    if (filter.api !== undefined) checkApi(filter.api);
    checkNames('a filter of requests', filter, ['api', 'broker', 'clientId']);
    return this.#requestLog.entries(filter);
  }

  /** The metrics that clients have pushed, oldest first (KIP-714), if the cluster was started with `telemetry`. */
  get pushedMetrics(): readonly PushedMetrics[] {
    return this.#state.telemetry.pushed;
  }

  /** Resolves with the next request of this API. After `timeoutMs` it rejects with an Error that lists the requests that came instead. */
  async nextRequest<Name extends ApiName>(
    api: Name,
    { timeoutMs, signal, ...filter }: Omit<RequestFilter<Name>, 'api'> & WaitOptions = {},
  ): Promise<LoggedRequest<Name>> {
    checkApi(api);
    checkNames('a filter of requests', filter, ['broker', 'clientId']);
    let next: LoggedRequest<Name> | undefined;
    using watching = this.#requestLog.watch({ ...filter, api }, (entry) => {
      next ??= entry;
      this.#state.activity.changed();
    });
    void watching;
    return await this.#wait({ look: () => next, explain: () => `no ${api} request came.` }, { timeoutMs, signal });
  }

  /** Throws if a fault never happened, and lists the requests that came instead: such a test would have tested nothing. Stopped faults count too. */
  assertFaultsFired(): void {
    const idle = this.#faults.ordered.filter(({ fired }) => fired === 0);
    if (idle.length === 0) return;
    const names = idle.map(({ description }) => `'${description}'`).join(', ');
    throw new Error(`${names} never happened.\n${describeRequests(this.#requestLog.entries())}`);
  }

  /** Everything in the cluster, without ids, times and positions, to compare as a whole: `expect(cluster.snapshot()).toMatchSnapshot()`. */
  snapshot(): ClusterSnapshot {
    return snapshotOf(this.#state);
  }

  /**
   * Returns another cluster with everything that this one holds now: topics and records, commits, transactions, configurations, users,
   * access rights and quotas. From then on they are independent. It is cheap, because the bytes of the records are shared.
   *
   * Connections and faults stay here, and so do the members of groups: in the new cluster it is as if they had left.
   */
  fork(): MockCluster {
    const brokers = [...this.#state.brokers.values()].map(({ id, rack }) => ({ id, ...(rack !== undefined && { rack }) }));
    const { clusterId, authorizer } = this.#state;
    const fork = new MockCluster({ ...this.#options, brokers, topics: new Map(), clusterId, authorizer: authorizer?.copy() });
    fork.#state.copyFrom(this.#state);
    for (const [id, broker] of fork.#brokers) broker.running = this.#brokers.get(id)?.running ?? true;
    return fork;
  }

  /**
   * Resolves once no request is open and none arrived during `quietMs`. Heartbeats do not count, nor do fetches that wait for records or
   * return none.
   *
   * After `timeoutMs` it rejects with an Error that lists what is still open.
   */
  idle(options: IdleOptions = {}): Promise<void> {
    const connections = (): BrokerConnection[] => [...this.#brokers.values()].flatMap((broker) => [...broker.connections]);
    return waitForIdle({ connections, requestLog: this.#requestLog, activity: this.#state.activity, wait: this.#wait }, options);
  }

  /** Resolves when everything in transit within this process has arrived. */
  async settled(): Promise<void> {
    await settled();
  }

  /**
   * Calls `end` when the cluster is closed, before its connections end: for clients that would go on looking for its brokers. `close()` waits for it
   * for up to half a second. `createKafka` registers the clients that it returns.
   */
  onClose(end: () => unknown): void {
    this.#dependents.add(end);
  }

  /**
   * Ends what was registered by `onClose`, then closes every connection. Nothing of the cluster is left that keeps the process alive; a client that
   * was not closed goes on looking for it. Idempotent. Rejects with what an `onClose` callback has thrown, after everything is closed.
   */
  async close(): Promise<void> {
    try {
      await this.#dependents.end();
    } finally {
      this.#state.close();
      this.#state.activity.end();
      for (const broker of this.#brokers.values()) {
        broker.running = false;
        broker.closeConnections();
      }
      await this.#listeners.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** undefined: as the cluster; false: none. */
  #saslServersOf(sasl: SaslOptions | false | undefined): () => SaslServer | undefined {
    if (sasl === undefined) return this.#newSaslServer ?? (() => undefined);
    return sasl === false ? () => undefined : saslServers(sasl, this.#state);
  }

  #createBroker({ id, rack }: BrokerSpec): Broker {
    this.#state.brokers.set(id, { id, rack, alive: true });
    const broker = new Broker({
      id,
      state: this.#state,
      interceptors: this.#interceptors,
      requestLog: this.#requestLog,
      apiRanges: this.#ranges,
      nextConnectionId: () => ++this.#connections,
    });
    Object.assign(broker.network, { rttMs: this.#options.realism.rttMs, jitterMs: this.#options.realism.jitterMs });
    this.#brokers.set(id, broker);
    return broker;
  }
}
