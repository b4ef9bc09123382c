import { channel } from 'node:diagnostics_channel';
import type { MessageBytes } from './message-sink.ts';

/** The names of all diagnostics channels, and what is published on each. Keys, values and credentials never are. */
export interface Diagnostics {
  /** A connection was opened, before its handshake. */
  'tskafka:connection:open': { broker: string; address: string };
  'tskafka:connection:close': { broker: string; address: string; reason: string };
  /** A broker could not be reached. */
  'tskafka:connection:error': { broker: string; address: string; error: Error };
  /** A broker asked for a pause (KIP-219). */
  'tskafka:throttle': { broker: string; throttleMs: number };
  /** Metadata arrived from this broker. */
  'tskafka:metadata': { broker: string; brokers: number; topics: number };
  /** The offset of a consumer was out of range, and it continues at another one. */
  'tskafka:consumer:reset': { topic: string; partition: number; from: number; to: number };
  /** The log lost records that a consumer had read. It continues at `to`, where the log differs (KIP-320). */
  'tskafka:consumer:truncation': { topic: string; partition: number; from: number; to: number };
  /** No broker has answered for a partition for this long, so the consumer reconnects. */
  'tskafka:consumer:stall': { topic: string; partition: number; stalledMs: number };
  /** A consumer has left its group, because nobody asked it for messages for this long. It joins again when asked (KIP-62). */
  'tskafka:consumer:left': { group: string; idleMs: number };
  /** A consumer cannot read a partition, or its commit failed. It keeps trying. */
  'tskafka:consumer:error': { topic?: string; partition?: number; error: Error };
  /** A message was accepted and is not yet encoded: a subscriber, such as a tracer, may add headers to the list. */
  'tskafka:producer:send': { topic: string; headers: [name: string, value: MessageBytes | null][] };
  /** A broker has answered a Produce request, or will not. */
  'tskafka:producer:request': { broker: number; batches: number; bytes: number; latencyMs: number; error?: Error };
  /** A batch was delivered. The times are from its first message to its first request, and to its acknowledgement. */
  'tskafka:producer:batch': {
    broker: number;
    topic: string;
    partition: number;
    messages: number;
    bytes: number;
    queueMs: number;
    deliveryMs: number;
  };
  /** A batch is sent again, and why. */
  'tskafka:producer:retry': { broker: number; topic: string; partition: number; messages: number; error: Error };
  /** Messages could not be delivered. */
  'tskafka:producer:error': { topic: string; partition: number; messages: number; error: Error };
  /** A login uses a connection without TLS. */
  'tskafka:warning': { message: string };
}

/** One channel with the type of what is published on it. */
export interface DiagnosticsChannel<Payload> {
  readonly name: string | symbol;
  readonly hasSubscribers: boolean;
  publish(payload: Payload): void;
}

function typed<Name extends keyof Diagnostics>(name: Name): DiagnosticsChannel<Diagnostics[Name]> {
  return channel(name) as DiagnosticsChannel<Diagnostics[Name]>;
}

export const channels = {
  connectionOpen: typed('tskafka:connection:open'),
  connectionClose: typed('tskafka:connection:close'),
  connectionError: typed('tskafka:connection:error'),
  throttle: typed('tskafka:throttle'),
  metadata: typed('tskafka:metadata'),
  consumerReset: typed('tskafka:consumer:reset'),
  consumerTruncation: typed('tskafka:consumer:truncation'),
  consumerStall: typed('tskafka:consumer:stall'),
  consumerLeft: typed('tskafka:consumer:left'),
  consumerError: typed('tskafka:consumer:error'),
  producerSend: typed('tskafka:producer:send'),
  producerRequest: typed('tskafka:producer:request'),
  producerBatch: typed('tskafka:producer:batch'),
  producerRetry: typed('tskafka:producer:retry'),
  producerError: typed('tskafka:producer:error'),
  warning: typed('tskafka:warning'),
};

/** Publishes; the payload is made only when somebody listens. */
export function publish<Payload>(to: DiagnosticsChannel<Payload>, payload: () => Payload): void {
  if (to.hasSubscribers) to.publish(payload());
}
