import type { OffsetSpec } from '@tskafka/core';
import { duration, shown, wholeNumber } from '@tskafka/core/internal';
import type { BalancedConsumer } from './balanced-consumer.ts';
import type { ConsumerPartition, PartitionKey } from './consumer-partitions.ts';
import type { Assignor } from './group/assignors/assignor.ts';
import { type AssignorName, assignorsOf } from './group/assignors/named.ts';
import { type ConsumerOptions, type ResolvedConsumerOptions, resolveConsumerOptions } from './options.ts';
import { topicNames } from './topic-names.ts';

/** The protocol of a group: Kafka's classic one, that of KIP-848 ('consumer'), or the one that fits. */
export type GroupProtocol = 'auto' | 'classic' | 'consumer';

/** How a consumer shares partitions with its group. These are PyKafka's options in camelCase; defaults that differ are mentioned. */
export interface BalancedConsumerOptions<Value = Buffer | null, Key = Buffer | null> extends Omit<ConsumerOptions<Value, Key>, 'until'> {
  /** The group. Required. */
  readonly consumerGroup: string;
  /** The topics, if the consumer is started from a client; or a pattern for whole names, which also matches topics created later. */
  readonly topics?: readonly string[] | RegExp;
  /**
   * 'auto' (default): the protocol of KIP-848 if the cluster supports it, the group is empty or uses it already, and no option of the
   * classic protocol is set; otherwise the classic one.
   */
  readonly groupProtocol?: GroupProtocol;
  /** Classic: how the leader assigns partitions, in order of preference. Default `['range', 'cooperative-sticky']`, as in Java. PyKafka: membership_protocol. */
  readonly partitionAssignors?: readonly (AssignorName | Assignor)[];
  /** KIP-848: how the broker assigns partitions, such as 'uniform' or 'range'. Default: the broker's choice. */
  readonly serverAssignor?: string;
  /** A name that stays the same across restarts: if the member is back within its session, it keeps its partitions without a rebalance (KIP-345). */
  readonly groupInstanceId?: string;
  /** A member without heartbeats for this long is expelled. Default 45,000 ms (PyKafka: 30,000). With KIP-848, the broker decides. */
  readonly sessionTimeoutMs?: number;
  /** Classic: the interval of heartbeats. Default 3,000 ms. */
  readonly heartbeatIntervalMs?: number;
  /** How long the group waits for a member in a rebalance; onRevoked must be done by then. Default 60,000 ms. */
  readonly rebalanceTimeoutMs?: number;
  /** How long onRevoked may take before the consumer continues without it. Default: half of rebalanceTimeoutMs. */
  readonly drainTimeoutMs?: number;
  /**
   * When nobody has asked for a message for this long, the member leaves the group, so that others take over, and joins again when asked
   * (KIP-62). Checked twenty times per interval. run() and process() keep asking. Default 300,000 ms; Infinity: it never leaves.
   */
  readonly maxPollIntervalMs?: number;
  /** The rack of this consumer, sent to the group: it prefers partitions with a replica there, as long as shares stay even (KIP-881). Default: rackId. */
  readonly clientRack?: string;
  /**
   * Awaited when partitions are assigned, before any of their messages are handed out, so resetOffsets() works in it. Each partition goes by
   * onRevoked or onLost before it is assigned again. If the group rebalances meanwhile, it may take as long as onRevoked.
   */
  readonly onAssigned?: (partitions: readonly ConsumerPartition[], consumer: BalancedConsumer<Value, Key>) => unknown;
  /**
   * Awaited when partitions are revoked, while they still belong to this consumer, so commitOffsets() works in it. No more of their
   * messages are handed out. The signal is aborted when time is up: after drainTimeoutMs, or after four fifths of closeTimeoutMs when the
   * consumer ends. Do not await run(), stop() or close() of the same consumer in it: they wait for it.
   */
  readonly onRevoked?: (
    partitions: readonly ConsumerPartition[],
    consumer: BalancedConsumer<Value, Key>,
    options: { readonly signal: AbortSignal },
  ) => unknown;
  /** Awaited when partitions were lost without notice: other members own them already, and nothing can be committed for them. */
  readonly onLost?: (partitions: readonly ConsumerPartition[], consumer: BalancedConsumer<Value, Key>) => unknown;
  /**
   * Called after a rebalance with the partitions before and now. If it returns `[[partition, offset]]`, the consumer continues there, as with
   * resetOffsets. PyKafka: post_rebalance_callback.
   */
  readonly postRebalanceCallback?: (
    consumer: BalancedConsumer<Value, Key>,
    before: readonly ConsumerPartition[],
    now: readonly ConsumerPartition[],
  ) => PlacesAfterRebalance | Promise<PlacesAfterRebalance>;
}

export type PlacesAfterRebalance = Iterable<readonly [PartitionKey, OffsetSpec]> | undefined | void;

export interface ResolvedBalancedOptions {
  readonly groupProtocol: GroupProtocol;
  readonly assignors: readonly Assignor[];
  readonly serverAssignor: string | null;
  readonly groupInstanceId: string | null;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly maxPollIntervalMs: number;
  readonly rackId: string | null;
}

const ownOptions = [
  'topics',
  'groupProtocol',
  'partitionAssignors',
  'serverAssignor',
  'groupInstanceId',
  'sessionTimeoutMs',
  'heartbeatIntervalMs',
  'rebalanceTimeoutMs',
  'drainTimeoutMs',
  'maxPollIntervalMs',
  'clientRack',
  'onAssigned',
  'onRevoked',
  'onLost',
  'postRebalanceCallback',
] as const satisfies readonly (keyof BalancedConsumerOptions)[];

/** Only the classic protocol has these: who sets one means it. */
const classicOptions = ['partitionAssignors', 'sessionTimeoutMs', 'heartbeatIntervalMs'] as const;

const longest = 0x7fffffff;

/** Checks every option and fills in the defaults. Throws TypeError or RangeError with the option's name. */
export function resolveBalancedOptions<Value, Key>(
  options: BalancedConsumerOptions<Value, Key>,
): { reading: ResolvedConsumerOptions<Value, Key>; balanced: ResolvedBalancedOptions } {
  const reading = resolveConsumerOptions('BalancedConsumer', options, ownOptions);
  if ('until' in options) throw new TypeError("BalancedConsumer has no option 'until': its partitions change while it runs");
  if (reading.consumerGroup === undefined) throw new TypeError('a BalancedConsumer needs a consumerGroup to share partitions with');
  for (const name of ['onAssigned', 'onRevoked', 'onLost', 'postRebalanceCallback'] as const) {
    const hook: unknown = options[name];
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`${name} must be a function, not ${typeof hook}`);
  }
  const groupProtocol = protocolOf(options);
  const sessionTimeoutMs = wholeNumber('sessionTimeoutMs', options.sessionTimeoutMs ?? 45_000, 1, longest);
  const heartbeatIntervalMs = wholeNumber('heartbeatIntervalMs', options.heartbeatIntervalMs ?? 3000, 1, longest);
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    throw new RangeError(`heartbeatIntervalMs (${heartbeatIntervalMs}) must be less than sessionTimeoutMs (${sessionTimeoutMs})`);
  }
  const rebalanceTimeoutMs = wholeNumber('rebalanceTimeoutMs', options.rebalanceTimeoutMs ?? 60_000, 1, longest);
  const balanced = {
    groupProtocol,
    assignors: assignorsOf(options.partitionAssignors ?? ['range', 'cooperative-sticky']),
    serverAssignor: nameOf('serverAssignor', options.serverAssignor),
    groupInstanceId: nameOf('groupInstanceId', options.groupInstanceId),
    sessionTimeoutMs,
    heartbeatIntervalMs,
    rebalanceTimeoutMs,
    drainTimeoutMs: duration('drainTimeoutMs', options.drainTimeoutMs, rebalanceTimeoutMs / 2),
    maxPollIntervalMs: duration('maxPollIntervalMs', options.maxPollIntervalMs, 300_000),
    rackId: nameOf('clientRack', options.clientRack ?? (reading.rackId || undefined)),
  };
  return { reading, balanced };
}

/** The topics that are meant. Throws TypeError when it is not clear. */
export function topicsToShare(only: string | undefined, topics: readonly string[] | RegExp | undefined): readonly string[] | RegExp {
  if (only !== undefined) {
    if (topics === undefined) return [only];
    throw new TypeError(`topics is for consumers that are started from a client, not from '${only}'`);
  }
  if (topics === undefined) throw new TypeError('a consumer that is started from a client needs topics');
  return checkTopics(topics);
}

export function checkTopics(topics: readonly string[] | RegExp): readonly string[] | RegExp {
  if (topics instanceof RegExp) {
    const strange = topics.flags.replace(/[uv]/g, '');
    if (strange === '') return topics;
    throw new TypeError(`topics: the only flags that a RegExp may have are u and v, and this one has '${strange}'`);
  }
  return topicNames(topics, ' or a RegExp,').sort();
}

function protocolOf(
  options: Omit<BalancedConsumerOptions, 'deserializer' | 'onAssigned' | 'onRevoked' | 'onLost' | 'postRebalanceCallback'>,
): GroupProtocol {
  const { groupProtocol = 'auto' } = options;
  if (!['auto', 'classic', 'consumer'].includes(groupProtocol)) {
    throw new TypeError(`groupProtocol must be 'auto', 'classic' or 'consumer', not ${shown(groupProtocol)}`);
  }
  const classic = classicOptions.find((name) => options[name] !== undefined);
  if (groupProtocol === 'consumer' && classic !== undefined)
    throw new TypeError(`${classic} is only for the classic protocol: with groupProtocol 'consumer' the broker decides it`);
  if (groupProtocol === 'classic' && options.serverAssignor !== undefined) {
    throw new TypeError("serverAssignor is only for groupProtocol 'consumer': set partitionAssignors for the classic protocol");
  }
  return groupProtocol === 'auto' && classic !== undefined ? 'classic' : groupProtocol;
}

function nameOf(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name} must be a non-empty string, not ${shown(value)}`);
}
