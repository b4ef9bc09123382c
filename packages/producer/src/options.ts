import type { MessageBytes } from '@tskafka/core';
import { type Compression, compressions } from '@tskafka/core/protocol';
import { checkOptions, duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { DeliveryReport } from './delivery-reports.ts';
import type { ProducerInterceptor } from './interceptors.ts';
import { murmur2Partitioner, type Partitioner } from './partitioner.ts';
import { type Serialize, type Serializer, serializing } from './serializer.ts';

/** How a producer sends. Everything has a default. */
export interface ProducerOptions<Value = MessageBytes, Key = MessageBytes> {
  /** Who must have stored a record before it counts as sent: `all` in-sync replicas (-1), the leader (1), or nobody (0). Default `all`. PyKafka: required_acks. */
  readonly acks?: 'all' | -1 | 0 | 1;
  /** Makes retries keep the order and never duplicate a message (KIP-98). Requires `acks: 'all'`. Default: true with `acks: 'all'`. */
  readonly idempotent?: boolean;
  /** How long a batch waits for more messages, in milliseconds. With 0, the default, messages are batched only while a request is on its way. A full buffer does not wait. Less than `deliveryTimeoutMs`. PyKafka: linger_ms. */
  readonly lingerMs?: number;
  /** The size of a batch before compression. Default 256 KiB. */
  readonly batchBytes?: number;
  /** The most bytes of undelivered messages, including overhead. Default 32 MiB. PyKafka: max_queued_messages. */
  readonly maxBufferedBytes?: number;
  /** The largest size of a request, and so of a single message. Default 1 MiB. PyKafka: max_request_size. */
  readonly maxRequestBytes?: number;
  /** How long a send may wait for buffer room, for the topic's metadata, and for the serializer. Default 60,000 ms. */
  readonly maxBlockMs?: number;
  /** Whether a send waits while the buffer is full. If false, it rejects with ProducerQueueFullError. Default true. PyKafka: block_on_queue_full. */
  readonly blockOnQueueFull?: boolean;
  /** How long delivering a message may take, with all retries. Default 120,000 ms. */
  readonly deliveryTimeoutMs?: number;
  /** How long `stop` and `close` wait for undelivered messages. Default 5,000 ms. PyKafka: pending_timeout_ms. */
  readonly closeTimeoutMs?: number;
  /** A codec, or a codec and its level: gzip 1 to 9, lz4 1 to 17, zstd -131,072 to 22 (KIP-390). Default `none`. */
  readonly compression?: Compression | { readonly codec: Compression; readonly level?: number };
  /** Compression by topic. Other topics use `compression`. */
  readonly topicCompression?: Readonly<Record<string, NonNullable<ProducerOptions['compression']>>>;
  /** Chooses the partition of a message without one. Default: murmur2Partitioner, the same as Java's. */
  readonly partitioner?: Partitioner;
  /**
   * The id under which this producer writes in transactions; keep it across restarts. `producer.transaction()` begins a transaction, and a newer
   * producer with the same id fences this one. Requires `idempotent`. Default: none, and no transactions. Java: transactional.id.
   */
  readonly transactionalId?: string;
  /** How long a transaction may be open before its coordinator aborts it. Default 60,000 ms. Java: transaction.timeout.ms. */
  readonly transactionTimeoutMs?: number;
  /**
   * Turns keys and values into bytes: a function or a Standard Schema for either, or one function for both. Default: none, they are strings or
   * bytes. While it awaits promises, messages keep the order of their topic, and count towards `maxBufferedBytes`. PyKafka: serializer.
   */
  readonly serializer?: Serializer<Value, Key>;
  /** See each message before it is sent, and its result, in this order. Default: none. Java: interceptor.classes. */
  readonly interceptors?: readonly ProducerInterceptor<Value, Key>[];
  /** Called with the result of each message of `produce`, for all messages of a batch in one go. PyKafka: delivery_reports. */
  readonly onDelivery?: (report: DeliveryReport<Value, Key>) => void;
}

/** A codec, and its level where one is given. */
export interface Codec {
  readonly compression: Compression;
  readonly compressionLevel: number | undefined;
}

export interface ResolvedProducerOptions extends Codec {
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  readonly lingerMs: number;
  readonly batchBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxRequestBytes: number;
  readonly maxBlockMs: number;
  readonly blockOnQueueFull: boolean;
  readonly deliveryTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly topicCodecs: ReadonlyMap<string, Codec>;
  readonly partitioner: Partitioner;
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
}

/** What knows the types of keys and values. */
export interface ResolvedTypedOptions<Value, Key> {
  readonly serialize: Serialize<Value, Key> | undefined;
  readonly interceptors: readonly ProducerInterceptor<Value, Key>[];
  readonly onDelivery: ((report: DeliveryReport<Value, Key>) => void) | undefined;
}

const knownOptions = [
  'acks',
  'idempotent',
  'lingerMs',
  'batchBytes',
  'maxBufferedBytes',
  'maxRequestBytes',
  'maxBlockMs',
  'blockOnQueueFull',
  'deliveryTimeoutMs',
  'closeTimeoutMs',
  'compression',
  'topicCompression',
  'partitioner',
  'transactionalId',
  'transactionTimeoutMs',
  'serializer',
  'interceptors',
  'onDelivery',
] as const satisfies readonly (keyof ProducerOptions)[];

const mebibyte = 1024 * 1024;

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveProducerOptions<Value = MessageBytes, Key = MessageBytes>(
  options: ProducerOptions<Value, Key> = {},
): ResolvedProducerOptions & ResolvedTypedOptions<Value, Key> {
  checkOptions('Producer', options, knownOptions);
  const acks = acksOf(options.acks);
  const idempotent = flag('idempotent', options.idempotent, acks === -1);
  if (idempotent && acks !== -1) throw new TypeError(`idempotent needs acks 'all', not ${acks}`);
  const deliveryTimeoutMs = duration('deliveryTimeoutMs', options.deliveryTimeoutMs, 120_000);
  const partitioner = options.partitioner ?? murmur2Partitioner;
  if (typeof partitioner !== 'function') throw new TypeError(`partitioner must be a function, not ${typeof partitioner}`);
  const { onDelivery } = options;
  if (onDelivery !== undefined && typeof onDelivery !== 'function') {
    throw new TypeError(`onDelivery must be a function, not ${typeof onDelivery}`);
  }
  const maxRequestBytes = wholeNumber('maxRequestBytes', options.maxRequestBytes ?? mebibyte, 1, 2 ** 30);
  return {
    acks,
    idempotent,
    lingerMs: lingerMsOf(options.lingerMs, deliveryTimeoutMs),
    batchBytes: Math.min(wholeNumber('batchBytes', options.batchBytes ?? 256 * 1024, 1, 2 ** 30), maxRequestBytes),
    maxBufferedBytes: wholeNumber('maxBufferedBytes', options.maxBufferedBytes ?? 32 * mebibyte, 1, Number.MAX_SAFE_INTEGER),
    maxRequestBytes,
    maxBlockMs: duration('maxBlockMs', options.maxBlockMs, 60_000),
    blockOnQueueFull: flag('blockOnQueueFull', options.blockOnQueueFull, true),
    deliveryTimeoutMs,
    closeTimeoutMs: duration('closeTimeoutMs', options.closeTimeoutMs, 5_000),
    ...codecOf(options.compression),
    topicCodecs: topicCodecsOf(options.topicCompression),
    partitioner,
    transactionalId: transactionalIdOf(options.transactionalId, idempotent),
    transactionTimeoutMs: wholeNumber('transactionTimeoutMs', options.transactionTimeoutMs ?? 60_000, 1, 2 ** 31 - 1),
    serialize: options.serializer === undefined ? undefined : serializing(options.serializer),
    interceptors: interceptorsOf(options.interceptors),
    onDelivery,
  };
}

function interceptorsOf<Value, Key>(
  interceptors: readonly ProducerInterceptor<Value, Key>[] = [],
): readonly ProducerInterceptor<Value, Key>[] {
  if (!Array.isArray(interceptors)) throw new TypeError(`interceptors must be a list, not ${typeof interceptors}`);
  for (const interceptor of interceptors as readonly unknown[]) {
    if (typeof interceptor !== 'object' || interceptor === null)
      throw new TypeError(`an interceptor must be an object, not ${String(interceptor)}`);
    for (const hook of ['onSend', 'onAcknowledgement']) {
      const given = (interceptor as Record<string, unknown>)[hook];
      if (given !== undefined && typeof given !== 'function')
        throw new TypeError(`an interceptor's ${hook} must be a function, not ${typeof given}`);
    }
  }
  return [...interceptors];
}

function acksOf(acks: ProducerOptions['acks'] = 'all'): -1 | 0 | 1 {
  if (acks === 'all') return -1;
  if (acks === -1 || acks === 0 || acks === 1) return acks;
  throw new RangeError(`acks must be 'all', -1, 0 or 1, not ${shown(acks)}`);
}

function lingerMsOf(lingerMs: number = 0, deliveryTimeoutMs: number): number {
  if (typeof lingerMs !== 'number' || !(lingerMs >= 0)) {
    throw new RangeError(`lingerMs must be a number of milliseconds of at least 0, not ${shown(lingerMs)}`);
  }
  if (lingerMs >= deliveryTimeoutMs) {
    throw new RangeError(`lingerMs (${lingerMs}) must be less than deliveryTimeoutMs (${deliveryTimeoutMs}), or what lingers is given up`);
  }
  return lingerMs;
}

function transactionalIdOf(id: string | undefined, idempotent: boolean): string | null {
  if (id === undefined) return null;
  if (typeof id !== 'string' || id === '') throw new TypeError(`transactionalId must be a non-empty string, not ${shown(id)}`);
  if (!idempotent) throw new TypeError('transactionalId needs an idempotent producer');
  return id;
}

function flag(name: string, value: boolean | undefined, fallback: boolean): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, not ${String(value)}`);
  return value ?? fallback;
}

function topicCodecsOf(topicCompression: ProducerOptions['topicCompression'] = {}): ReadonlyMap<string, Codec> {
  if (typeof topicCompression !== 'object' || topicCompression === null) {
    throw new TypeError(`topicCompression must be an object with a compression for each topic, not ${String(topicCompression)}`);
  }
  return new Map(Object.entries(topicCompression).map(([topic, compression]) => [topic, codecOf(compression)]));
}

function codecOf(compression: ProducerOptions['compression'] = 'none'): Codec {
  const isPair = typeof compression === 'object' && compression !== null;
  if (isPair) checkOptions('compression', compression, ['codec', 'level']);
  const { codec, level } = isPair ? compression : { codec: compression, level: undefined };
  if (!compressions.includes(codec)) throw new RangeError(`compression must be one of ${compressions.join(', ')}, not ${shown(codec)}`);
  if (level !== undefined) checkLevel(codec, level);
  return { compression: codec, compressionLevel: level };
}

/** Codecs with levels: the lowest and the highest. Java has the same. */
const levels: Partial<Record<Compression, readonly [lowest: number, highest: number]>> = {
  gzip: [1, 9],
  lz4: [1, 17],
  zstd: [-(2 ** 17), 22],
};

function checkLevel(codec: Compression, level: number): void {
  const range = levels[codec];
  if (range === undefined) throw new TypeError(`compression '${codec}' has no levels, but ${level} was given`);
  const [lowest, highest] = range;
  if (!Number.isInteger(level) || level < lowest || level > highest) {
    throw new RangeError(`the level of ${codec} must be a whole number from ${lowest} to ${highest}, not ${shown(level)}`);
  }
}
