import type { Clock, Random } from '../clock.ts';
import { delay } from '../clock.ts';
import { Connection, type ConnectionOptions } from '../connection/connection.ts';
import { handshake } from '../connection/handshake.ts';
import type { SaslMechanism } from '../connection/sasl/mechanism.ts';
import { channels, publish } from '../diagnostics.ts';
import { ClosedError, TimeoutError } from '../errors.ts';
import { LinkedAbort, onAbort, raceWithSignal } from '../signal.ts';
import { timeLimit } from '../time-limit.ts';
import { formatAddress, type Transport } from '../transport.ts';
import { version } from '../version.ts';
import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { BrokerNode } from './metadata-cache.ts';
import type { Reachability } from './reachability.ts';

/** What a connection is for. Each purpose has its own, so that a long poll never delays a heartbeat. */
export type Purpose = 'main' | 'produce' | 'coordinator' | `fetch-${number}` | `group-${number}`;

export interface BrokerOptions {
  readonly clientId: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly sasl: SaslMechanism | undefined;
  readonly requestTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly maxInFlight: number;
  readonly maxFrameBytes: number;
  readonly connectionsMaxIdleMs: number;
  readonly reconnectBackoff: BackoffOptions;
}

/** One broker: its connections, one per purpose, opened on demand and with a growing pause after each failure. */
export class Broker {
  /** Undefined for an address of the bootstrap list, whose broker has not told its id yet. */
  readonly node: BrokerNode | Omit<BrokerNode, 'id' | 'rack'>;
  readonly #options: BrokerOptions;
  readonly #reachability: Reachability;
  readonly #connections = new Map<Purpose, Connection>();
  readonly #opening = new Map<Purpose, { connection: Promise<Connection>; dropping: AbortController }>();
  #closed: Error | undefined;
  /** While the broker is out of reach one attempt is under way, whatever purposes wait for a connection. Never rejects. */
  #probe: Promise<void> | undefined;
  #failures = 0;
  #lastError: Error | undefined;
  #nextAttemptAt = 0;

  constructor(node: Broker['node'], options: BrokerOptions, reachability: Reachability) {
    this.node = node;
    this.#options = options;
    this.#reachability = reachability;
  }

  get name(): string {
    return 'id' in this.node ? `broker ${this.node.id} at ${formatAddress(this.node)}` : formatAddress(this.node);
  }

  get connected(): boolean {
    return this.#connections.size > 0;
  }

  /** Requests that wait on its connections. */
  get load(): number {
    let load = 0;
    for (const connection of this.#connections.values()) load += connection.load;
    return load;
  }

  /** Failures in a row to connect. */
  get failures(): number {
    return this.#failures;
  }

  /** The ready connection for a purpose: the open one, or a new one after the pause that the last failure asks for. */
  async connection(purpose: Purpose, signal?: AbortSignal): Promise<Connection> {
    const open = this.#connections.get(purpose);
    if (open !== undefined && !open.closed) return open;
    let opening = this.#opening.get(purpose);
    if (opening === undefined) {
      const dropping = new AbortController();
      const connection = this.#open(purpose, dropping).finally(() => {
        if (this.#opening.get(purpose)?.dropping === dropping) this.#opening.delete(purpose);
      });
      connection.catch(() => {}); // whoever waits gets it; when all have given up, nobody does
      opening = { connection, dropping };
      this.#opening.set(purpose, opening);
    }
    return signal === undefined ? opening.connection : raceWithSignal(opening.connection, signal);
  }

  /** Ends the connection for a purpose, also one that is still being opened. */
  disconnect(purpose: Purpose, error: Error): void {
    this.#opening.get(purpose)?.dropping.abort(error);
    this.#opening.delete(purpose);
    this.#connections.get(purpose)?.close(error);
  }

  /** Ends connections on which nothing has happened for so long. */
  closeIdle(idleMs = this.#options.connectionsMaxIdleMs): void {
    for (const connection of this.#connections.values()) {
      if (connection.load === 0 && connection.idleMs >= idleMs) connection.close();
    }
  }

  close(error: Error = new ClosedError(`${this.name}: the client is closed`)): void {
    this.#closed = error;
    for (const { dropping } of this.#opening.values()) dropping.abort(error);
    for (const connection of [...this.#connections.values()]) connection.close(error);
  }

  /** An attempt of its own while the broker is well; else one speaks for all, so that many purposes do not storm a broker that is down. */
  async #open(purpose: Purpose, dropping: AbortController): Promise<Connection> {
    while (this.#failures > 0 && this.#probe !== undefined) {
      const failures = this.#failures;
      await raceWithSignal(this.#probe, dropping.signal);
      if (this.#failures > failures) throw this.#lastError!;
    }
    const attempt = this.#attempt(purpose, dropping.signal);
    if (this.#failures > 0) {
      const done = (): void => void (this.#probe = undefined);
      this.#probe = attempt.then(done, done);
    }
    return attempt;
  }

  /** One attempt, after the pause that the last failure asks for. */
  async #attempt(purpose: Purpose, dropped: AbortSignal): Promise<Connection> {
    const { clock } = this.#options;
    if (this.#closed !== undefined) throw this.#closed;
    const failures = this.#failures;
    let connection: Connection | undefined;
    this.#reachability.trying();
    try {
      const waitMs = this.#nextAttemptAt - clock.now();
      if (waitMs > 0) await delay(clock, waitMs, dropped);
      connection = await this.#connect(dropped);
      dropped.throwIfAborted();
      connection.throwIfClosed();
      this.#reachability.reached();
      this.#failures = 0;
      this.#nextAttemptAt = 0;
      this.#connections.set(purpose, connection);
      onAbort(connection.ending, () => {
        this.#connections.delete(purpose);
        this.#reachability.ended();
      });
      return connection;
    } catch (error) {
      if (dropped.aborted) {
        connection?.close(dropped.reason as Error);
        this.#reachability.gaveUp();
        throw dropped.reason as Error;
      }
      // Attempts that began together, for as many purposes, and fail together are one failure.
      this.#failed(error as Error, failures + 1);
      throw error;
    }
  }

  #failed(error: Error, failures: number): void {
    const { clock, random, reconnectBackoff } = this.#options;
    this.#reachability.failed(this.node, error);
    publish(channels.connectionError, () => ({ broker: this.name, address: formatAddress(this.node), error }));
    this.#lastError = error;
    this.#failures = failures;
    this.#nextAttemptAt = clock.now() + backoffMs(this.#failures, reconnectBackoff, random);
  }

  /** Opens a connection and makes it ready, within connectionSetupTimeoutMs. */
  async #connect(dropped: AbortSignal): Promise<Connection> {
    const { clock, sasl, connectionSetupTimeoutMs } = this.#options;
    const setup = new LinkedAbort(dropped);
    const message = `${this.name} was not ready within ${connectionSetupTimeoutMs} ms`;
    const late = timeLimit(clock, () => setup.abort(new TimeoutError(message, { retriable: true })), connectionSetupTimeoutMs);
    let connection: Connection | undefined;
    try {
      connection = await Connection.open(this.#connectionOptions(), setup.signal);
      await handshake(connection, {
        sasl,
        clientSoftwareName: 'tskafka',
        clientSoftwareVersion: version,
        clock,
        renewalTimeoutMs: connectionSetupTimeoutMs,
        signal: setup.signal,
      });
      return connection;
    } catch (error) {
      connection?.close(error as Error);
      throw error;
    } finally {
      late.cancel();
      setup.unlink();
    }
  }

  #connectionOptions(): ConnectionOptions {
    const { clientId, transport, clock, requestTimeoutMs, maxInFlight, maxFrameBytes } = this.#options;
    return { address: this.node, name: this.name, clientId, transport, clock, requestTimeoutMs, maxInFlight, maxFrameBytes };
  }
}
