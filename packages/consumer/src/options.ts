import type { Isolation, OffsetSpec, PartitionInfo, TopicPartition } from '@tskafka/core';
import { checkOptions, duration, type Place, placeOf, shown, wholeNumber } from '@tskafka/core/internal';
import { type Deserialize, type Deserializer, deserializing } from './deserializer.ts';
import type { Unparsable } from './unparsable.ts';

/** How a consumer reads. These are PyKafka's options in camelCase; defaults that differ are mentioned. */
export interface ConsumerOptions<Value = Buffer | null, Key = Buffer | null> {
  /** The group whose commits decide where to start, and to commit for. Default: none, and nothing is committed. */
  readonly consumerGroup?: string;
  /**
   * Where to start without a commit, and where to continue when an offset is out of range: 'earliest' (default), 'latest', an offset,
   * `{ timestamp }` or `{ last }`; 'none' is an error instead.
   */
  readonly autoOffsetReset?: OffsetSpec | 'none';
  /** Start at autoOffsetReset even where the group has a commit. A rebalance resets nothing that was read. Default false. */
  readonly resetOffsetOnStart?: boolean;
  /**
   * Where to end, resolved at the start: when every partition has reached it, `for await` ends and consume() returns undefined.
   * The record at this position is not read. Default: never.
   */
  readonly until?: OffsetSpec;
  /** Commit what consume() or iteration has handed out, every autoCommitIntervalMs and at stop() and close(). Default false. */
  readonly autoCommitEnable?: boolean;
  /** The interval of automatic commits. Default 60,000 ms. */
  readonly autoCommitIntervalMs?: number;
  /** After this long without a message, consume() returns undefined and `for await` ends. 0 does not wait. Default -1: wait forever. */
  readonly consumerTimeoutMs?: number;
  /** A partition with this many messages in the queue is not fetched. Default: no limit, only those in bytes (PyKafka: 2000). */
  readonly queuedMaxMessages?: number;
  /**
   * The most bytes in the queue, for all partitions together. Batches wait compressed; a decompressed one counts with its larger size, and
   * there may always be one. Default 50 MiB.
   */
  readonly queuedMaxBytes?: number;
  /** A broker answers as soon as it has this many bytes. Default 1. */
  readonly fetchMinBytes?: number;
  /** How long a broker may wait for fetchMinBytes. Default 500 ms (PyKafka: 100). */
  readonly fetchWaitMaxMs?: number;
  /** The most bytes of a partition in one answer; a larger batch still arrives, alone. Default 1 MiB. */
  readonly fetchMessageMaxBytes?: number;
  /** The most bytes in one answer. Default 50 MiB. */
  readonly fetchMaxBytes?: number;
  /** The rack of this consumer, as brokers name it: it reads from a follower in the same rack if the brokers allow it (KIP-392). Default: none. */
  readonly rackId?: string;
  /** 'read_committed' (default) hides the records of open and aborted transactions. */
  readonly isolation?: Isolation;
  /**
   * Turns bytes into what messages carry: `{ key, value }`, with a function for either, or `(value, key) => [value, key]`. Each may return a
   * promise, and is called for null too. Default: none, messages carry Buffers. PyKafka: deserializer.
   */
  readonly deserializer?: Deserializer<Value, Key>;
  /**
   * What happens when the deserializer throws or rejects. 'fail' (default): the reader gets the error, and the message is next again. 'skip': it
   * is logged, published on `tskafka:consumer:error`, and skipped. `{ sink, topic }`: the same, after its bytes are in a dead-letter topic.
   */
  readonly unparsable?: Unparsable;
  /** Accepted for compatibility with PyKafka, without effect: gaps between offsets never stall this consumer. */
  readonly compactedTopic?: boolean;
  /** Verify the checksum of every batch. Default true. */
  readonly checkCrcs?: boolean;
  /** The largest size of a decompressed batch; a larger one is an error. Default 128 MiB. */
  readonly maxDecompressedBytes?: number;
  /** Copy every key and value. Default false: a message that you keep also keeps its record batch in memory. */
  readonly copyValues?: boolean;
  /** The longest that close() and stop() take: for running handlers, the last commit, and leaving the group. Default 5,000 ms. */
  readonly closeTimeoutMs?: number;
}

/** Additional options of a consumer of fixed partitions. */
export interface SimpleConsumerOptions<Value = Buffer | null, Key = Buffer | null> extends ConsumerOptions<Value, Key> {
  /** The topics, if the consumer is started from a client. */
  readonly topics?: readonly string[];
  /** The partitions to read. Default: all that exist at the start. */
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
