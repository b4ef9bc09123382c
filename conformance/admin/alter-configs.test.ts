import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
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
