import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction, OnReadOpts, Socket } from 'node:net';
import { checkOptions, duration } from '../check-options.ts';
import { type Clock, systemClock } from '../clock.ts';
import { TimeoutError } from '../errors.ts';
import { timeLimit } from '../time-limit.ts';
import { type BrokerAddress, formatAddress, type Transport, type TransportEvents, type TransportStream } from '../transport.ts';
import { connectError, oneLine } from './connect-error.ts';
import { connectFirst } from './connect-first.ts';
import { resolveHost } from './resolve-host.ts';
import { SilentAddresses } from './silent-addresses.ts';
import type { SslOptions } from './ssl.ts';
import { tlsHandshake } from './tls-handshake.ts';

export type { SslOptions };

/** Options of `tcpTransport`. */
export interface TcpTransportOptions {
  /** TLS: `true`, or the options of `node:tls`. The certificate of the broker is verified. Default: no TLS. */
  readonly ssl?: SslOptions | boolean;
  /** How long DNS, connection and TLS handshake may take together. Default 10,000 ms. */
  readonly connectTimeoutMs?: number;
  /** Whether the system probes an idle connection, so that a vanished broker is noticed. Default true. */
  readonly keepAlive?: boolean;
  /** Resolves a host name. Default `dns.lookup`. */
  readonly lookup?: LookupFunction;
  /** Replaces the clock, for tests. */
  readonly clock?: Clock;
}

const handshaking = 'TLS handshake';
/** Short chunks go as one: it costs less to copy them than to have Node keep several. */
const togetherBytes = 4096;

/**
 * Reaches brokers over TCP, or TLS. Every address of a host name is tried, those that said nothing the last time behind the others, and the name
 * is resolved anew for each connection.
 *
 * `connect` rejects with SocketDisconnectedError or TimeoutError, which are retriable; and with AuthenticationError or ProtocolError,
 * which are not, when a certificate is refused (by us or by the broker) or the port does not speak TLS.
 *
 * @throws TypeError or RangeError for a wrong option, an unreadable certificate or key, a wrong passphrase.
 */
export function tcpTransport(options: TcpTransportOptions = {}): Transport {
  checkOptions('tcpTransport', options, ['ssl', 'connectTimeoutMs', 'keepAlive', 'lookup', 'clock']);
  const { keepAlive = true, lookup = dnsLookup as LookupFunction, clock = systemClock } = options;
  const connectTimeoutMs = duration('connectTimeoutMs', options.connectTimeoutMs, 10_000);
  const secure = tlsHandshake(options.ssl);
  const silent = new SilentAddresses();

  return {
    async connect(address: BrokerAddress, events: TransportEvents, signal: AbortSignal): Promise<TransportStream> {
      signal.throwIfAborted();
      const host = address.host.replace(/^\[(.*)\]$/, '$1');
      const giveUp = new AbortController();
      const abort = (): void => giveUp.abort(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      let doing = 'resolving the name';
      const giveUpLate = (): void => {
        const message = `${oneLine(formatAddress(address))}: no connection within ${connectTimeoutMs} ms (${doing})`;
        giveUp.abort(new TimeoutError(message, { retriable: true }));
      };
      const timer = timeLimit(clock, giveUpLate, connectTimeoutMs);
      let socket: Socket | undefined;
      let stream: SocketStream | undefined;
      const onread = secure === undefined ? readInto(events, (chunk) => stream?.received(chunk)) : undefined;
      try {
        const ips = silent.inOrder(await resolveHost(host, lookup, giveUp.signal), address.port);
        doing = `connecting to ${ips.join(', ')}`;
        socket = await connectFirst(ips, { port: address.port, keepAlive, clock, signal: giveUp.signal, onread });
        const { remoteAddress: ip = '' } = socket; // none, if it is gone already
        socket.once('close', () => silent.ended(ip, address.port, stream?.hasSpoken ?? false));
        if (secure !== undefined) {
          doing = handshaking;
          socket = await secure(socket, host, giveUp.signal);
        }
        giveUp.signal.throwIfAborted();
        stream = new SocketStream(address, socket, events);
        return stream;
      } catch (error) {
        socket?.destroy();
        throw giveUp.signal.aborted ? giveUp.signal.reason : connectError(address, error, doing === handshaking);
      } finally {
        timer.cancel();
        signal.removeEventListener('abort', abort);
      }
    },
  };
}

/** Has the system put bytes where whoever reads them wants them. Node can do so for plain sockets alone: TLS decrypts into memory of its own. */
function readInto({ room }: TransportEvents, received: (chunk: Buffer) => void): OnReadOpts | undefined {
  if (room === undefined) return undefined;
  const callback = (length: number, memory: Uint8Array): boolean => {
    received((memory as Buffer).subarray(0, length));
    return true;
  };
  return { buffer: room, callback };
}

/** An open socket as the connection layer sees it. */
class SocketStream implements TransportStream {
  /** Whether anything has come from the other side. */
  hasSpoken = false;
  readonly #socket: Socket;
  readonly #events: TransportEvents;
  #gone = false;
  #error: Error | undefined;

  constructor(address: BrokerAddress, socket: Socket, events: TransportEvents) {
    this.#socket = socket;
    this.#events = events;
    // Node reports from its own queues, which run when promises have settled: by then the caller holds the stream.
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('drain', () => {
      if (!this.#gone) events.drain();
    });
    socket.on('error', (error) => (this.#error = connectError(address, error)));
    // The broker's FIN ends both directions: to what we could still send, nobody would answer.
    socket.on('end', () => this.#close());
    socket.on('close', () => this.#close());
  }

  received(chunk: Buffer): void {
    this.hasSpoken = true;
    if (!this.#gone) this.#events.data(chunk);
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (this.#gone) return true; // `close` was reported, or the caller itself dropped the stream
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    if (bytes <= togetherBytes) {
      socket.write(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    } else {
      socket.cork(); // so that the chunks leave in one writev
      for (const chunk of chunks) socket.write(chunk);
      socket.uncork();
    }
    return !socket.writableNeedDrain;
  }

  destroy(): void {
    this.#gone = true;
    this.#socket.destroy();
  }

  #close(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    this.#events.close(this.#error);
  }
}
