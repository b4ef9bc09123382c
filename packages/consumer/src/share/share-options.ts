import type { MessageSink, TopicPartition } from '@tskafka/core';
import { checkOptions, duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { Deserializer } from '../deserializer.ts';
import { type ConsumerOptions, resolveConsumerOptions, type ResolvedConsumerOptions } from '../options.ts';
import { topicNames } from '../topic-names.ts';
import type { Unparsable } from '../unparsable.ts';
import type { ShareLimits } from './share-requests.ts';

/** What became of acknowledgements of one partition. */
export interface Acknowledged extends TopicPartition {
  /** The offsets of their messages. */
  readonly offsets: readonly number[];
  /** Undefined where the broker took them. With an error the messages may be given to others, or to this consumer again. */
  readonly error: Error | undefined;
}

/** How a consumer takes part in a share group. Where reading starts, and how long a lock lasts, is the group's to say: its configurations begin with `share.`. */
export interface ShareConsumerOptions<Value = Buffer | null, Key = Buffer | null> extends Pick<
  ConsumerOptions<Value, Key>,
  'consumerTimeoutMs' | 'fetchMinBytes' | 'fetchMaxBytes' | 'checkCrcs' | 'maxDecompressedBytes' | 'copyValues'
> {
  /** The share group. Required. */
  readonly consumerGroup: string;
  /** The topics, when the consumer is started from a client. */
  readonly topics?: readonly string[];
  /**
   * 'implicit' (default): a message is accepted when the next one is asked for, and by commit(). 'explicit': nothing is, but by
   * acknowledge(). Java: share.acknowledgement.mode.
   */
  readonly acknowledgementMode?: 'implicit' | 'explicit';
  /** The most records that are locked by one fetch from a broker. Default 500. Java: max.poll.records. */
  readonly maxRecords?: number;
  /**
   * 'batch_optimized' (default): whole record batches are locked, which may be more than maxRecords. 'record_limit': never more, and one
   * broker is asked at a time (KIP-1206). Java: share.acquire.mode.
   */
  readonly acquireMode?: 'batch_optimized' | 'record_limit';
  /** How long a broker may wait for fetchMinBytes. Acknowledgements and close() wait for it, too. Default 300 ms. */
  readonly fetchWaitMaxMs?: number;
  /** How long an acknowledgement may wait for a fetch that takes it along; commit() does not wait. Default 500 ms. */
  readonly acknowledgeDelayMs?: number;
  /** What messages carry instead of Buffers: `{ key, value }`, or `(value, key) => [value, key]`; each may give a promise. They see null too. Default: none. */
  readonly deserializer?: Deserializer<Value, Key>;
  /**
   * When the deserializer throws or rejects: 'fail' (default), the reader is told and the message released; 'reject', it is logged, published
   * on `tskafka:consumer:error` and rejected; `{ sink, topic }`, so too, but accepted once its bytes are in a topic of dead letters.
   */
  readonly unparsable?: 'fail' | 'reject' | { readonly sink: MessageSink; readonly topic: string };
  /** Where this consumer runs, as brokers name their racks. Default: not told. */
  readonly clientRack?: string;
  /**
   * How long nobody may ask for messages before this consumer leaves its group, so that others have what it keeps; it is back when it is asked
   * again. Default 300,000 ms. Java: max.poll.interval.ms.
   */
  readonly maxPollIntervalMs?: number;
  /** The most that close() waits for handlers, for brokers and for the group. Default 5,000 ms. */
  readonly closeTimeoutMs?: number;
  /** Called with what became of acknowledgements. Java: AcknowledgementCommitCallback. */
  readonly onAcknowledged?: (acknowledged: Acknowledged) => void;
}

export interface ResolvedShareOptions<Value, Key> {
  readonly group: string;
  readonly isExplicit: boolean;
  readonly limits: ShareLimits;
  readonly acknowledgeDelayMs: number;
  readonly unparsable: Unparsable;
  readonly rackId: string | null;
  readonly maxPollIntervalMs: number;
  readonly onAcknowledged: ((acknowledged: Acknowledged) => void) | undefined;
  /** What it has in common with other consumers. */
  readonly reading: ResolvedConsumerOptions<Value, Key>;
}

const commonOptions = [
  'consumerGroup',
  'consumerTimeoutMs',
  'fetchMinBytes',
  'fetchMaxBytes',
  'deserializer',
  'checkCrcs',
  'maxDecompressedBytes',
  'copyValues',
  'closeTimeoutMs',
] as const satisfies readonly (keyof ShareConsumerOptions & keyof ConsumerOptions)[];

const ownOptions = [
  'topics',
  'acknowledgementMode',
  'maxRecords',
  'acquireMode',
  'fetchWaitMaxMs',
  'acknowledgeDelayMs',
  'unparsable',
  'clientRack',
  'maxPollIntervalMs',
  'onAcknowledged',
] as const satisfies readonly (keyof ShareConsumerOptions)[];

const largest = 0x7fffffff;

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveShareOptions<Value, Key>(options: ShareConsumerOptions<Value, Key>): ResolvedShareOptions<Value, Key> {
  checkOptions('ShareConsumer', options, [...commonOptions, ...ownOptions]);
  const { acknowledgementMode = 'implicit', acquireMode = 'batch_optimized', clientRack, onAcknowledged } = options;
  const common = Object.fromEntries(commonOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
  const unparsable = unparsableOf(options.unparsable);
  const reading = resolveConsumerOptions('ShareConsumer', { ...(common as ConsumerOptions<Value, Key>), unparsable });
  if (reading.consumerGroup === undefined) throw new TypeError('a ShareConsumer needs a consumerGroup to share messages with');
  oneOf('acknowledgementMode', acknowledgementMode, ['implicit', 'explicit']);
  oneOf('acquireMode', acquireMode, ['batch_optimized', 'record_limit']);
  if (clientRack !== undefined && (typeof clientRack !== 'string' || clientRack === ''))
    throw new TypeError(`clientRack must be a non-empty string, not ${shown(clientRack)}`);
  if (onAcknowledged !== undefined && typeof onAcknowledged !== 'function')
    throw new TypeError(`onAcknowledged must be a function, not ${typeof onAcknowledged}`);
  return {
    group: reading.consumerGroup,
    isExplicit: acknowledgementMode === 'explicit',
    limits: {
      maxWaitMs: wholeNumber('fetchWaitMaxMs', options.fetchWaitMaxMs ?? 300, 0, largest),
      minBytes: reading.fetchMinBytes,
      maxBytes: reading.fetchMaxBytes,
      maxRecords: wholeNumber('maxRecords', options.maxRecords ?? 500, 1, largest),
      acquireMode,
    },
    acknowledgeDelayMs: duration('acknowledgeDelayMs', options.acknowledgeDelayMs, 500),
    unparsable,
    rackId: clientRack ?? null,
    maxPollIntervalMs: duration('maxPollIntervalMs', options.maxPollIntervalMs, 300_000),
    onAcknowledged,
    reading,
  };
}

/** The topics of a share group are named: brokers take no pattern. */
export function checkShareTopics(topics: unknown): readonly string[] {
  if (topics instanceof RegExp) throw new TypeError('topics must be a list of names: a share group takes no pattern');
  return topicNames(topics).sort();
}

function unparsableOf(policy: ShareConsumerOptions['unparsable'] = 'fail'): Unparsable {
  if (policy === 'reject') return 'skip';
  if (policy === 'fail' || (typeof policy === 'object' && typeof policy?.sink?.send === 'function' && typeof policy.topic === 'string'))
    return policy;
  throw new TypeError(
    "unparsable must be 'fail', 'reject' or { sink, topic }: something with send(), such as a producer, and a topic's name",
  );
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  throw new TypeError(`${name} must be ${known.map((each) => `'${each}'`).join(' or ')}, not ${shown(value)}`);
}
