import type { Clock, Random } from '../clock.ts';
import { delay } from '../clock.ts';
import { Connection, type ConnectionOptions } from '../connection/connection.ts';
import { handshake } from '../connection/handshake.ts';
import type { SaslMechanism } from '../connection/sasl/mechanism.ts';
import { channels, publish } from '../diagnostics.ts';
import { ClosedError, TimeoutError } from '../errors.ts';
import { raceWithSignal } from '../signal.ts';
import { formatAddress, type Transport } from '../transport.ts';
import { version } from '../version.ts';
import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { BrokerNode } from './metadata-cache.ts';
import type { Reachability } from './reachability.ts';

/** What a connection is for. Each purpose has its own, so that a long poll never delays a heartbeat. */
export type Purpose = 'main' | 'produce' | 'coordinator' | `fetch-${number}`;

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
  #failures = 0;
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

  async #open(purpose: Purpose, dropping: AbortController): Promise<Connection> {
    const { clock, random, reconnectBackoff } = this.#options;
    if (this.#closed !== undefined) throw this.#closed;
    const waitMs = this.#nextAttemptAt - clock.now();
    if (waitMs > 0) await delay(clock, waitMs, dropping.signal);
    try {
      const connection = await this.#connect(purpose, dropping.signal);
      this.#failures = 0;
      this.#nextAttemptAt = 0;
      return connection;
    } catch (error) {
      if (dropping.signal.aborted) throw dropping.signal.reason as Error;
      this.#failures++;
      this.#nextAttemptAt = clock.now() + backoffMs(this.#failures, reconnectBackoff, random);
      this.#reachability.failed(this.node, error as Error);
      publish(channels.connectionError, () => ({ broker: this.name, address: formatAddress(this.node), error: error as Error }));
      throw error;
    }
  }

  async #connect(purpose: Purpose, dropped: AbortSignal): Promise<Connection> {
    const { clock, connectionSetupTimeoutMs } = this.#options;
    const setup = new AbortController();
    const late = (): void => {
      setup.abort(new TimeoutError(`${this.name} was not ready within ${connectionSetupTimeoutMs} ms`, { retriable: true }));
    };
    const timer = clock.setTimeout(late, connectionSetupTimeoutMs);
    const abort = (): void => setup.abort(dropped.reason);
    dropped.addEventListener('abort', abort, { once: true });
    let connection: Connection | undefined;
    let ready = false;
    try {
      connection = await Connection.open(
        this.#connectionOptions(() => {
          if (!ready) return;
          this.#connections.delete(purpose);
          this.#reachability.ended();
        }),
        setup.signal,
      );
      await handshake(connection, {
        sasl: this.#options.sasl,
        clientSoftwareName: 'tskafka',
        clientSoftwareVersion: version,
        clock,
        signal: setup.signal,
      });
      dropped.throwIfAborted();
      ready = true;
      this.#reachability.reached(this.node);
      this.#connections.set(purpose, connection);
      return connection;
    } catch (error) {
      connection?.close(error as Error);
      throw error;
    } finally {
      timer.cancel();
      dropped.removeEventListener('abort', abort);
    }
  }

  #connectionOptions(onClose: () => void): ConnectionOptions {
    const { clientId, transport, clock, requestTimeoutMs, maxInFlight, maxFrameBytes } = this.#options;
    return {
      address: this.node,
      name: this.name,
      clientId,
      transport,
      clock,
      requestTimeoutMs,
      maxInFlight,
      maxFrameBytes,
      onClose,
    };
  }
}
