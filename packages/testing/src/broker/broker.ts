import { BrokerConnection, loopback, type Listener, type Wire } from './connection.ts';
import type { ClusterState } from '../cluster-state.ts';
import { FetchSessionCache } from '../fetch/fetch-session-cache.ts';
import type { Interceptors } from './interceptors.ts';
import { frozenMetadata, liveMetadata, type MetadataView } from './metadata-view.ts';
import { type NetworkFaults, noFaults } from './network.ts';
import { connectionThrottleMs } from '../quotas/connection-throttle.ts';
import { Usage } from '../quotas/usage.ts';
import type { RequestLog } from './request-log.ts';
import { soon } from '../soon.ts';
import type { ServingBroker } from './serving-broker.ts';
import type { ApiRange } from './versions.ts';

export interface BrokerOptions {
  readonly id: number;
  readonly state: ClusterState;
  readonly interceptors: Interceptors;
  readonly requestLog: RequestLog;
  readonly apiRanges: readonly ApiRange[];
  readonly nextConnectionId: () => number;
}

/** One broker: its connections, and what is wrong with it. */
export class Broker implements ServingBroker {
  readonly id: number;
  readonly state: ClusterState;
  readonly network: NetworkFaults = noFaults();
  readonly connections = new Set<BrokerConnection>();
  readonly interceptors: Interceptors;
  readonly requestLog: RequestLog;
  readonly fetchSessions: FetchSessionCache;
  readonly usage = new Usage();
  apiRanges: readonly ApiRange[];
  /** Whether it runs. One that does not refuses connections, whatever the cluster believes. */
  running = true;
  readonly #live: MetadataView;
  #frozen: MetadataView | undefined;
  readonly #nextConnectionId: () => number;

  constructor(options: BrokerOptions) {
    this.id = options.id;
    this.state = options.state;
    this.interceptors = options.interceptors;
    this.requestLog = options.requestLog;
    this.apiRanges = options.apiRanges;
    const { configs, clock, random } = options.state;
    this.fetchSessions = new FetchSessionCache(configs.number('max.incremental.fetch.session.cache.slots'), () => clock.now(), random);
    this.#live = liveMetadata(options.state, options.id);
    this.#nextConnectionId = options.nextConnectionId;
  }

  get metadata(): MetadataView {
    return this.#frozen ?? this.#live;
  }

  /** A fault of the mock, or of a test's interceptor, must not pass unseen. */
  onError(error: unknown): void {
    soon(() => {
      throw error;
    });
  }

  freezeMetadata(frozen: boolean): void {
    this.#frozen = frozen ? frozenMetadata(this.state) : undefined;
  }

  get accepts(): boolean {
    return this.running && !this.network.refuse;
  }

  accept(listener: Listener, wire: Wire): BrokerConnection {
    const connection = new BrokerConnection(this.#nextConnectionId(), this, listener, wire);
    this.connections.add(connection);
    const throttleMs = connectionThrottleMs(this.state, this.usage, loopback);
    if (throttleMs > 0) connection.turnAway(throttleMs);
    return connection;
  }

  resetConnections(): void {
    for (const connection of [...this.connections]) connection.reset();
  }

  closeConnections(): void {
    for (const connection of [...this.connections]) connection.close();
  }
}
