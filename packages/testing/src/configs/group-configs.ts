import { brokerConfigOf } from './broker-configs.ts';
import type { ConfigDefinitions } from './config-definition.ts';
import type { BrokerConfigs } from './configs.ts';
import { definitions } from './generated/definitions.ts';

export const groupConfigDefinitions: ConfigDefinitions = new Map(Object.entries(definitions.group));

/** What holds for one group: its own configuration within the brokers' bounds, else the brokers'. */
export class GroupConfigs {
  readonly #own: ReadonlyMap<string, string>;
  readonly #broker: BrokerConfigs;

  constructor(own: ReadonlyMap<string, string>, broker: BrokerConfigs) {
    this.#own = own;
    this.#broker = broker;
  }

  /** By the name that a group's configuration has, such as `consumer.session.timeout.ms`. */
  value(name: string): string {
    const own = this.#own.get(name);
    if (own !== undefined) return String(clamped(name, own, this.#broker));
    const { brokerConfig, default: otherwise } = groupConfigDefinitions.get(name)!;
    return (brokerConfig === undefined ? null : this.#broker.value(brokerConfig)) ?? otherwise!;
  }

  number(name: string): number {
    return Number(this.value(name));
  }

  boolean(name: string): boolean {
    return this.value(name) === 'true';
  }
}

/** The brokers' bounds of a group's configuration: the names of its minimum and maximum. */
export function boundsOf(name: string): readonly [min: string | undefined, max: string | undefined] {
  const [, kind, rest] = /^(consumer|share|streams)\.(.*)$/.exec(name)!;
  if (name === 'streams.num.standby.replicas') return [undefined, 'group.streams.max.standby.replicas'];
  const known = (bound: string): string | undefined => (brokerConfigOf(bound) === undefined ? undefined : bound);
  return [known(`group.${kind}.min.${rest}`), known(`group.${kind}.max.${rest}`)];
}

function clamped(name: string, value: string, broker: BrokerConfigs): string | number {
  const [min, max] = boundsOf(name);
  if (min === undefined && max === undefined) return value;
  const atLeast = Math.max(Number(value), min === undefined ? -Infinity : broker.number(min));
  return Math.min(atLeast, max === undefined ? Infinity : broker.number(max));
}
