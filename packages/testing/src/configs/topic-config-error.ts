import { type BrokerConfigs, topicConfig } from './configs.ts';
import { firstValueError } from './config-values.ts';
import { topicConfigs } from './topic-configs.ts';

/** Why Kafka refuses the configuration of a topic, in its words; undefined when it does not. */
export function topicConfigError(configs: ReadonlyMap<string, string>, broker: BrokerConfigs): string | undefined {
  const unknown = [...configs.keys()].find((name) => !topicConfigs.has(name));
  if (unknown !== undefined) return `Unknown topic config name: ${unknown}`;
  const wrong = firstValueError(configs, topicConfigs);
  if (wrong !== undefined) return wrong;
  const min = topicConfig('min.compaction.lag.ms', configs, broker).trim();
  const max = topicConfig('max.compaction.lag.ms', configs, broker).trim();
  if (BigInt(min) > BigInt(max)) {
    return `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`;
  }
  if (/^\s*true\s*$/i.test(configs.get('remote.storage.enable') ?? '')) {
    return 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.';
  }
  return undefined;
}
