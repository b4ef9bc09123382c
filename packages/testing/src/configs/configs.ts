import { brokerConfigs } from './broker-configs.ts';
import { topicConfigs } from './topic-configs.ts';

/** Where the value of a configuration comes from, by Kafka's numbers. */
export const configSource = { topic: 1, dynamicBroker: 2, dynamicDefaultBroker: 3, staticBroker: 4, default: 5 } as const;

/** The configuration that all brokers of the cluster share. */
export class BrokerConfigs {
  readonly #set: ReadonlyMap<string, string>;

  constructor(set: Readonly<Record<string, string>>) {
    for (const name of Object.keys(set)) {
      if (!brokerConfigs.has(name)) throw new TypeError(`'${name}' is not a broker configuration that the mock knows`);
    }
    this.#set = new Map(Object.entries(set));
  }

  /** null when it is not set and has no default. */
  value(name: string): string | null {
    return this.#set.get(name) ?? brokerConfigs.get(name)?.default ?? null;
  }

  /** By what it was set: KRaft keeps this one for the whole cluster, where eligible leader replicas are on (KIP-966). */
  sourceOf(name: string): number {
    if (name === 'min.insync.replicas') return configSource.dynamicDefaultBroker;
    return this.isSet(name) ? configSource.staticBroker : configSource.default;
  }

  isSet(name: string): boolean {
    return this.#set.has(name);
  }

  number(name: string): number {
    return Number(this.value(name));
  }

  boolean(name: string): boolean {
    return this.value(name) === 'true';
  }
}

/** What holds for a topic: its own value, else the broker's, else Kafka's default. */
export function topicConfig(name: string, own: ReadonlyMap<string, string>, broker: BrokerConfigs): string {
  const { brokerConfig, default: otherwise } = topicConfigs.get(name)!;
  return own.get(name) ?? (brokerConfig === undefined ? null : broker.value(brokerConfig)) ?? otherwise;
}

/** The source of what topicConfig gives. */
export function topicConfigSource(name: string, own: ReadonlyMap<string, string>, broker: BrokerConfigs): number {
  if (own.has(name)) return configSource.topic;
  const { brokerConfig } = topicConfigs.get(name)!;
  return brokerConfig === undefined ? configSource.default : broker.sourceOf(brokerConfig);
}

/** A topic's configuration as a number; the largest long becomes Infinity. */
export function topicConfigNumber(name: string, own: ReadonlyMap<string, string>, broker: BrokerConfigs): number {
  const value = topicConfig(name, own, broker);
  return value === '9223372036854775807' ? Infinity : Number(value);
}
