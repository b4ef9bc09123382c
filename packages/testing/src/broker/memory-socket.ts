import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type BrokerAddress, formatAddress } from '@tskafka/core/protocol';
import { soon } from '../soon.ts';
import type { BrokerConnection, Wire } from './connection.ts';
import type { Endpoint } from './memory-transport.ts';

/**
 * A connection to a broker of the mock in the shape of a socket, for clients that let their caller make the socket, as kafkajs does.
 *
 * It is a stream without a port below it. What a socket has beyond a stream is there and does nothing, so that no client stumbles.
 */
export class MemorySocket extends Duplex {
  #connection: BrokerConnection | undefined;

  /** Connects to the endpoint, and calls `onConnect` if it is open. */
  constructor(address: BrokerAddress, endpoint: Endpoint, onConnect: (connection: BrokerConnection) => void) {
    super();
    if (endpoint.kind === 'unknown') soon(() => this.destroy(failure('ENOTFOUND', address)));
    if (endpoint.kind === 'refused') soon(() => this.destroy(failure('ECONNREFUSED', address)));
    if (endpoint.kind !== 'open') return;
    const connection = endpoint.accept(this.#wire(address));
    this.#connection = connection;
    soon(() => {
      if (!this.destroyed) onConnect(connection);
    });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // Copied: the client may use its buffer again.
    const bytes = Buffer.from(chunk);
    soon(() => this.#connection?.receive(bytes));
    done();
  }

  override _read(): void {
    // What arrives is pushed: it is in memory anyhow.
  }

  /** The client has ended its side. The mock ends the other one at once, so that nothing happens after a test is over. */
  override _final(done: () => void): void {
    this.push(null);
    this.#leave();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#leave();
    done(error);
  }

  destroySoon(): void {
    this.end();
    this.destroy();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  /** For types that ask for a socket of Node's. */
  asSocket(): Socket {
    return this as unknown as Socket;
  }

  #leave(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    // Behind what was written before, which still arrives.
    if (connection !== undefined) soon(() => connection.peerClosed());
  }

  #wire(address: BrokerAddress): Wire {
    const later = (act: () => void): void =>
      soon(() => {
        if (!this.destroyed && this.#connection !== undefined) act();
      });
    return {
      send: (bytes) => later(() => this.push(bytes)),
      end: () => later(() => this.push(null)),
      close: () => later(() => this.push(null)),
      reset: () => later(() => this.destroy(failure('ECONNRESET', address))),
    };
  }
}

function failure(code: 'ENOTFOUND' | 'ECONNREFUSED' | 'ECONNRESET', address: BrokerAddress): Error {
  const call = code === 'ECONNRESET' ? 'read' : code === 'ENOTFOUND' ? 'getaddrinfo' : 'connect';
  return Object.assign(new Error(`${call} ${code} ${formatAddress(address)}`), { code, syscall: call, address: address.host });
}
