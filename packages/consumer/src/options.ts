import type { Isolation, OffsetSpec, PartitionInfo, TopicPartition } from '@tskafka/core';
import { checkOptions, duration, type Place, placeOf, shown, wholeNumber } from '@tskafka/core/internal';
import { type Deserialize, type Deserializer, deserializing } from './deserializer.ts';
import type { Unparsable } from './unparsable.ts';

/** How a consumer reads. PyKafka's options in camelCase; where our default is another, the text says so. */
export interface ConsumerOptions<Value = Buffer | null, Key = Buffer | null> {
  /** The group to commit for, and whose commits say where to start. Default: none, and nothing is committed. */
  readonly consumerGroup?: string;
  /**
   * Where to start without a commit, and where to go on when an offset is out of range: 'earliest' (default), 'latest', an offset,
   * `{ timestamp }`, `{ last }`. 'none': an error instead.
   */
  readonly autoOffsetReset?: OffsetSpec | 'none';
  /** Start at autoOffsetReset even where the group has a commit. A rebalance resets nothing that was read. Default false. */
  readonly resetOffsetOnStart?: boolean;
  /**
   * Where to end, as seen at the start: `for await` ends and consume() gives undefined when every partition has come there.
   * The record at this place is not read any more. Default: never.
   */
  readonly until?: OffsetSpec;
  /** Commit every autoCommitIntervalMs, and at stop() and close(), what consume() or iteration has handed out. Default false. */
  readonly autoCommitEnable?: boolean;
  /** Default 60,000 ms. */
  readonly autoCommitIntervalMs?: number;
  /** Without a message for so long consume() gives undefined and `for await` ends. 0 does not wait. Default -1: wait for ever. */
  readonly consumerTimeoutMs?: number;
  /** A partition with so many messages in the queue is not fetched. Default: no bound but those in bytes (PyKafka: 2000). */
  readonly queuedMaxMessages?: number;
  /**
   * The most bytes in the queue, over all partitions. What waits does so as it came, and counts for what it became once it is decompressed,
   * of which there is one batch at least. Default 50 MiB.
   */
  readonly queuedMaxBytes?: number;
  /** A broker answers as soon as it has so many bytes. Default 1. */
  readonly fetchMinBytes?: number;
  /** How long a broker may wait for fetchMinBytes. Default 500 ms (PyKafka: 100). */
  readonly fetchWaitMaxMs?: number;
  /** The most bytes of a partition in one answer; a larger batch comes all the same, alone. Default 1 MiB. */
  readonly fetchMessageMaxBytes?: number;
  /** The most bytes in one answer. Default 50 MiB. */
  readonly fetchMaxBytes?: number;
  /** Where this consumer runs, as brokers name their racks: a follower in the same rack is read from, if brokers say so (KIP-392). Default: none. */
  readonly rackId?: string;
  /** 'read_committed' (default) shows no record of a transaction that is open or was aborted. */
  readonly isolation?: Isolation;
  /**
   * What messages carry instead of Buffers: `{ key, value }`, a function of bytes for either, or `(value, key) => [value, key]`; each may give a
   * promise. They see null too. Default: none. PyKafka: deserializer.
   */
  readonly deserializer?: Deserializer<Value, Key>;
  /**
   * When the deserializer throws or rejects: 'fail' (default), the reader is told, and the message is next again; 'skip', it is logged,
   * published on `tskafka:consumer:error` and passed over; `{ sink, topic }`, so too, once its bytes are in a topic of dead letters.
   */
  readonly unparsable?: Unparsable;
  /** Accepted for PyKafka's sake: gaps between offsets never stall a consumer here. */
  readonly compactedTopic?: boolean;
  /** Compare every batch with its checksum. Default true. */
  readonly checkCrcs?: boolean;
  /** A batch that becomes more when it is decompressed is refused. Default 128 MiB. */
  readonly maxDecompressedBytes?: number;
  /** Give every key and value memory of its own. Default false: a message that is kept keeps its record batch in memory. */
  readonly copyValues?: boolean;
  /** The most that close() and stop() take: for handlers that have begun, the last automatic commit and the goodbye to the group. Default 5,000 ms. */
  readonly closeTimeoutMs?: number;
}

/** What a consumer of fixed partitions has on top. */
export interface SimpleConsumerOptions<Value = Buffer | null, Key = Buffer | null> extends ConsumerOptions<Value, Key> {
  /** The topics, when the consumer is started from a client. */
  readonly topics?: readonly string[];
  /** The partitions to read. Default: all there are at the start. */
  readonly partitions?: Iterable<number | PartitionInfo | TopicPartition>;
}

export interface ResolvedConsumerOptions<Value, Key> {
  readonly consumerGroup: string | undefined;
  readonly autoOffsetReset: Place | 'none';
  readonly resetOffsetOnStart: boolean;
  readonly until: Place | undefined;
  readonly autoCommitEnable: boolean;
  readonly autoCommitIntervalMs: number;
  readonly consumerTimeoutMs: number;
  readonly queuedMaxMessages: number;
  readonly queuedMaxBytes: number;
  readonly fetchMinBytes: number;
  readonly fetchWaitMaxMs: number;
  readonly fetchMessageMaxBytes: number;
  readonly fetchMaxBytes: number;
  readonly rackId: string;
  readonly isolation: Isolation;
  readonly deserializer: Deserialize<Value, Key> | undefined;
  readonly unparsable: Unparsable;
  readonly checkCrcs: boolean;
  readonly maxDecompressedBytes: number | undefined;
  readonly copyValues: boolean;
  readonly closeTimeoutMs: number;
}

const knownOptions = [
  'consumerGroup',
  'autoOffsetReset',
  'resetOffsetOnStart',
  'until',
  'autoCommitEnable',
  'autoCommitIntervalMs',
  'consumerTimeoutMs',
  'queuedMaxMessages',
  'queuedMaxBytes',
  'fetchMinBytes',
  'fetchWaitMaxMs',
  'fetchMessageMaxBytes',
  'fetchMaxBytes',
  'rackId',
  'isolation',
  'deserializer',
  'unparsable',
  'compactedTopic',
  'checkCrcs',
  'maxDecompressedBytes',
  'copyValues',
  'closeTimeoutMs',
] as const satisfies readonly (keyof ConsumerOptions)[];

const mebibyte = 1024 * 1024;
const largest = 0x7fffffff;

/** Checks every option and fills in the defaults. `of` is the class whose options they are, `more` the names that only it has. */
export function resolveConsumerOptions<Value, Key>(
  of: string,
  options: ConsumerOptions<Value, Key>,
  more: readonly string[] = [],
): ResolvedConsumerOptions<Value, Key> {
  checkOptions(of, options, [...knownOptions, ...more]);
  const consumerGroup = groupOf(options.consumerGroup);
  const autoCommitEnable = flag('autoCommitEnable', options.autoCommitEnable, false);
  if (autoCommitEnable && consumerGroup === undefined) throw new TypeError('autoCommitEnable needs a consumerGroup to commit for');
  flag('compactedTopic', options.compactedTopic, false);
  const bytes = (name: keyof ConsumerOptions, value: number) => wholeNumber(name, value, 1, largest);
  const { maxDecompressedBytes } = options;
  return {
    consumerGroup,
    autoOffsetReset: options.autoOffsetReset === 'none' ? 'none' : placeOf(options.autoOffsetReset ?? 'earliest', 'autoOffsetReset'),
    resetOffsetOnStart: flag('resetOffsetOnStart', options.resetOffsetOnStart, false),
    until: options.until === undefined ? undefined : placeOf(options.until, 'until'),
    autoCommitEnable,
    autoCommitIntervalMs: duration('autoCommitIntervalMs', options.autoCommitIntervalMs, 60_000),
    consumerTimeoutMs: timeoutOf(options.consumerTimeoutMs),
    queuedMaxMessages: options.queuedMaxMessages === undefined ? Infinity : bytes('queuedMaxMessages', options.queuedMaxMessages),
    queuedMaxBytes: bytes('queuedMaxBytes', options.queuedMaxBytes ?? 50 * mebibyte),
    fetchMinBytes: wholeNumber('fetchMinBytes', options.fetchMinBytes ?? 1, 0, largest),
    fetchWaitMaxMs: wholeNumber('fetchWaitMaxMs', options.fetchWaitMaxMs ?? 500, 0, largest),
    fetchMessageMaxBytes: bytes('fetchMessageMaxBytes', options.fetchMessageMaxBytes ?? mebibyte),
    fetchMaxBytes: bytes('fetchMaxBytes', options.fetchMaxBytes ?? 50 * mebibyte),
    rackId: rackOf(options.rackId),
    isolation: isolationOf(options.isolation),
    deserializer: deserializing(options.deserializer),
    unparsable: unparsableOf(options.unparsable),
    checkCrcs: flag('checkCrcs', options.checkCrcs, true),
    maxDecompressedBytes: maxDecompressedBytes === undefined ? undefined : bytes('maxDecompressedBytes', maxDecompressedBytes),
    copyValues: flag('copyValues', options.copyValues, false),
    closeTimeoutMs: duration('closeTimeoutMs', options.closeTimeoutMs, 5_000),
  };
}

function groupOf(group: unknown): string | undefined {
  if (group === undefined || (typeof group === 'string' && group !== '')) return group;
  throw new TypeError(`consumerGroup must be a non-empty string, not ${shown(group)}`);
}

function rackOf(rackId: unknown = ''): string {
  if (typeof rackId === 'string') return rackId;
  throw new TypeError(`rackId must be a string, not ${shown(rackId)}`);
}

function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, not ${shown(value)}`);
  return value;
}

/** Milliseconds; Infinity stands for PyKafka's -1. */
function timeoutOf(value: unknown = -1): number {
  if (value === -1) return Infinity;
  if (typeof value === 'number' && value >= 0) return value;
  throw new RangeError(`consumerTimeoutMs must be milliseconds of at least 0, or -1 to wait forever, not ${shown(value)}`);
}

function isolationOf(isolation: unknown = 'read_committed'): Isolation {
  if (isolation === 'read_committed' || isolation === 'read_uncommitted') return isolation;
  throw new TypeError(`isolation must be 'read_committed' or 'read_uncommitted', not ${shown(isolation)}`);
}

function unparsableOf(policy: Unparsable = 'fail'): Unparsable {
  if (policy === 'fail' || policy === 'skip') return policy;
  if (typeof policy === 'object' && typeof policy?.sink?.send === 'function' && typeof policy.topic === 'string') return policy;
  throw new TypeError(
    "unparsable must be 'fail', 'skip' or { sink, topic }: something with send(), such as a producer, and a topic's name",
  );
}
