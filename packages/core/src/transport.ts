/** How bytes reach a broker: TCP, TLS, or memory. The connection layer uses nothing else to reach the outside. */

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** What an open stream reports. After `close` nothing more is reported. */
export interface TransportEvents {
  data(chunk: Buffer): void;
  /** Memory for the next chunk, which saves a copy. Chunks in other memory are fine too. */
  room?(): Buffer;
  /** The stream accepts bytes again, after `write` returned false. */
  drain(): void;
  /** The stream has ended: the peer closed it, or `error` broke it. */
  close(error?: Error): void;
}

export interface TransportStream {
  /**
   * Sends the chunks in order. False means: wait for `drain` before the next write.
   *
   * The chunks stay unchanged until the peer's answer has been reported, but not longer: copy them if you need them for longer.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Drops the connection at once, without reporting `close`. */
  destroy(): void;
}

export interface Transport {
  /** Opens a stream, or rejects with the reason. An aborted signal ends the attempt. */
  connect(address: BrokerAddress, events: TransportEvents, signal: AbortSignal): Promise<TransportStream>;
}

/** `host:port` for a person to read; an IPv6 host stands in brackets. */
export function formatAddress({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
