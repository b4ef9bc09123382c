import { checkApi, checkNumber } from './checks.ts';
import type { ApiName } from './api-name.ts';
import type { Broker } from './broker/broker.ts';
import { type AsyncStoppable, type Stoppable, stoppable } from './stoppable.ts';
import { narrowRanges } from './broker/versions.ts';

/** Opens and closes the ports of a broker. */
export interface BrokerPorts {
  close(id: number): Promise<void>;
  open(id: number): Promise<void>;
}

/** A connection of a client, as the broker sees it. */
export interface ConnectedClient {
  /** The number of the connection in the cluster, from 1 on. */
  readonly id: number;
  /** `in process`, `plain` or `tls`. */
  readonly listener: string;
  /** The principal, such as `User:alice`; `User:ANONYMOUS` without a login. */
  readonly principal: string;
}

/** A broker of the mock, for a test to inspect and break. */
export class MockBroker {
  readonly #broker: Broker;
  readonly #ports: BrokerPorts;

  constructor(broker: Broker, ports: BrokerPorts) {
    this.#broker = broker;
    this.#ports = ports;
  }

  get id(): number {
    return this.#broker.id;
  }

  get rack(): string | undefined {
    return this.#broker.state.brokers.get(this.id)?.rack;
  }

  /** Whether it accepts connections: it is up, and does not refuse them. */
  get accepts(): boolean {
    return this.#broker.accepts;
  }

  /** Whether nothing gets through to it, without an error. */
  get isBlackhole(): boolean {
    return this.#broker.network.blackhole;
  }

  /** The clients that are connected now, and their listeners. */
  get connections(): readonly ConnectedClient[] {
    return [...this.#broker.connections].map(({ id, listenerName, principal }) => ({ id, listener: listenerName, principal }));
  }

  /** The number of open connections. */
  get connectionCount(): number {
    return this.#broker.connections.size;
  }

  /**
   * Kills the broker: its connections break, new ones are refused, and other leaders are chosen at once. With `failover: false`, the
   * cluster has not noticed yet, and metadata still lists it.
   */
  async down({ failover = true }: { readonly failover?: boolean } = {}): Promise<void> {
    this.#broker.running = false;
    if (failover) this.#broker.state.brokerFailed(this.id);
    this.#broker.resetConnections();
    await this.#ports.close(this.id);
  }

  /** Restarts the broker at its old addresses, with everything that it had. */
  async up(): Promise<void> {
    await this.#ports.open(this.id);
    this.#broker.fetchSessions.clear();
    this.#broker.running = true;
    this.#broker.state.brokerReturned(this.id);
  }

  /** Shuts it down cleanly: leaders and coordinators move first, then it closes its connections. */
  async shutDown(): Promise<void> {
    this.#broker.state.brokerFailed(this.id);
    this.#broker.running = false;
    this.#broker.closeConnections();
    await this.#ports.close(this.id);
  }

  /** Refuses new connections. Open ones stay open. */
  async refuse(): Promise<AsyncStoppable> {
    this.#broker.network.refuse = true;
    await this.#ports.close(this.id);
    const stop = async (): Promise<void> => {
      this.#broker.network.refuse = false;
      if (this.#broker.running) await this.#ports.open(this.id);
    };
    return { stop, [Symbol.asyncDispose]: stop };
  }

  /** Breaks the open connections (RST). */
  dropConnections(): void {
    this.#broker.resetConnections();
  }

  /** Closes the open connections (FIN), as a broker does with idle ones. */
  closeConnections(): void {
    this.#broker.closeConnections();
  }

  /** Half-closes each open connection: it sends nothing more, and keeps reading. */
  halfClose(): void {
    for (const connection of this.#broker.connections) connection.halfClose();
  }

  /** Silently drops everything in both directions, on old connections and on new ones. */
  blackhole(): Stoppable {
    this.#broker.network.blackhole = true;
    return stoppable(() => (this.#broker.network.blackhole = false));
  }

  /** Delivers answers in pieces of `bytes`. */
  slice(bytes: number): Stoppable {
    checkNumber('the size of a piece', bytes, 1);
    this.#broker.network.sliceBytes = bytes;
    return stoppable(() => (this.#broker.network.sliceBytes = 0));
  }

  /** Delays a request and its answer by `ms` in total, plus up to `jitterMs` at random. */
  rtt(ms: number, { jitterMs = 0 }: { readonly jitterMs?: number } = {}): Stoppable {
    checkNumber('a round trip in milliseconds', ms);
    checkNumber('jitterMs', jitterMs);
    const { rttMs: msBefore, jitterMs: jitterBefore } = this.#broker.network;
    Object.assign(this.#broker.network, { rttMs: ms, jitterMs });
    return stoppable(() => Object.assign(this.#broker.network, { rttMs: msBefore, jitterMs: jitterBefore }));
  }

  /** Freezes the metadata of this broker: it keeps describing the cluster as it is now. */
  staleMetadata(): Stoppable {
    this.#broker.freezeMetadata(true);
    return stoppable(() => this.#broker.freezeMetadata(false));
  }

  /** Offers only these versions of these APIs, or with `null` not the API at all. Others stay unchanged. */
  apiVersions(ranges: Partial<Record<ApiName, readonly [min: number, max: number] | null>>): Stoppable {
    for (const name of Object.keys(ranges)) checkApi(name);
    const before = this.#broker.apiRanges;
    this.#broker.apiRanges = narrowRanges(before, ranges);
    return stoppable(() => (this.#broker.apiRanges = before));
  }
}
