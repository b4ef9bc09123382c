import { type BrokerAddress, formatAddress, type Transport } from '@tskafka/core/protocol';
import type { ApiName } from './api-name.ts';
import { Broker } from './broker.ts';
import { ClusterState } from './cluster-state.ts';
import { BrokerConfigs } from './configs.ts';
import type { Listener } from './connection.ts';
import { type Interception, type Interceptor, Interceptors } from './interceptors.ts';
import { type Door, MemoryTransport } from './memory-transport.ts';
import { type MockClusterOptions, type ResolvedOptions, resolveOptions, type TopicSpec } from './options.ts';
import { type LoggedRequest, type RequestFilter, RequestLog } from './request-log.ts';
import { supportedRanges } from './versions.ts';

const inProcessPort = 9092;

/**
 * A Kafka cluster in memory, for tests. Real clients cannot tell it from a real one, but for what SKIPPED.md lists.
 *
 * @example
 * await using cluster = await MockCluster.start({ topics: { orders: 3 } });
 * const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport });
 */
export class MockCluster implements AsyncDisposable {
  /** Reaches the brokers without a port, from within this process. */
  readonly transport: Transport;
  readonly #state: ClusterState;
  readonly #brokers = new Map<number, Broker>();
  readonly #interceptors = new Interceptors();
  readonly #requestLog: RequestLog;
  #connections = 0;

  /** Starts a cluster. It is ready when the promise resolves. */
  static async start(options: MockClusterOptions = {}): Promise<MockCluster> {
    return new MockCluster(resolveOptions(options));
  }

  private constructor(options: ResolvedOptions) {
    this.#state = new ClusterState({ ...options, configs: new BrokerConfigs(options.configs) });
    this.#requestLog = new RequestLog(options.requestLogSize);
    for (const { id, rack } of options.brokers) this.#addBroker(id, rack);
    for (const [name, spec] of options.topics) this.createTopic(name, spec);
    this.transport = new MemoryTransport((address) => this.#doorOf(address));
  }

  /** The addresses of the brokers for `transport`. */
  get brokers(): readonly string[] {
    return [...this.#brokers.keys()].map((id) => formatAddress(inProcess.addressOf(id)));
  }

  get clusterId(): string {
    return this.#state.clusterId;
  }

  /** Creates a topic, as an administrator would. */
  createTopic(name: string, spec: number | TopicSpec = {}): void {
    const { configs = {}, ...rest } = typeof spec === 'number' ? { partitions: spec } : spec;
    this.#state.createTopic({ name, ...rest, configs: Object.entries(configs) });
  }

  /**
   * Sees every request of one API, or of all (`'*'`), before the broker, and decides what becomes of it: hands it on, changes the answer,
   * answers itself, drops it. The newest interceptor sees it first.
   */
  intercept<Name extends ApiName>(api: Name | '*', interceptor: Interceptor<Name>): Interception {
    return this.#interceptors.add(api, interceptor);
  }

  /** The requests that have arrived, oldest first. */
  requests<Name extends ApiName>(filter: RequestFilter<Name> = {}): LoggedRequest<Name>[] {
    return this.#requestLog.entries(filter);
  }

  /** The next request of this API. */
  nextRequest<Name extends ApiName>(
    api: Name,
    options: Omit<RequestFilter<Name>, 'api'> & { readonly signal?: AbortSignal } = {},
  ): Promise<LoggedRequest<Name>> {
    const { signal, ...filter } = options;
    return this.#requestLog.next({ ...filter, api }, signal);
  }

  /** Ends every connection. Nothing is left that would keep the process alive. */
  async close(): Promise<void> {
    for (const broker of this.#brokers.values()) {
      broker.running = false;
      broker.closeConnections();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #addBroker(id: number, rack: string | undefined): void {
    this.#state.brokers.set(id, { id, rack, alive: true });
    const broker = new Broker({
      id,
      state: this.#state,
      interceptors: this.#interceptors,
      requestLog: this.#requestLog,
      apiRanges: supportedRanges(),
      newSaslServer: () => undefined,
      onError: reportError,
      nextConnectionId: () => ++this.#connections,
    });
    this.#brokers.set(id, broker);
  }

  #doorOf({ host, port }: BrokerAddress): Door {
    const broker = [...this.#brokers.values()].find(({ id }) => inProcess.addressOf(id).host === host);
    if (broker === undefined) return { kind: 'unknown' };
    if (port !== inProcessPort || !broker.accepts) return { kind: 'refused' };
    if (broker.network.blackhole) return { kind: 'silent' };
    return { kind: 'open', accept: (wire) => broker.accept(inProcess, wire) };
  }
}

const inProcess: Listener = {
  name: 'in process',
  addressOf: (brokerId) => ({ host: `mock-${brokerId}`, port: inProcessPort }),
};

/** A fault of the mock, or of a test's interceptor, must not pass unseen. */
function reportError(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
