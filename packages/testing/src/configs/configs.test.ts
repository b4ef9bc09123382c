import { expect, it } from 'vitest';
import { BrokerConfigs, configSource, topicConfig, topicConfigSource } from './configs.ts';

const none = new Map<string, string>();

it('one broker’s own goes before what is set for all, and that before the properties file', () => {
  const configs = new BrokerConfigs({ 'log.retention.ms': '1' });
  expect(topicConfig('retention.ms', none, configs.of(1))).toBe('1');
  configs.dynamic.of('broker', '').set('log.retention.ms', '2');
  expect(topicConfig('retention.ms', none, configs.of(1))).toBe('2');
  configs.dynamic.of('broker', '1').set('log.retention.ms', '3');
  expect(topicConfig('retention.ms', none, configs.of(1))).toBe('3');
  expect(topicConfigSource('retention.ms', none, configs.of(1))).toBe(configSource.dynamicBroker);
  expect(topicConfig('retention.ms', none, configs.of(2))).toBe('2');
  expect(
    configs
      .of(1)
      .synonymsOf('log.retention.ms')
      .map(({ name, value, source }) => `${name} ${value} ${source}`),
  ).toEqual(['log.retention.ms 3 2', 'log.retention.ms 2 3', 'log.retention.ms 1 4', 'log.retention.hours 168 5']);
});

it.each<[Record<string, string>, topicConfigName: string, value: string]>([
  [{}, 'retention.ms', '604800000'],
  [{ 'log.retention.hours': '1' }, 'retention.ms', '3600000'],
  [{ 'log.retention.hours': '1', 'log.retention.minutes': '2' }, 'retention.ms', '120000'],
  [{ 'log.retention.minutes': '2', 'log.retention.ms': '-1' }, 'retention.ms', '-1'],
  [{ 'log.roll.hours': '2' }, 'segment.ms', '7200000'],
  [{}, 'flush.ms', '9223372036854775807'],
])('with %j a topic has %s=%s', (broker, name, value) => {
  expect(topicConfig(name, none, new BrokerConfigs(broker))).toBe(value);
});

it('knows all of Kafka’s configurations, and no others', () => {
  expect(() => new BrokerConfigs({ 'num.partition': '1' })).toThrow(TypeError);
  expect(() => new BrokerConfigs({ 'listener.name.sasl_ssl.plain.sasl.jaas.config': 'x' })).not.toThrow();
});
