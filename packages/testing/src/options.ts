import { type Clock, type Random, systemClock } from '@tskafka/core/protocol';
import { checkNames, checkNumber } from './checks.ts';
import { type KafkaRelease, newestRelease, parseRelease } from './broker/kafka-releases.ts';
import { Authorizer, type AuthorizerOptions } from './security/authorizer.ts';
import { type Realism, resolveRealism } from './realism.ts';
import type { SaslOptions } from './sasl/sasl-options.ts';

/** A broker of the cluster to start. */
export interface BrokerSpec {
  readonly id: number;
  readonly rack?: string;
}

/** A topic that exists from the start. */
export interface TopicSpec {
  /** The number of partitions. Default 1. */
  readonly partitions?: number;
  /** The number of replicas. Default: three, or the number of brokers if that is less. */
  readonly replicationFactor?: number;
  /** Kafka's topic configurations, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string>>;
}

export interface MockClusterOptions {
  /** The number of brokers (ids 1, 2, …), or a list of them. Default 3. */
  readonly brokers?: number | readonly BrokerSpec[];
  /** The racks of the brokers, in order. */
  readonly racks?: readonly string[];
  /** Topics by name, with their number of partitions or a full spec. */
  readonly topics?: Readonly<Record<string, number | TopicSpec>>;
  /** Broker configurations by Kafka's names, such as `{ 'num.partitions': '2' }`. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Whether a metadata request from a client creates a missing topic. Default true, as in Kafka. */
  readonly autoCreateTopics?: boolean;
  /** The Kafka release whose API versions the brokers offer, from 2.1 on. Default: 4.3. */
  readonly kafkaVersion?: string;
  /**
   * Whether clients may push their own metrics (KIP-714), which are then in `pushedMetrics`. Default false, as for a broker without a
   * metrics plugin; clients that see the feature start asking for it.
   */
  readonly telemetry?: boolean;
  /** Requires every client to log in. Default: no login. */
  readonly sasl?: SaslOptions;
  /** Access control lists. Default: none, so everybody may do everything. With `true`, nobody may do anything without an entry. */
  readonly authorizer?: boolean | AuthorizerOptions;
  /**
   * Delays of a real cluster: the spread of a new topic, the start of a coordinator, the network. `true`: a little of each. Default: none,
   * which is fast, but never makes a client retry.
   */
  readonly realism?: boolean | Realism;
  /** Replaces the clock and the timers, for example with a VirtualClock. Default: those of the machine. */
  readonly clock?: Clock;
  /** Replaces `Math.random`. */
  readonly random?: Random;
  /** The id of the cluster. Default: a random one. */
  readonly clusterId?: string;
  /** How many of the newest requests are kept for inspection, up to 64 MiB. Default 10,000. */
  readonly requestLogSize?: number;
}

export interface ResolvedOptions {
  readonly brokers: readonly BrokerSpec[];
  readonly topics: ReadonlyMap<string, TopicSpec>;
  readonly configs: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly clusterId: string | undefined;
  readonly sasl: SaslOptions | undefined;
  readonly authorizer: Authorizer | undefined;
  readonly release: KafkaRelease;
  readonly requestLogSize: number;
  readonly telemetry: boolean;
  readonly realism: Required<Realism>;
}

const known = [
  'brokers',
  'racks',
  'topics',
  'configs',
  'autoCreateTopics',
  'clock',
  'random',
  'sasl',
  'authorizer',
  'kafkaVersion',
  'clusterId',
  'requestLogSize',
  'telemetry',
  'realism',
];

export function resolveOptions(options: MockClusterOptions): ResolvedOptions {
  checkNames('MockCluster', options, known);
  const { requestLogSize = 10_000 } = options;
  checkNumber('requestLogSize', requestLogSize);
  const brokers = brokerSpecs(options);
  const topics = Object.entries(options.topics ?? {}).map(
    ([name, spec]) => [name, typeof spec === 'number' ? { partitions: spec } : spec] as const,
  );
  return {
    brokers,
    topics: new Map(topics),
    configs: {
      // Kafka's three seconds are for the members of a deployment to arrive; a test has none to spare.
      'group.initial.rebalance.delay.ms': '0',
      'default.replication.factor': String(Math.min(3, brokers.length)),
      ...(options.autoCreateTopics !== undefined && { 'auto.create.topics.enable': String(options.autoCreateTopics) }),
      ...options.configs,
    },
    clock: options.clock ?? systemClock,
    // eslint-disable-next-line no-restricted-properties -- the default of what is injected
    random: options.random ?? Math.random,
    clusterId: options.clusterId,
    sasl: options.sasl,
    authorizer: options.authorizer ? new Authorizer(options.authorizer === true ? {} : options.authorizer) : undefined,
    release: parseRelease(options.kafkaVersion ?? newestRelease),
    requestLogSize,
    telemetry: options.telemetry ?? false,
    realism: resolveRealism(options.realism),
  };
}

function brokerSpecs({ brokers = 3, racks = [] }: MockClusterOptions): readonly BrokerSpec[] {
  const specs = typeof brokers === 'number' ? Array.from({ length: brokers }, (_, i): BrokerSpec => ({ id: i + 1 })) : brokers;
  if (!Number.isInteger(specs.length) || specs.length < 1)
    throw new RangeError(`a cluster needs at least one broker, not ${String(brokers)}`);
  const ids = specs.map(({ id }) => id);
  const wrong = ids.find((id, i) => !Number.isInteger(id) || id < 0 || ids.indexOf(id) !== i);
  if (wrong !== undefined) throw new RangeError(`broker ids must be distinct whole numbers of at least 0, not ${wrong}`);
  return specs.map((spec, i) => ({ ...(racks[i] !== undefined && { rack: racks[i] }), ...spec }));
}
