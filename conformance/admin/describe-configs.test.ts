import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { alter, configBecomes, describeConfigs, op, resource, source } from './configs.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const type = { unknown: 0, boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7, class: 8, password: 9 } as const;

describe.each(versionsOf(apis.describeConfigs))('DescribeConfigs version %i', (version) => {
  it('tells where a topic’s configuration comes from', async () => {
    const { name } = await broker.createTopic({ configs: { 'max.message.bytes': '5000' } });
    const names = ['max.message.bytes', 'retention.ms', 'cleanup.policy', 'nope'];
    const options = { version, synonyms: true, documentation: true };
    const { configs, ...rest } = await describeConfigs(wire, resource.topic, name, names, options);
    expect(rest).toMatchObject({ errorCode: code.none, resourceType: resource.topic, resourceName: name });
    const byName = new Map(configs.map((config) => [config.name, config]));
    expect([...byName.keys()].sort()).toEqual(['cleanup.policy', 'max.message.bytes', 'retention.ms']);
    expect(byName.get('max.message.bytes')).toMatchObject({
      value: '5000',
      readOnly: false,
      isSensitive: false,
      configSource: source.topic,
      synonyms: [
        { name: 'max.message.bytes', value: '5000', source: source.topic },
        { name: 'message.max.bytes', value: '1048588', source: source.default },
      ],
    });
    expect(byName.get('retention.ms')).toMatchObject({
      value: '-1',
      configSource: source.staticBroker,
      synonyms: [
        { name: 'log.retention.ms', value: '-1', source: source.staticBroker },
        { name: 'log.retention.hours', value: '168', source: source.default },
      ],
    });
    expect(byName.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: source.default });
    if (version < 3) return;
    expect(byName.get('cleanup.policy')).toMatchObject({
      configType: type.list,
      documentation: expect.stringContaining('retention policy'),
    });
    expect(byName.get('max.message.bytes')).toMatchObject({ configType: type.int });
  });

  it('gives neither synonyms nor documentation where nobody asks for them', async () => {
    const { configs } = await describeConfigs(wire, resource.broker, '1', ['num.partitions'], { version });
    expect(configs).toMatchObject([
      { name: 'num.partitions', value: '3', readOnly: true, configSource: source.staticBroker, synonyms: [] },
    ]);
    if (version >= 3) expect(configs).toMatchObject([{ configType: type.int, documentation: null }]);
  });
});

it('tells all configurations of a topic, of a group and of a subscription', async () => {
  const { name } = await broker.createTopic();
  const namesOf = async (resourceType: number, resourceName: string) =>
    (await describeConfigs(wire, resourceType, resourceName)).configs.map((config) => config.name).sort();
  const topic = await namesOf(resource.topic, name);
  expect(topic).toHaveLength(33);
  expect(topic).toContain('min.insync.replicas');
  expect(topic).not.toContain('internal.segment.bytes');
  expect(await namesOf(resource.clientMetrics, 'missing')).toEqual(['interval.ms', 'match', 'metrics']);
  expect(await namesOf(resource.group, 'missing')).toEqual([
    'consumer.assignment.interval.ms',
    'consumer.heartbeat.interval.ms',
    'consumer.session.timeout.ms',
    'share.assignment.interval.ms',
    'share.auto.offset.reset',
    'share.delivery.count.limit',
    'share.heartbeat.interval.ms',
    'share.isolation.level',
    'share.partition.max.record.locks',
    'share.record.lock.duration.ms',
    'share.renew.acknowledge.enable',
    'share.session.timeout.ms',
    'streams.assignment.interval.ms',
    'streams.heartbeat.interval.ms',
    'streams.initial.rebalance.delay.ms',
    'streams.num.standby.replicas',
    'streams.session.timeout.ms',
  ]);
});

it.each<[string, string, number]>([
  ['share.auto.offset.reset', 'latest', type.string],
  ['share.delivery.count.limit', '5', type.int],
  ['share.heartbeat.interval.ms', '5000', type.int],
  ['share.isolation.level', 'read_uncommitted', type.string],
  ['share.partition.max.record.locks', '2000', type.int],
  ['share.record.lock.duration.ms', '30000', type.int],
  ['share.renew.acknowledge.enable', 'true', type.boolean],
  ['share.session.timeout.ms', '45000', type.int],
  ['streams.num.standby.replicas', '0', type.int],
])('a group has %s=%s', async (name, value, configType) => {
  const { configs } = await describeConfigs(wire, resource.group, 'missing', [name]);
  expect(configs).toMatchObject([{ name, value, configType, configSource: source.default, readOnly: false }]);
});

it('tells all configurations of a broker, with their types, and which of them may change', async () => {
  const { configs } = await describeConfigs(wire, resource.broker, '1', null, { documentation: true });
  const names = configs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(340);
  const one = (name: string) => configs.find((config) => config.name === name);
  expect(one('node.id')).toMatchObject({ value: '1', readOnly: true, configSource: source.staticBroker, configType: type.int });
  expect(one('broker.id')).toMatchObject({ value: '1' });
  expect(one('broker.rack')).toMatchObject({ value: 'r1', configSource: source.staticBroker, configType: type.string });
  expect(one('process.roles')).toMatchObject({ value: 'broker,controller', configType: type.list });
  expect(one('log.cleaner.threads')).toMatchObject({ value: '1', readOnly: false, configSource: source.default });
  expect(one('log.retention.hours')).toMatchObject({ value: '168', readOnly: true, documentation: expect.stringContaining('hours') });
  expect(one('ssl.keystore.password')).toMatchObject({ value: null, isSensitive: true, configType: type.password });
  expect(one('min.insync.replicas')).toMatchObject({ configSource: source.allBrokers, configType: type.int });
  expect(one('fetch.max.bytes')).toMatchObject({ value: '57671680' });
  expect(one('unstable.api.versions.enable')).toBeUndefined();
});

it('tells what was set for all brokers', async () => {
  const { configs } = await describeConfigs(wire, resource.broker, '', null, { synonyms: true });
  expect(configs.find(({ name }) => name === 'min.insync.replicas')).toMatchObject({
    configSource: source.allBrokers,
    readOnly: false,
    synonyms: [{ name: 'min.insync.replicas', source: source.allBrokers }],
  });
});

it('tells of a broker’s loggers', async () => {
  const { configs, errorCode } = await describeConfigs(wire, resource.brokerLogger, '1', ['root']);
  expect(errorCode).toBe(code.none);
  expect(configs).toMatchObject([
    { name: 'root', configSource: source.logger, readOnly: false, configType: type.unknown, documentation: '' },
  ]);
});

it.each<[keyof typeof resource, string, number, string]>([
  ['topic', 'missing', code.unknownTopicOrPartition, ''],
  [
    'topic',
    'a b',
    code.invalidTopic,
    "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
  ],
  ['broker', 'x', code.invalidRequest, 'Broker id must be an integer, but it is: x'],
  ['broker', '99', code.invalidRequest, 'Unexpected broker id, expected 1 or empty string, but received 99'],
  ['brokerLogger', '', code.invalidRequest, 'Broker id must not be empty'],
  ['brokerLogger', 'x', code.invalidRequest, 'Broker id must be an integer, but it is: x'],
  ['brokerLogger', '99', code.invalidRequest, 'Unexpected broker id, expected 1 but received 99'],
  ['clientMetrics', '', code.invalidRequest, 'Client metrics subscription name must not be empty'],
  ['group', '', code.invalidRequest, 'Group name must not be empty'],
  ['unknown', 'x', code.invalidRequest, expect.stringContaining('malformed')],
])('refuses %s %j', async (kind, name, errorCode, errorMessage) => {
  expect(await describeConfigs(wire, resource[kind], name)).toMatchObject({ errorCode, errorMessage, configs: [] });
});

describe('ListConfigResources', () => {
  const versions = versionsOf(apis.listConfigResources);
  const list = (version: number, resourceTypes: number[] = []) => wire.send(apis.listConfigResources, version, { resourceTypes });

  it.each(versions)('version %i lists subscriptions that are configured', async (version) => {
    const name = broker.freshName('metrics');
    const isListed = async (): Promise<boolean> => {
      const { configResources } = await list(version);
      return configResources.some(
        (one) => (one.resourceType ?? resource.clientMetrics) === resource.clientMetrics && one.resourceName === name,
      );
    };
    await alter(wire, resource.clientMetrics, name, [['interval.ms', op.set, '5000']]);
    await until('the subscription is listed', isListed);
    await alter(wire, resource.clientMetrics, name, [['interval.ms', op.delete, null]]);
    await until('the subscription is listed no longer', async () => !(await isListed()));
  });

  it('lists brokers, loggers, topics and groups, the kinds that are asked for', async () => {
    const { name } = await broker.createTopic();
    const group = broker.freshName('group');
    await alter(wire, resource.group, group, [['share.isolation.level', op.set, 'read_committed']]);
    await configBecomes(wire, resource.group, group, 'share.isolation.level', 'read_committed');
    const all = await list(1);
    expect(all.errorCode).toBe(code.none);
    expect(all.configResources).toEqual(
      expect.arrayContaining([
        { resourceName: group, resourceType: resource.group },
        { resourceName: name, resourceType: resource.topic },
        { resourceName: '1', resourceType: resource.broker },
        { resourceName: '1', resourceType: resource.brokerLogger },
      ]),
    );
    const some = await list(1, [resource.broker]);
    expect(some.configResources.toSorted((a, b) => a.resourceName.localeCompare(b.resourceName))).toEqual(
      Array.from({ length: broker.nodes }, (_, i) => ({ resourceName: String(i + 1), resourceType: resource.broker })),
    );
    await alter(wire, resource.group, group, [['share.isolation.level', op.delete, null]]);
  });

  it('refuses a kind that it does not know', async () => {
    expect(await list(1, [resource.topic, 1])).toMatchObject({ errorCode: code.unsupportedVersion, configResources: [] });
  });
});
