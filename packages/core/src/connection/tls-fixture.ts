import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions as TlsServerOptions, type TLSSocket } from 'node:tls';
import type { KafkaError } from '../errors.ts';
import type { TransportStream } from '../transport.ts';
import { StreamWitness } from './stream-witness.ts';
import { type SslOptions, tcpTransport, type TcpTransportOptions } from './tcp-transport.ts';

/** What the broker of the tests is called in its certificate. */
export const brokerNames = 'DNS:kafka.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1';

/** For tests of TLS: brokers with this certificate, and what connects to them. `close` ends all of it. */
export function tlsFixture(broker: Pick<TlsServerOptions, 'cert' | 'key'>) {
  const cleanups: (() => unknown)[] = [];
  async function close(): Promise<void> {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  }

  async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    await once(server.listen(0), 'listening');
    return (server.address() as AddressInfo).port;
  }

  const listenPlain = (onSocket: (socket: Socket) => void): Promise<number> => listen(createTcpServer(onSocket));

  const listenTls = (options: TlsServerOptions = {}, onSocket: (socket: TLSSocket) => void = () => {}): Promise<number> => {
    const server = createTlsServer({ ...broker, ...options }, (socket) => onSocket(socket.on('error', () => {})));
    return listen(server.on('tlsClientError', () => {}));
  };

  /** Every name is this machine; `host` is what the client believes. */
  async function open(
    ssl: SslOptions | boolean,
    host: string,
    port: number,
    more: TcpTransportOptions = {},
  ): Promise<{ stream: TransportStream; witness: StreamWitness }> {
    const witness = new StreamWitness();
    const transport = tcpTransport({ ssl, lookup: (_host, _options, callback) => callback(null, '127.0.0.1', 4), ...more });
    const stream = await transport.connect({ host, port }, witness, new AbortController().signal);
    cleanups.push(() => stream.destroy());
    return { stream, witness };
  }

  const failure = (...args: Parameters<typeof open>): Promise<KafkaError> =>
    open(...args).then(
      () => Promise.reject(new Error('it connected')),
      (error: KafkaError) => error,
    );

  return { cleanups, listenPlain, listenTls, open, failure, close };
}
