import { checkApi, checkNumber } from './checks.ts';
import type { ApiName } from './api-name.ts';
import type { Broker } from './broker/broker.ts';
import { type AsyncStoppable, type Stoppable, stoppable } from './stoppable.ts';
import { narrowRanges } from './broker/versions.ts';

/** Opens and closes the ports of one broker. */
export interface BrokerPorts {
  close(id: number): Promise<void>;
  open(id: number): Promise<void>;
}

/** A connection of a client, as the broker sees it. */
export interface ConnectedClient {
  /** Numbers the cluster's connections, from 1 on. */
  readonly id: number;
  /** `in process`, `plain` or `tls`. */
  readonly listener: string;
  /** Such as `User:alice`; `User:ANONYMOUS` for those who have not said who they are. */
  readonly principal: string;
}

/** A broker of the mock in the hand of a test. */
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

  /** Whether it takes connections: it runs, and does not refuse them. */
  get accepts(): boolean {
    return this.#broker.accepts;
  }

  /** Whether nothing gets through to it, and nobody is told. */
  get isBlackhole(): boolean {
    return this.#broker.network.blackhole;
  }

  /** Who is connected to it now, and by which listener. */
  get connections(): readonly ConnectedClient[] {
    return [...this.#broker.connections].map(({ id, listenerName, principal }) => ({ id, listener: listenerName, principal }));
  }

  /** Connections that are open to it now. */
  get connectionCount(): number {
    return this.#broker.connections.size;
  }

  /**
   * Kills the broker: its connections break, new ones are refused, and the cluster chooses other leaders at once. With `failover: false`
   * the cluster has not noticed yet, and metadata still names it.
   */
  async down({ failover = true }: { readonly failover?: boolean } = {}): Promise<void> {
    this.#broker.running = false;
    if (failover) this.#broker.state.brokerFailed(this.id);
    this.#broker.resetConnections();
    await this.#ports.close(this.id);
  }

  /** Starts the broker again, at its old addresses, with all that it had. */
  async up(): Promise<void> {
    await this.#ports.open(this.id);
    this.#broker.fetchSessions.clear();
    this.#broker.running = true;
    this.#broker.state.brokerReturned(this.id);
  }

  /** Stops it in good order: leaders and coordinators move first, then it closes its connections. */
  async shutDown(): Promise<void> {
    this.#broker.state.brokerFailed(this.id);
    this.#broker.running = false;
    this.#broker.closeConnections();
    await this.#ports.close(this.id);
  }

  /** Refuses new connections. Those that are open stay so. */
  async refuse(): Promise<AsyncStoppable> {
    this.#broker.network.refuse = true;
    await this.#ports.close(this.id);
    const stop = async (): Promise<void> => {
      this.#broker.network.refuse = false;
      if (this.#broker.running) await this.#ports.open(this.id);
    };
    return { stop, [Symbol.asyncDispose]: stop };
  }

  /** Breaks the connections that are open now (RST). */
  dropConnections(): void {
    this.#broker.resetConnections();
  }

  /** Closes the connections that are open now (FIN), as a broker does with those that were idle for long. */
  closeConnections(): void {
    this.#broker.closeConnections();
  }

  /** Says on each connection that is open now that nothing more comes, and goes on reading. */
  halfClose(): void {
    for (const connection of this.#broker.connections) connection.halfClose();
  }

  /** Lets nothing through, either way, and tells nobody: neither on old connections nor on new ones. */
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

  /** Lets a request and its answer take `ms` on the way, and up to `jitterMs` more at random. */
  rtt(ms: number, { jitterMs = 0 }: { readonly jitterMs?: number } = {}): Stoppable {
    checkNumber('a round trip in milliseconds', ms);
    checkNumber('jitterMs', jitterMs);
    const { rttMs: msBefore, jitterMs: jitterBefore } = this.#broker.network;
    Object.assign(this.#broker.network, { rttMs: ms, jitterMs });
    return stoppable(() => Object.assign(this.#broker.network, { rttMs: msBefore, jitterMs: jitterBefore }));
  }

  /** From now on this broker tells clients of the cluster as it is now, however it changes. */
  staleMetadata(): Stoppable {
    this.#broker.freezeMetadata(true);
    return stoppable(() => this.#broker.freezeMetadata(false));
  }

  /** Offers only these versions of these APIs; with `null` not the API at all. What is not named stays. */
  apiVersions(ranges: Partial<Record<ApiName, readonly [min: number, max: number] | null>>): Stoppable {
    for (const name of Object.keys(ranges)) checkApi(name);
    const before = this.#broker.apiRanges;
    this.#broker.apiRanges = narrowRanges(before, ranges);
    return stoppable(() => (this.#broker.apiRanges = before));
  }
}
