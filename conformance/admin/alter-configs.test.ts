import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOfValues, produceTo } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { alter, type Alteration, type AlterOptions, configBecomes, describeConfigs, op, resource, source } from './configs.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const none = { errorCode: code.none, errorMessage: null };
const alterTopic = (name: string, ...changes: Alteration[]) => alter(wire, resource.topic, name, changes);
const validate: AlterOptions = { validateOnly: true };

describe.each(versionsOf(apis.incrementalAlterConfigs))('IncrementalAlterConfigs version %i', (version) => {
  it('sets a configuration of a topic, and takes it back', async () => {
    const { name } = await broker.createTopic();
    const options = { version };
    expect(await alter(wire, resource.topic, name, [['retention.ms', op.set, ' +60000 ']], options)).toMatchObject(none);
    await configBecomes(wire, resource.topic, name, 'retention.ms', '60000');
    expect(await alter(wire, resource.topic, name, [['retention.ms', op.delete, null]], options)).toMatchObject(none);
    await configBecomes(wire, resource.topic, name, 'retention.ms', '-1');
  });

  it('answers for each resource, and changes those that it does not refuse', async () => {
    const { name } = await broker.createTopic();
    const configs = (value: string) => [{ name: 'retention.ms', configOperation: op.set, value }];
    const resources = [
      { resourceType: resource.topic, resourceName: broker.freshName('missing'), configs: configs('1') },
      { resourceType: resource.topic, resourceName: name, configs: configs('1') },
      { resourceType: resource.unknown, resourceName: 'x', configs: [] },
    ];
    const { responses } = await wire.send(apis.incrementalAlterConfigs, version, { resources, validateOnly: false });
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([code.unknownTopicOrPartition, code.none, code.invalidRequest]);
    expect(responses.map(({ resourceName }) => resourceName)).toEqual(resources.map(({ resourceName }) => resourceName));
    await configBecomes(wire, resource.topic, name, 'retention.ms', '1');
  });
});

it('changes nothing when it is asked to validate only', async () => {
  const { name } = await broker.createTopic();
  expect(await alter(wire, resource.topic, name, [['retention.ms', op.set, '60000']], validate)).toMatchObject(none);
  const { configs } = await describeConfigs(wire, resource.topic, name, ['retention.ms']);
  expect(configs).toMatchObject([{ value: '-1', configSource: source.staticBroker }]);
});

it('refuses a resource that is in the request twice, and does the rest', async () => {
  const { name } = await broker.createTopic();
  const twice = { resourceType: resource.topic, resourceName: broker.freshName(), configs: [] };
  const { responses } = await wire.send(apis.incrementalAlterConfigs, 1, {
    resources: [twice, twice, { ...twice, resourceName: name }],
    validateOnly: false,
  });
  expect(responses).toMatchObject([
    { errorCode: code.invalidRequest, errorMessage: 'Each resource must appear at most once.' },
    { errorCode: code.invalidRequest },
    { errorCode: code.none },
  ]);
});

it('appends to a list and subtracts from it, beginning with the default', async () => {
  const { name } = await broker.createTopic();
  const becomes = (value: string) => configBecomes(wire, resource.topic, name, 'cleanup.policy', value);
  expect(await alterTopic(name, ['cleanup.policy', op.append, 'compact'])).toMatchObject(none);
  await becomes('delete,compact');
  expect(await alterTopic(name, ['cleanup.policy', op.append, 'compact'])).toMatchObject(none);
  await becomes('delete,compact');
  expect(await alterTopic(name, ['cleanup.policy', op.subtract, 'delete'])).toMatchObject(none);
  await becomes('compact');
  expect(await alterTopic(name, ['cleanup.policy', op.subtract, 'delete,compact'])).toMatchObject(none);
  await becomes('');
});

it('takes all changes of a resource or none', async () => {
  const { name } = await broker.createTopic();
  expect(await alterTopic(name, ['retention.ms', op.set, '1'], ['segment.ms', op.set, 'x'])).toMatchObject({
    errorCode: code.invalidConfig,
  });
  const { configs } = await describeConfigs(wire, resource.topic, name, ['retention.ms']);
  expect(configs).toMatchObject([{ value: '-1' }]);
});

describe('what is refused of a topic', async () => {
  const { name: existing } = await broker.createTopic();

  it.each<[string, string | undefined, readonly Alteration[], number, string | null]>([
    ['an unknown configuration', existing, [['nope', op.set, 'x']], code.invalidConfig, 'Unknown topic config name: nope'],
    [
      'a value of another type',
      existing,
      [['retention.ms', op.set, 'x']],
      code.invalidConfig,
      'Invalid value x for configuration retention.ms: Not a number of type LONG',
    ],
    [
      'a value out of range',
      existing,
      [['min.cleanable.dirty.ratio', op.set, '1.5']],
      code.invalidConfig,
      'Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      'a level that gzip does not have',
      existing,
      [['compression.gzip.level', op.set, '11']],
      code.invalidConfig,
      'Invalid value 11 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
    ],
    [
      'an unknown entry of a list',
      existing,
      [['cleanup.policy', op.set, 'a,b']],
      code.invalidConfig,
      'Invalid value a for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    [
      'an empty entry of a list',
      existing,
      [['cleanup.policy', op.set, 'compact,,delete']],
      code.invalidConfig,
      "Configuration 'cleanup.policy' values must not be empty.",
    ],
    [
      'configurations that contradict each other',
      existing,
      [
        ['min.compaction.lag.ms', op.set, '10'],
        ['max.compaction.lag.ms', op.set, '5'],
      ],
      code.invalidConfig,
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
    [
      'storage that the cluster does not have',
      existing,
      [['remote.storage.enable', op.set, 'true']],
      code.invalidConfig,
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ],
    [
      'an addition to what is no list',
      existing,
      [['retention.ms', op.append, '5']],
      code.invalidConfig,
      "Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    ['no value', existing, [['retention.ms', op.set, null]], code.invalidRequest, 'Null value not supported for : retention.ms'],
    [
      'a configuration twice',
      existing,
      [
        ['retention.ms', op.set, '1'],
        ['retention.ms', op.delete, null],
      ],
      code.invalidRequest,
      'Error due to duplicate config keys',
    ],
    ['an operation that is none', existing, [['retention.ms', 9, '1']], code.unknownServerError, null],
    ['no topic', '', [['retention.ms', op.set, '1']], code.invalidRequest, 'Default topic resources are not allowed.'],
    ['an invalid name', 'a b', [['retention.ms', op.set, '1']], code.invalidTopic, expect.stringContaining('Topic name is invalid')],
    ['a wrong value before a missing topic', 'missing', [['retention.ms', op.set, 'x']], code.invalidConfig, expect.any(String)],
    ['a missing topic', 'missing', [['retention.ms', op.set, '1']], code.unknownTopicOrPartition, "The topic 'missing' does not exist."],
  ])('%s', async (_, name, changes, errorCode, errorMessage) => {
    expect(await alter(wire, resource.topic, name!, changes)).toMatchObject({ errorCode, errorMessage });
  });
});

it('refuses an addition that makes a value longer than the metadata takes', async () => {
  const { name } = await broker.createTopic();
  const replicas = (first: number) => Array.from({ length: 4500 }, (_, i) => `${first + i}:1`).join(',');
  const config = 'leader.replication.throttled.replicas';
  expect(await alterTopic(name, [config, op.set, replicas(0)])).toMatchObject(none);
  expect(await alterTopic(name, [config, op.append, replicas(4500)])).toMatchObject({
    errorCode: code.invalidConfig,
    errorMessage: 'The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.',
  });
});

describe('what is refused of others, and what is not', () => {
  const threads = 'Dynamic thread count update validation failed for num.io.threads=100, value should not be greater than double';

  it.each<[type: keyof typeof resource, name: string, ...Alteration, errorCode: number, errorMessage: string | null]>([
    ['unknown', 'x', 'a', op.set, 'b', code.invalidRequest, 'Unknown resource type 1'],
    ['broker', 'x', 'log.retention.ms', op.set, '1', code.invalidRequest, 'Node id must be an integer, but it is: x'],
    ['broker', '99', 'log.retention.ms', op.set, '1', code.invalidRequest, 'Unexpected broker id, expected 1, but received 99'],
    ['broker', '1', 'num.partitions', op.set, '1', code.invalidRequest, 'Cannot update these configs dynamically: [num.partitions]'],
    [
      'broker',
      '',
      'listeners',
      op.set,
      'x',
      code.invalidRequest,
      'Cannot update these configs at default cluster level, broker id must be specified: [listeners]',
    ],
    [
      'broker',
      '',
      'ssl.keystore.location',
      op.set,
      'x',
      code.invalidRequest,
      'These security configs can be dynamically updated only per-listener using the listener prefix: [ssl.keystore.location]',
    ],
    [
      'broker',
      '',
      'listener.name.x.ssl.keystore.location',
      op.set,
      'x',
      code.invalidRequest,
      'Cannot update these configs at default cluster level, broker id must be specified: [listener.name.x.ssl.keystore.location]',
    ],
    [
      'broker',
      '',
      'num.io.threads',
      op.set,
      'x',
      code.invalidRequest,
      'Invalid value x for configuration num.io.threads: Not a number of type INT',
    ],
    [
      'broker',
      '',
      'num.io.threads',
      op.set,
      '0',
      code.invalidRequest,
      'Invalid value 0 for configuration num.io.threads: Value must be at least 1',
    ],
    [
      'broker',
      '',
      'num.io.threads',
      op.set,
      '100',
      code.invalidRequest,
      `Invalid value org.apache.kafka.common.config.ConfigException: ${threads} the current value 8 for configuration Invalid dynamic configuration`,
    ],
    [
      'broker',
      '',
      'leader.replication.throttled.rate',
      op.set,
      '-1',
      code.invalidRequest,
      'Invalid value -1 for configuration leader.replication.throttled.rate: Value must be at least 0',
    ],
    [
      'broker',
      '1',
      'min.insync.replicas',
      op.set,
      '2',
      code.invalidConfig,
      'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      'broker',
      '',
      'min.insync.replicas',
      op.delete,
      null,
      code.invalidConfig,
      'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [
      'broker',
      '',
      'log.retention.ms',
      op.append,
      '2',
      code.invalidConfig,
      'Config value append is not allowed for config key: log.retention.ms',
    ],
    ['broker', '', 'nope', op.append, '2', code.invalidConfig, 'Unknown config name: nope'],
    ['broker', '', 'log.retention.ms', 9, '2', code.invalidRequest, 'Unknown operations type 9'],
    ['broker', '', 'log.cleanup.policy', op.append, 'compact', code.none, null],
    ['broker', '1', 'some.plugin.setting', op.set, 'x', code.none, null],
    [
      'brokerLogger',
      '1',
      'root',
      op.set,
      'LOUD',
      code.invalidConfig,
      'Cannot set the log level of root to LOUD as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN',
    ],
    ['brokerLogger', '1', 'nope', op.set, 'INFO', code.invalidConfig, 'Logger nope does not exist!'],
    ['brokerLogger', '1', 'root', op.delete, null, code.invalidRequest, 'Removing the log level of the root logger is not allowed'],
    ['brokerLogger', '1', 'root', op.append, 'INFO', code.invalidRequest, 'APPEND operation is not allowed for the BROKER_LOGGER resource'],
    ['brokerLogger', '1', 'root', 9, 'INFO', code.unknownServerError, null],
    ['brokerLogger', '99', 'root', op.set, 'INFO', code.invalidRequest, 'Unexpected node id. Expected 1, but received 99'],
    ['brokerLogger', '', 'root', op.set, 'INFO', code.invalidRequest, 'Node id must be an integer, but it is: '],
    ['brokerLogger', '1', 'root', op.set, 'INFO', code.none, null],
    ['clientMetrics', '', 'metrics', op.set, 'a', code.invalidRequest, "Subscription name can't be empty"],
    ['clientMetrics', 'cm', 'nope', op.set, 'a', code.invalidRequest, 'Unknown client metrics configuration: nope'],
    [
      'clientMetrics',
      'cm',
      'interval.ms',
      op.set,
      '1',
      code.invalidRequest,
      'Invalid value 1 for interval.ms, interval must be between 100 and 3600000 (1 hour)',
    ],
    [
      'clientMetrics',
      'cm',
      'interval.ms',
      op.set,
      'x',
      code.invalidConfig,
      'Invalid value x for configuration interval.ms: Not a number of type INT',
    ],
    ['clientMetrics', 'cm', 'match', op.set, 'client_id=[', code.invalidConfig, 'Illegal client matching pattern: client_id=['],
    ['clientMetrics', 'cm', 'match', op.set, 'client_id=a,client_id=b', code.none, null],
    ['clientMetrics', 'cm', 'metrics', op.append, 'a', code.invalidConfig, "Can't APPEND to key metrics because its type is not LIST."],
    ['group', '', 'share.isolation.level', op.set, 'x', code.invalidRequest, 'Default group resources are not allowed.'],
    ['group', 'g', 'nope', op.set, 'x', code.invalidConfig, 'Unknown group config name: nope'],
    [
      'group',
      'g',
      'share.isolation.level',
      op.set,
      'x',
      code.invalidConfig,
      'Invalid value x for configuration share.isolation.level: String must be one of: read_committed, read_uncommitted',
    ],
    [
      'group',
      'g',
      'consumer.session.timeout.ms',
      op.set,
      '1',
      code.invalidConfig,
      'consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [
      'group',
      'g',
      'share.record.lock.duration.ms',
      op.set,
      '900',
      code.invalidConfig,
      'Invalid value 900 for configuration share.record.lock.duration.ms: Value must be at least 1000',
    ],
    [
      'group',
      'g',
      'share.delivery.count.limit',
      op.set,
      '11',
      code.invalidConfig,
      'share.delivery.count.limit must be less than or equal to group.share.max.delivery.count.limit',
    ],
    [
      'group',
      'g',
      'streams.num.standby.replicas',
      op.set,
      '3',
      code.invalidConfig,
      'streams.num.standby.replicas must be less than or equal to group.streams.max.standby.replicas',
    ],
    [
      'group',
      'g',
      'share.auto.offset.reset',
      op.set,
      'by_duration:-PT1H',
      code.invalidConfig,
      expect.stringContaining("The value must be either 'earliest', 'latest' or of the format"),
    ],
    ['group', 'g', 'share.auto.offset.reset', op.set, 'by_duration:PT1H', code.none, null],
  ])('%s %j, %s', async (type, name, config, operation, value, errorCode, errorMessage) => {
    const answer = await alter(wire, resource[type], name, [[config, operation, value]], validate);
    expect(answer).toMatchObject({ errorCode, errorMessage });
  });
});

describe('what a change does', () => {
  it('to max.message.bytes', async () => {
    const topic = await broker.createTopic();
    const leader = await broker.leaderWire(topic);
    const batch = batchOfValues('x'.repeat(1000));
    await alterTopic(topic.name, ['max.message.bytes', op.set, '500']);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batch)).errorCode).toBe(code.messageTooLarge);
    await alterTopic(topic.name, ['max.message.bytes', op.delete, null]);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batch)).errorCode).toBe(code.none);
  });

  it('to message.timestamp.type', async () => {
    const topic = await broker.createTopic();
    const leader = await broker.leaderWire(topic);
    await alterTopic(topic.name, ['message.timestamp.type', op.set, 'LogAppendTime']);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batchOfValues('x'))).logAppendTimeMs).toBeGreaterThan(0);
  });
});

it('sets a group’s configuration before there is such a group', async () => {
  const group = broker.freshName('group');
  expect(await alter(wire, resource.group, group, [['share.auto.offset.reset', op.set, 'earliest']])).toMatchObject(none);
  await configBecomes(wire, resource.group, group, 'share.auto.offset.reset', 'earliest');
  const { configs } = await describeConfigs(wire, resource.group, group, ['share.auto.offset.reset'], { synonyms: true });
  expect(configs).toMatchObject([
    {
      configSource: source.group,
      synonyms: [
        { name: 'share.auto.offset.reset', value: 'earliest', source: source.group },
        { name: 'share.auto.offset.reset', value: 'latest', source: source.default },
      ],
    },
  ]);
  await alter(wire, resource.group, group, [['share.auto.offset.reset', op.delete, null]]);
  await configBecomes(wire, resource.group, group, 'share.auto.offset.reset', 'latest');
});

it('sets a broker’s own configuration, which its topics then have', async () => {
  const { name } = await broker.createTopic();
  const config = 'log.message.timestamp.after.max.ms';
  expect(await alter(wire, resource.broker, '1', [[config, op.set, '7000000']])).toMatchObject(none);
  await configBecomes(wire, resource.broker, '1', config, '7000000');
  const { configs } = await describeConfigs(wire, resource.topic, name, ['message.timestamp.after.max.ms'], { synonyms: true });
  expect(configs).toMatchObject([
    {
      value: '7000000',
      configSource: source.broker,
      synonyms: [
        { name: config, value: '7000000', source: source.broker },
        { name: config, value: '3600000', source: source.default },
      ],
    },
  ]);
  await alter(wire, resource.broker, '1', [[config, op.delete, null]]);
  await configBecomes(wire, resource.broker, '1', config, '3600000');
});

describe.each(versionsOf(apis.alterConfigs))('AlterConfigs version %i', (version) => {
  const replace = async (type: number, resourceName: string, values: Record<string, string | null>, validateOnly = false) => {
    const configs = Object.entries(values).map(([name, value]) => ({ name, value }));
    const resources = [{ resourceType: type, resourceName, configs }];
    return (await wire.send(apis.alterConfigs, version, { resources, validateOnly })).responses[0]!;
  };

  it('puts new configurations in the place of all old ones', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.ms': '60000', 'segment.ms': '5000' } });
    expect(await replace(resource.topic, name, { 'segment.ms': '6000' })).toMatchObject({ ...none, resourceName: name });
    await configBecomes(wire, resource.topic, name, 'segment.ms', '6000');
    await configBecomes(wire, resource.topic, name, 'retention.ms', '-1');
  });

  it('changes nothing when it is asked to validate only', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.ms': '60000' } });
    expect(await replace(resource.topic, name, {}, true)).toMatchObject(none);
    await configBecomes(wire, resource.topic, name, 'retention.ms', '60000');
  });

  it.each<[keyof typeof resource, string, Record<string, string | null>, number, string]>([
    ['topic', 'missing', { 'retention.ms': '1' }, code.unknownTopicOrPartition, "The topic 'missing' does not exist."],
    ['topic', 'missing', { nope: '1' }, code.invalidConfig, 'Unknown topic config name: nope'],
    ['topic', 'missing', { 'retention.ms': null }, code.invalidRequest, 'Null value not supported for : retention.ms'],
    ['brokerLogger', '1', { root: 'INFO' }, code.invalidRequest, 'Unknown resource type 8'],
    ['broker', '', {}, code.invalidConfig, 'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.'],
    ['broker', '1', { 'num.partitions': '2' }, code.invalidRequest, 'Cannot update these configs dynamically: [num.partitions]'],
    ['group', 'g', { nope: '1' }, code.invalidConfig, 'Unknown group config name: nope'],
    ['clientMetrics', 'cm', { nope: '1' }, code.invalidRequest, 'Unknown client metrics configuration: nope'],
  ])('refuses %s %j %j', async (type, name, values, errorCode, errorMessage) => {
    expect(await replace(resource[type], name, values, true)).toMatchObject({ errorCode, errorMessage });
  });
});
