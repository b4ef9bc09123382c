/** What can be configured while the cluster runs, besides topics, which keep theirs themselves. */
export type DynamicResource = 'broker' | 'clientMetrics' | 'group';

/** Configurations that were set while the cluster ran. */
export class DynamicConfigs {
  readonly #resources: Readonly<Record<DynamicResource, Map<string, Map<string, string>>>> = {
    broker: new Map(),
    clientMetrics: new Map(),
    group: new Map(),
  };
  readonly #loggers = new Map<number, Map<string, string>>();

  /** What was set for one resource, live. The name of all brokers is the empty one. */
  copyFrom(other: DynamicConfigs): void {
    for (const [type, resources] of Object.entries(other.#resources)) {
      for (const [name, configs] of resources) {
        const own = this.of(type as DynamicResource, name);
        own.clear();
        for (const [key, value] of configs) own.set(key, value);
      }
    }
    for (const [brokerId, loggers] of other.#loggers) this.#loggers.set(brokerId, new Map(loggers));
  }

  of(type: DynamicResource, name: string): Map<string, string> {
    let configs = this.#resources[type].get(name);
    if (configs === undefined) this.#resources[type].set(name, (configs = new Map()));
    return configs;
  }

  /** The resources for which something is set. */
  names(type: DynamicResource): string[] {
    return [...this.#resources[type]].filter(([, configs]) => configs.size > 0).map(([name]) => name);
  }

  /** The loggers of a broker and their levels. They can be set, and nothing is logged. */
  loggers(brokerId: number): Map<string, string> {
    let loggers = this.#loggers.get(brokerId);
    if (loggers === undefined) this.#loggers.set(brokerId, (loggers = new Map(defaultLoggers)));
    return loggers;
  }
}

/** Those of the log4j2.yaml that Kafka comes with. */
const defaultLoggers: readonly (readonly [string, string])[] = [
  ['root', 'INFO'],
  ['kafka', 'INFO'],
  ['kafka.authorizer.logger', 'INFO'],
  ['kafka.network.RequestChannel$', 'WARN'],
  ['kafka.request.logger', 'WARN'],
  ['org.apache.kafka', 'INFO'],
  ['org.apache.kafka.controller', 'INFO'],
  ['org.apache.kafka.server.logger.LoggingController', 'INFO'],
  ['org.apache.kafka.storage.internals.log.LogCleaner', 'INFO'],
  ['state.change.logger', 'INFO'],
];
