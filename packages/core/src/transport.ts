/** How bytes reach a broker: TCP, TLS, or memory. The connection layer knows no other way to the outside. */

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** What an open stream reports. After `close` nothing more is reported. */
export interface TransportEvents {
  data(chunk: Buffer): void;
  /** Where the next chunk may be put before it is reported, which saves a copy of it. Any other memory will do too. */
  room?(): Buffer;
  /** The stream takes bytes again, after `write` returned false. */
  drain(): void;
  /** The stream is gone: the peer ended it, or `error` broke it. */
  close(error?: Error): void;
}

export interface TransportStream {
  /**
   * Sends the chunks as they are, in order. False: wait for `drain` before the next write.
   *
   * They stay as they are until the peer's answer to them has been reported, and may be other bytes after that: whoever needs them longer copies.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Drops the connection at once. `close` is not reported for it. */
  destroy(): void;
}

export interface Transport {
  /** Opens a stream, or rejects with the reason. An aborted signal gives up the attempt. */
  connect(address: BrokerAddress, events: TransportEvents, signal: AbortSignal): Promise<TransportStream>;
}

/** `host:port` for a person to read; an IPv6 host stands in brackets. */
export function formatAddress({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
