import {
  type BrokerAddress,
  formatAddress,
  SocketDisconnectedError,
  type Transport,
  type TransportEvents,
  type TransportStream,
} from '@tskafka/core/protocol';
import type { BrokerConnection, Wire } from './connection.ts';
import { soon } from '../soon.ts';

/** What a client finds at an address within this process. */
export type Endpoint =
  | { readonly kind: 'open'; accept(wire: Wire): BrokerConnection }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unknown' };

/** Reaches the mock's brokers without a port: bytes go from hand to hand, in order, always copied. */
export class MemoryTransport implements Transport {
  readonly #find: (address: BrokerAddress) => Endpoint;

  constructor(find: (address: BrokerAddress) => Endpoint) {
    this.#find = find;
  }

  connect(address: BrokerAddress, events: TransportEvents, signal: AbortSignal): Promise<TransportStream> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const endpoint = this.#find(address);
      switch (endpoint.kind) {
        case 'unknown':
          return soon(() => reject(failure(address, 'the host name is unknown', 'ENOTFOUND')));
        case 'refused':
          return soon(() => reject(failure(address, 'nothing listens there', 'ECONNREFUSED')));
        case 'silent':
          return signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        case 'open':
          return resolve(new MemoryStream(address, events, endpoint));
      }
    });
  }
}

/** The client's end of a connection. */
class MemoryStream implements TransportStream, Wire {
  readonly #address: BrokerAddress;
  readonly #events: TransportEvents;
  readonly #connection: BrokerConnection;
  #gone = false;

  constructor(address: BrokerAddress, events: TransportEvents, endpoint: Extract<Endpoint, { kind: 'open' }>) {
    this.#address = address;
    this.#events = events;
    this.#connection = endpoint.accept(this);
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#gone) return true;
    // Copied: the client may use its buffers again as soon as this returns.
    const bytes = Buffer.concat(chunks);
    soon(() => this.#connection.receive(bytes));
    return true;
  }

  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    // Behind what was written before, which still arrives.
    soon(() => this.#connection.peerClosed());
  }

  send(bytes: Buffer): void {
    soon(() => {
      if (!this.#gone) this.#events.data(bytes);
    });
  }

  end(): void {
    this.close();
  }

  close(): void {
    soon(() => this.#close());
  }

  reset(): void {
    soon(() => this.#close(failure(this.#address, 'the other side reset the connection', 'ECONNRESET')));
  }

  #close(error?: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#connection.peerClosed();
    this.#events.close(error);
  }
}

function failure(address: BrokerAddress, reason: string, code: string): SocketDisconnectedError {
  const cause = Object.assign(new Error(`${code} ${formatAddress(address)}`), { code });
  return new SocketDisconnectedError(`${formatAddress(address)}: ${reason} (${code})`, { cause, retriable: true });
}
