import { type Clock, type Random, systemClock } from './clock.ts';
import type { BackoffOptions } from './cluster/backoff.ts';
import { resolveSasl, type SaslOptions } from './connection/sasl/options.ts';
import type { SaslMechanism } from './connection/sasl/mechanism.ts';
import { tcpTransport, type SslOptions } from './connection/tcp-transport.ts';
import { channels, publish } from './diagnostics.ts';
import { checkOptions, duration, wholeNumber } from './check-options.ts';
import type { BrokerAddress, Transport } from './transport.ts';

/** A log in pino's shape: fields first, then the message. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How a client reaches its cluster. Only `brokers` is required. kafkajs' forms of brokers, ssl and sasl are accepted too. */
export interface ClientOptions {
  /** Some addresses of the cluster, as `'a:9092,b:9092'` or a list. They lead to the other brokers. PyKafka: hosts. */
  readonly brokers: string | readonly string[];
  /** The name of this client in the logs and quotas of brokers. Default `tskafka`. */
  readonly clientId?: string;
  /** TLS: `true`, or the options of `node:tls` (ca, cert, key, ...). The certificate of the broker is verified. Default: no TLS. */
  readonly ssl?: SslOptions | boolean;
  /** The login. Default: none. */
  readonly sasl?: SaslOptions;
  /** Receives warnings and errors; a pino logger fits. Default: silent. */
  readonly logger?: Logger;
  /** How long a request waits for its answer before its connection is closed. Default 30,000 ms. PyKafka: socket_timeout_ms. */
  readonly requestTimeoutMs?: number;
  /** How long DNS, connection, TLS and login may take together. Default 10,000 ms. */
  readonly connectionSetupTimeoutMs?: number;
  /** When no broker has been reachable for this long, pending calls reject with NoBrokersAvailableError. Default 30,000 ms. */
  readonly unavailableTimeoutMs?: number;
  /** How long to look for a topic that seems not to exist, since it may just have been created. Default 5,000 ms. */
  readonly topicTimeoutMs?: number;
  /** How long a call without its own time limit may take, with all its retries. Default 60,000 ms. */
  readonly apiTimeoutMs?: number;
  /** The age at which metadata is refreshed. Default 300,000 ms. */
  readonly metadataMaxAgeMs?: number;
  /** How long a connection may be idle before it is closed. Default 540,000 ms. */
  readonly connectionsMaxIdleMs?: number;
  /** The first pause before a retry; each further one is twice as long. Default 100 ms. */
  readonly retryBackoffMs?: number;
  /** The longest pause before a retry. Default 1,000 ms, or a quarter of unavailableTimeoutMs if that is less. */
  readonly retryBackoffMaxMs?: number;
  /** The first pause before reconnecting; each further one is twice as long. Default 50 ms. */
  readonly reconnectBackoffMs?: number;
  /** The longest pause before reconnecting. Default 1,000 ms, or a quarter of unavailableTimeoutMs if that is less. */
  readonly reconnectBackoffMaxMs?: number;
  /** How many requests may wait for their answers on one connection. Default 5. */
  readonly maxInFlightRequests?: number;
  /** The longest response that is accepted. Default 100 MiB. */
  readonly maxFrameBytes?: number;
  /** How bytes reach brokers. Default: TCP or TLS. Your own transport handles `ssl` itself. */
  readonly transport?: Transport;
  /** Replaces the clock and the timers, for tests. Default: those of the machine. */
  readonly clock?: Clock;
  /** Replaces `Math.random`, for tests. */
  readonly random?: Random;
}

export interface ResolvedClientOptions {
  readonly brokers: readonly BrokerAddress[];
  readonly clientId: string;
  readonly sasl: SaslMechanism | undefined;
  readonly logger: Logger;
  readonly requestTimeoutMs: number;
  /** How long a broker may be told to hold a request back: requestTimeoutMs, or the most that a request can say. */
  readonly longestHoldMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly unavailableTimeoutMs: number;
  readonly topicTimeoutMs: number;
  readonly apiTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly retryBackoff: BackoffOptions;
  readonly reconnectBackoff: BackoffOptions;
  readonly maxInFlight: number;
  readonly maxFrameBytes: number;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

const knownOptions = [
  'brokers',
  'clientId',
  'ssl',
  'sasl',
  'logger',
  'requestTimeoutMs',
  'connectionSetupTimeoutMs',
  'unavailableTimeoutMs',
  'topicTimeoutMs',
  'apiTimeoutMs',
  'metadataMaxAgeMs',
  'connectionsMaxIdleMs',
  'retryBackoffMs',
  'retryBackoffMaxMs',
  'reconnectBackoffMs',
  'reconnectBackoffMaxMs',
  'maxInFlightRequests',
  'maxFrameBytes',
  'transport',
  'clock',
  'random',
] as const satisfies readonly (keyof ClientOptions)[];

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveClientOptions(options: ClientOptions): ResolvedClientOptions {
  checkOptions('KafkaClient', options, knownOptions);
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silent;
  const requestTimeoutMs = duration('requestTimeoutMs', options.requestTimeoutMs, 30_000);
  const unavailableTimeoutMs = duration('unavailableTimeoutMs', options.unavailableTimeoutMs, 30_000);
  // A call that may last so long must see a few attempts, also one that begins in an outage.
  const longestPauseMs = Math.min(1000, unavailableTimeoutMs / 4);
  const connectionSetupTimeoutMs = duration('connectionSetupTimeoutMs', options.connectionSetupTimeoutMs, 10_000);
  const sasl = options.sasl === undefined ? undefined : resolveSasl(options.sasl);
  const ssl = options.ssl === true ? {} : options.ssl || undefined;
  if (sasl !== undefined && ssl === undefined && options.transport === undefined) {
    const message = `SASL ${sasl.name} without TLS: anyone on the network can see the login; set ssl`;
    logger.warn({}, message);
    publish(channels.warning, () => ({ message }));
  }
  return {
    brokers: parseBrokers(options.brokers),
    clientId: clientIdOf(options.clientId),
    sasl,
    logger,
    requestTimeoutMs,
    longestHoldMs: Math.min(requestTimeoutMs, 0x7fffffff),
    connectionSetupTimeoutMs,
    unavailableTimeoutMs,
    topicTimeoutMs: duration('topicTimeoutMs', options.topicTimeoutMs, 5_000),
    apiTimeoutMs: duration('apiTimeoutMs', options.apiTimeoutMs, 60_000),
    metadataMaxAgeMs: duration('metadataMaxAgeMs', options.metadataMaxAgeMs, 300_000),
    connectionsMaxIdleMs: duration('connectionsMaxIdleMs', options.connectionsMaxIdleMs, 540_000),
    retryBackoff: backoff('retryBackoff', options.retryBackoffMs, 100, options.retryBackoffMaxMs ?? longestPauseMs),
    reconnectBackoff: backoff('reconnectBackoff', options.reconnectBackoffMs, 50, options.reconnectBackoffMaxMs ?? longestPauseMs),
    maxInFlight: wholeNumber('maxInFlightRequests', options.maxInFlightRequests ?? 5, 1, 1_000_000),
    maxFrameBytes: wholeNumber('maxFrameBytes', options.maxFrameBytes ?? 100 * 1024 * 1024, 1024, 0x7fffffff),
    transport: options.transport ?? tcpTransport({ ssl, connectTimeoutMs: connectionSetupTimeoutMs, clock }),
    clock,
    random: options.random ?? Math.random,
  };
}

function backoff(name: string, firstMs: number | undefined, fallbackMs: number, maxMs: number): BackoffOptions {
  duration(`${name}MaxMs`, maxMs, 0);
  const initialMs = duration(`${name}Ms`, firstMs, Math.min(fallbackMs, maxMs));
  if (initialMs > maxMs) throw new RangeError(`${name}Ms (${initialMs}) must not be above ${name}MaxMs (${maxMs})`);
  return { initialMs, maxMs };
}

function clientIdOf(clientId: unknown = 'tskafka'): string {
  if (typeof clientId !== 'string') throw new TypeError(`clientId must be a string, not ${typeof clientId}`);
  return clientId;
}

/** `host:port` entries, separated by commas or in a list. An IPv6 host stands in brackets. */
export function parseBrokers(brokers: string | readonly string[]): BrokerAddress[] {
  if (typeof brokers !== 'string' && !Array.isArray(brokers)) {
    throw new TypeError(
      `brokers must be 'host:port,host:port' or a list of 'host:port', not ${brokers === null ? 'null' : typeof brokers}`,
    );
  }
  const entries = typeof brokers === 'string' ? brokers.split(',') : brokers;
  const addresses = entries.map((entry) => parseAddress(String(entry).trim())).filter((address) => address !== undefined);
  if (addresses.length === 0) throw new TypeError(`brokers contains no address: ${JSON.stringify(brokers)}`);
  return addresses;
}

function parseAddress(entry: string): BrokerAddress | undefined {
  if (entry === '') return undefined;
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(entry);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535) {
    throw new TypeError(`'${entry}' is not the address of a broker: use 'host:port', such as 'localhost:9092' or '[::1]:9092'`);
  }
  return { host: (match[1] ?? match[2])!, port };
}
