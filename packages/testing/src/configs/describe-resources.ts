import type { HandlerContext } from '../handler.ts';
import { invalidTopicName } from '../topics/topic-name.ts';
import { clientMetricsConfigs } from './client-metrics-configs.ts';
import { configSource, topicConfig } from './configs.ts';
import { type Described, describedConfig, found, notFound } from './described.ts';
import { groupConfigDefinitions } from './group-configs.ts';
import { describedTopicConfigs, topicConfigs } from './topic-configs.ts';

export function describeTopic(name: string, { state, brokerId }: HandlerContext): Described {
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) return notFound('INVALID_TOPIC_EXCEPTION', invalid);
  const topic = state.topics.get(name);
  if (topic === undefined) return notFound('UNKNOWN_TOPIC_OR_PARTITION');
  const broker = state.configs.of(brokerId);
  return found(
    describedTopicConfigs(topic.configs).map((config) => {
      const { type, brokerConfig } = topicConfigs.get(config)!;
      const own = topic.configs.get(config);
      const synonyms = [
        ...(own === undefined ? [] : [{ name: config, value: own, source: configSource.topic }]),
        ...(brokerConfig === undefined ? [] : broker.synonymsOf(brokerConfig)),
      ];
      return describedConfig(config, type, topicConfig(config, topic.configs, broker), synonyms);
    }),
  );
}

/** Of a group, whether it is there or not. */
export function describeGroup(name: string, { state, brokerId }: HandlerContext): Described {
  if (name === '') return notFound('INVALID_REQUEST', 'Group name must not be empty');
  const broker = state.configs.of(brokerId);
  const configs = state.configs.dynamic.of('group', name);
  return found(
    [...groupConfigDefinitions].map(([config, { type, brokerConfig, default: otherwise }]) => {
      const own = configs.get(config);
      const synonyms = [
        ...(own === undefined ? [] : [{ name: config, value: own, source: configSource.group }]),
        ...(brokerConfig === undefined
          ? [{ name: config, value: otherwise!, source: configSource.default }]
          : broker.synonymsOf(brokerConfig)),
      ];
      return describedConfig(config, type, synonyms[0]?.value ?? otherwise, synonyms);
    }),
  );
}

/** Of a subscription to clients' metrics, whether it is there or not. */
export function describeClientMetrics(name: string, { state }: HandlerContext): Described {
  if (name === '') return notFound('INVALID_REQUEST', 'Client metrics subscription name must not be empty');
  const configs = state.configs.dynamic.of('clientMetrics', name);
  return found(
    [...clientMetricsConfigs].map(([config, { type, default: otherwise }]) => {
      const own = configs.get(config);
      const synonyms = own === undefined ? [] : [{ name: config, value: own, source: configSource.clientMetrics }];
      return describedConfig(config, type, own ?? otherwise, synonyms);
    }),
  );
}
