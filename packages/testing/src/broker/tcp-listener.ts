import { hostname } from 'node:os';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, TLSSocket } from 'node:tls';
import type { BrokerAddress } from '@tskafka/core/protocol';
import type { Broker } from './broker.ts';
import type { BrokerConnection, Listener, Wire } from './connection.ts';
import type { SaslOptions } from '../sasl/sasl-options.ts';
import type { SaslServer } from '../sasl/sasl-server.ts';
import { certificatePrincipal } from '../security/certificate-principal.ts';
import { settled } from '../soon.ts';

export interface ListenOptions {
  /** Node's own TLS options, such as `{ key, cert }`. Default: no TLS. */
  readonly tls?: TlsOptions;
  /** Who may connect here, and how. Default: as the cluster's own `sasl`; `false`: everybody, without a login. */
  readonly sasl?: SaslOptions | false;
  /** The port of the first broker; the next ones follow. Default: any that is free. */
  readonly port?: number;
  /**
   * The address to listen at, which clients are told. `0.0.0.0` or `::` is every address of the machine, by whose name clients are told to come;
   * whoever reaches it may use the cluster. Default 127.0.0.1.
   */
  readonly host?: string;
}

const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** One port for each broker, on the loopback interface where nothing else is said. */
export class TcpListener implements Listener {
  readonly name: string;
  readonly newSaslServer: () => SaslServer | undefined;
  readonly #options: ListenOptions;
  readonly #host: string;
  readonly #ports = new Map<number, number>();
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Map<number, Set<Socket>>();

  constructor(options: ListenOptions, newSaslServer: () => SaslServer | undefined) {
    this.#options = options;
    this.#host = options.host ?? '127.0.0.1';
    this.newSaslServer = newSaslServer;
    this.name = options.tls === undefined ? 'plain' : 'tls';
  }

  addressOf(brokerId: number): BrokerAddress {
    return { host: everyAddress.has(this.#host) ? hostname() : this.#host, port: this.#ports.get(brokerId) ?? 0 };
  }

  /** Listens for one more broker, or for one that did before, at its old port. */
  async open(broker: Broker): Promise<void> {
    if (this.#servers.has(broker.id)) return;
    const accept = (socket: Socket): void => this.#accept(broker, socket);
    // Half open: a client's FIN does not end what we still have to say.
    const options = { allowHalfOpen: true, noDelay: true };
    const { tls } = this.#options;
    const server = tls === undefined ? createTcpServer(options, accept) : createTlsServer({ ...options, ...tls }, accept);
    this.#servers.set(broker.id, server);
    server.on('connection', (socket: Socket) => this.#track(broker.id, socket));
    // A client that fails its handshake is not the server's trouble.
    server.on('tlsClientError', () => {});
    const base = this.#options.port;
    const port = this.#ports.get(broker.id) ?? (base === undefined ? 0 : base + this.#ports.size);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.#host, resolve);
    });
    this.#ports.set(broker.id, (server.address() as AddressInfo).port);
  }

  /** Stops listening for one broker. Its connections stay. */
  async stop(brokerId: number): Promise<void> {
    const server = this.#servers.get(brokerId);
    if (server === undefined) return;
    this.#servers.delete(brokerId);
    server.close();
    // Closed for new connections at once; the callback of close() would wait for the old ones.
    await settled();
  }

  /** Closes every port and every socket. */
  async close(): Promise<void> {
    const closed = [...this.#servers.values()].map((server) => new Promise((resolve) => server.close(resolve)));
    this.#servers.clear();
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Ends what has not become a connection yet, such as a half-finished TLS handshake. */
  destroySockets(brokerId: number): void {
    for (const socket of this.#sockets.get(brokerId) ?? []) socket.destroy();
  }

  #track(brokerId: number, socket: Socket): void {
    let sockets = this.#sockets.get(brokerId);
    if (sockets === undefined) this.#sockets.set(brokerId, (sockets = new Set()));
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // its close follows
  }

  #accept(broker: Broker, socket: Socket): void {
    socket.on('error', () => {}); // its close follows
    if (!broker.accepts) return void socket.destroy();
    const connection = broker.accept(this, new SocketWire(socket));
    socket.on('data', (chunk: Buffer) => connection.receive(chunk));
    const gone = (): void => forget(connection, socket);
    socket.on('end', gone);
    socket.on('close', gone);
  }
}

function forget(connection: BrokerConnection, socket: Socket): void {
  connection.peerClosed();
  if (!socket.destroyed) socket.end();
}

class SocketWire implements Wire {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get principal(): string | undefined {
    return this.#socket instanceof TLSSocket ? certificatePrincipal(this.#socket) : undefined;
  }

  send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroySoon();
  }

  reset(): void {
    // A TLS socket has no handle of its own to reset. And Node fails to reset one that it is ending (EINVAL), never closes it then, and spins for ever
    // when the process is to end.
    if ('encrypted' in this.#socket || this.#socket.writableEnded) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }
}
