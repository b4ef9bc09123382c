import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { configBecomes, resource } from './configs.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const none = { errorCode: code.none, errorMessage: null };

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
