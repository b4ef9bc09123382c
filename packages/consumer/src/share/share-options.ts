import type { MessageSink, TopicPartition } from '@tskafka/core';
import { checkOptions, duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { Deserializer } from '../deserializer.ts';
import { type ConsumerOptions, resolveConsumerOptions, type ResolvedConsumerOptions } from '../options.ts';
import { topicNames } from '../topic-names.ts';
import type { Unparsable } from '../unparsable.ts';
import type { ShareLimits } from './share-requests.ts';

/** The result of acknowledgements of one partition. */
export interface Acknowledged extends TopicPartition {
  /** The offsets of their messages. */
  readonly offsets: readonly number[];
  /** Undefined if the broker took them. With an error, the messages may be delivered again, here or elsewhere. */
  readonly error: Error | undefined;
}

/** How a consumer takes part in a share group. The configurations of the group, which begin with `share.`, decide where reading starts and how long a lock lasts. */
export interface ShareConsumerOptions<Value = Buffer | null, Key = Buffer | null> extends Pick<
  ConsumerOptions<Value, Key>,
  'consumerTimeoutMs' | 'fetchMinBytes' | 'fetchMaxBytes' | 'checkCrcs' | 'maxDecompressedBytes' | 'copyValues'
> {
  /** The share group. Required. */
  readonly consumerGroup: string;
  /** The topics, if the consumer is started from a client. */
  readonly topics?: readonly string[];
  /**
   * 'implicit' (default): asking for the next message accepts the previous one, and so does commit(). 'explicit': only acknowledge() accepts
   * a message. Java: share.acknowledgement.mode.
   */
  readonly acknowledgementMode?: 'implicit' | 'explicit';
  /** The most records that one fetch from a broker locks. Default 500. Java: max.poll.records. */
  readonly maxRecords?: number;
  /**
   * 'batch_optimized' (default): whole record batches are locked, which may exceed maxRecords. 'record_limit': never more, from one broker at
   * a time (KIP-1206). Java: share.acquire.mode.
   */
  readonly acquireMode?: 'batch_optimized' | 'record_limit';
  /** How long a broker may wait for fetchMinBytes. Acknowledgements and close() wait for it, too. Default 300 ms. */
  readonly fetchWaitMaxMs?: number;
  /** How long an acknowledgement may wait for the next fetch; commit() does not wait. Default 500 ms. */
  readonly acknowledgeDelayMs?: number;
  /** Turns bytes into what messages carry: `{ key, value }`, or `(value, key) => [value, key]`. Each may return a promise, and is called for null too. Default: none, messages carry Buffers. */
  readonly deserializer?: Deserializer<Value, Key>;
  /**
   * What happens when the deserializer throws or rejects. 'fail' (default): the reader gets the error, and the message is released. 'reject': it
   * is logged, published on `tskafka:consumer:error`, and rejected. `{ sink, topic }`: logged and published, and accepted once its bytes are in a
   * dead-letter topic.
   */
  readonly unparsable?: 'fail' | 'reject' | { readonly sink: MessageSink; readonly topic: string };
  /** The rack of this consumer, as brokers name it. Default: not sent. */
  readonly clientRack?: string;
  /**
   * When nobody has asked for a message for this long, this consumer leaves its group, so that others get what it holds, and joins again when
   * asked. Default 300,000 ms. Java: max.poll.interval.ms.
   */
  readonly maxPollIntervalMs?: number;
  /** The longest that close() waits for handlers, brokers and the group. Default 5,000 ms. */
  readonly closeTimeoutMs?: number;
  /** Called with the results of acknowledgements. Java: AcknowledgementCommitCallback. */
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
  /** Options that it shares with other consumers. */
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
  if (topics instanceof RegExp) throw new TypeError('topics must be a list of names: share groups do not support patterns');
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
