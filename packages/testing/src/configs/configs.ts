import { brokerConfigOf, brokerConfigs } from './broker-configs.ts';
import { DynamicConfigs } from './dynamic-configs.ts';
import { topicConfigs } from './topic-configs.ts';

/** Where the value of a configuration comes from, by Kafka's numbers. */
export const configSource = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  brokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const;

/** A place that gives a configuration a value. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

type Values = ReadonlyMap<string, string>;
const nothing: Values = new Map();

/** The brokers' configuration: what was set at the start, and what was changed since for all brokers or for one. */
export class BrokerConfigs {
  /** What was set while the cluster ran, brokers' and others'. */
  readonly dynamic: DynamicConfigs;
  readonly #static: Values;
  readonly #ofBroker: Values;
  readonly #brokers = new Map<number, BrokerConfigs>();

  /** By default what all brokers share. */
  constructor(set: Readonly<Record<string, string>>, parent?: BrokerConfigs, ofBroker: Values = nothing) {
    this.#static = parent === undefined ? new Map(Object.entries(set)) : new Map([...parent.#static, ...Object.entries(set)]);
    this.#ofBroker = ofBroker;
    this.dynamic = parent?.dynamic ?? new DynamicConfigs();
    if (parent !== undefined) return;
    for (const name of this.#static.keys()) {
      if (brokerConfigOf(name) === undefined) throw new TypeError(`'${name}' is not a broker configuration that Kafka knows`);
    }
    // KRaft keeps this one for the whole cluster from the start, as eligible leader replicas are on (KIP-966).
    this.dynamic.of('broker', '').set(minInSync, this.#static.get(minInSync) ?? defaultOf(minInSync)!);
  }

  /** As one broker has it. */
  of(brokerId: number): BrokerConfigs {
    let configs = this.#brokers.get(brokerId);
    if (configs === undefined) this.#brokers.set(brokerId, (configs = this.with(brokerId, {})));
    return configs;
  }

  /** As one broker has it, with what only its own properties file says. */
  with(brokerId: number, own: Readonly<Record<string, string>>): BrokerConfigs {
    return new BrokerConfigs(own, this, this.dynamic.of('broker', String(brokerId)));
  }

  /** null when it is not set and has no default. */
  value(name: string): string | null {
    for (const { values } of this.#levels()) {
      const value = values.get(name);
      if (value !== undefined) return value;
    }
    return defaultOf(name);
  }

  number(name: string): number {
    return Number(this.value(name));
  }

  boolean(name: string): boolean {
    return this.value(name) === 'true';
  }

  /** All that was set, by name, whoever set it. */
  get setNames(): Iterable<string> {
    return new Set(this.#levels().flatMap(({ values }) => [...values.keys()]));
  }

  /** Where a value could come from, the strongest first; the names of the same thing among them. Empty when there is no value. */
  synonymsOf(name: string): ConfigSynonym[] {
    const names = brokerConfigOf(name)?.synonyms ?? [name];
    const found = this.#levels().flatMap(({ values, source }) => named(names, (synonym) => values.get(synonym), source));
    found.push(...named(names, (synonym) => defaultOf(synonym) ?? undefined, configSource.default));
    // Not before its own name: what is stronger by another name is described there.
    const first = found.findIndex((synonym) => synonym.name === name);
    return first === -1 ? [] : found.slice(first);
  }

  /** What holds for topics that do not set it, with times in milliseconds, whatever the unit of the broker's configuration. */
  topicDefault(name: string): { readonly value: string; readonly source: number } {
    const units = brokerConfigOf(name)?.synonyms ?? [name];
    for (const { values, source } of this.#levels()) {
      const unit = units.find((synonym) => values.has(synonym));
      if (unit !== undefined) return { value: inMilliseconds(unit, values.get(unit)!), source };
    }
    const unit = units.find((synonym) => defaultOf(synonym) !== null)!;
    return { value: inMilliseconds(unit, defaultOf(unit)!), source: configSource.default };
  }

  #levels(): { readonly values: Values; readonly source: number }[] {
    return [
      { values: this.#ofBroker, source: configSource.dynamicBroker },
      { values: this.dynamic.of('broker', ''), source: configSource.dynamicDefaultBroker },
      { values: this.#static, source: configSource.staticBroker },
    ];
  }
}

const minInSync = 'min.insync.replicas';

function defaultOf(name: string): string | null {
  return brokerConfigs.get(name)?.default ?? null;
}

function named(names: readonly string[], valueOf: (name: string) => string | undefined, source: number): ConfigSynonym[] {
  return names.flatMap((name) => {
    const value = valueOf(name);
    return value === undefined ? [] : [{ name, value, source }];
  });
}

function inMilliseconds(name: string, value: string): string {
  if (name.endsWith('.minutes')) return String(Number(value) * 60_000);
  return name.endsWith('.hours') ? String(Number(value) * 3_600_000) : value;
}

/** What holds for a topic: its own value, else the broker's, else Kafka's default. */
export function topicConfig(name: string, own: Values, broker: BrokerConfigs): string {
  const { brokerConfig, default: otherwise } = topicConfigs.get(name)!;
  return own.get(name) ?? (brokerConfig === undefined ? otherwise! : broker.topicDefault(brokerConfig).value);
}

/** The source of what topicConfig gives. */
export function topicConfigSource(name: string, own: Values, broker: BrokerConfigs): number {
  if (own.has(name)) return configSource.topic;
  const { brokerConfig } = topicConfigs.get(name)!;
  return brokerConfig === undefined ? configSource.default : broker.topicDefault(brokerConfig).source;
}

/** A topic's configuration as a number; the largest long becomes Infinity. */
export function topicConfigNumber(name: string, own: Values, broker: BrokerConfigs): number {
  const value = topicConfig(name, own, broker);
  return value === '9223372036854775807' ? Infinity : Number(value);
}
