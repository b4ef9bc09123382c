import { alterConfigs, type ConfigResource, describeConfigs, type KafkaClient, listConfigResources, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const valueOf = async (resource: ConfigResource, name: string): Promise<string | null | undefined> =>
  valuesOf(await describeConfigs(client, [resource], { names: [name] }))
    .get(resource)!
    .get(name)?.value;

describe('describeConfigs', () => {
  it('tells of resources of every type, each from the broker that knows it', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.ms': '1000' } });
    const topic = { type: 'topic', name } as const;
    const last = { type: 'broker', name: String(broker.nodes) } as const;
    const defaults = { type: 'broker', name: '' } as const;
    const logger = { type: 'brokerLogger', name: String(broker.nodes) } as const;
    const group = { type: 'group', name: broker.freshName('group') } as const;
    const metrics = { type: 'clientMetrics', name: broker.freshName('metrics') } as const;
    const all = await describeConfigs(client, [topic, last, defaults, logger, group, metrics]);
    const configs = valuesOf(all);
    expect([...all.keys()]).toEqual([topic, last, defaults, logger, group, metrics]);
    expect(configs.get(topic)!.get('retention.ms')).toEqual({
      ...{ name: 'retention.ms', value: '1000', source: 'dynamicTopic', type: 'long', isSensitive: false, isReadOnly: false },
      ...{ synonyms: [], documentation: undefined },
    });
    expect(configs.get(topic)!.get('cleanup.policy')).toMatchObject({ value: 'delete', source: 'default', type: 'list' });
    expect(configs.get(last)!.get('node.id')).toMatchObject({ value: String(broker.nodes), source: 'staticBroker', isReadOnly: true });
    expect(configs.get(logger)!.get('root')).toBeDefined();
    expect(configs.get(group)!.get('consumer.session.timeout.ms')).toMatchObject({ type: 'int' });
    expect(configs.get(metrics)!.get('interval.ms')).toBeDefined();
  });

  it('tells of some only, with what else would hold, and what it means', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.ms': '1000' } });
    const topic = { type: 'topic', name } as const;
    const options = { names: ['retention.ms'], includeSynonyms: true, includeDocumentation: true };
    const configs = valuesOf(await describeConfigs(client, [topic], options)).get(topic)!;
    expect([...configs.keys()]).toEqual(['retention.ms']);
    const { synonyms, documentation } = configs.get('retention.ms')!;
    expect(synonyms[0]).toEqual({ name: 'retention.ms', value: '1000', source: 'dynamicTopic' });
    expect(synonyms.at(-1)).toMatchObject({ source: 'default' });
    expect(documentation).toMatch(/maximum time/);
  });

  it('tells of each resource for itself why not', async () => {
    const good = { type: 'topic', name: (await broker.createTopic()).name } as const;
    const noTopic = { type: 'topic', name: broker.freshName('none') } as const;
    const noBroker = { type: 'broker', name: '99' } as const;
    const configs = await describeConfigs(client, [noTopic, noBroker, good]);
    expect(configs.get(good)).toBeInstanceOf(Map);
    expect(configs.get(noTopic)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect((configs.get(noBroker) as Error).message).toMatch(/^broker 99 is not in the cluster/);
  });

  it.each([
    [{ type: 'topics', name: 'a' }, /must be one of topic, broker, brokerLogger, clientMetrics, group/],
    [{ type: 'topic', name: '' }, /a topic needs a name/],
    [{ type: 'broker', name: 'one' }, /must be the broker's id/],
    [{ type: 'brokerLogger', name: '' }, /a brokerLogger needs a name/],
  ])('refuses %j', async (resource, message) => {
    await expect(describeConfigs(client, [resource as ConfigResource])).rejects.toThrow(message);
  });
});

describe('alterConfigs', () => {
  it('sets, appends, subtracts and deletes, and leaves the rest', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.bytes': '5000', 'segment.bytes': '1048576' } });
    const topic = { type: 'topic', name } as const;
    const changed = { ...topic, set: { 'retention.ms': '7' }, append: { 'cleanup.policy': 'compact' }, delete: ['segment.bytes'] };
    expect(await alterConfigs(client, [changed])).toEqual(new Map([[changed, undefined]]));
    // Each time another node may be asked, which hears of it in its own time.
    const wanted = { 'retention.ms': '7', 'cleanup.policy': 'delete,compact', 'segment.bytes': '1073741824', 'retention.bytes': '5000' };
    for (const [config, value] of Object.entries(wanted)) await expect.poll(() => valueOf(topic, config)).toBe(value);
    valuesOf(await alterConfigs(client, [{ ...topic, subtract: { 'cleanup.policy': 'delete' } }]));
    await until('it holds', async () => (await valueOf(topic, 'cleanup.policy')) === 'compact');
  });

  it('changes loggers of a broker at that broker, groups, and subscriptions, which are listed then', async () => {
    const logger = { type: 'brokerLogger', name: String(broker.nodes) } as const;
    const level = await valueOf(logger, 'root');
    const group = { type: 'group', name: broker.freshName('group') } as const;
    const metrics = { type: 'clientMetrics', name: broker.freshName('metrics') } as const;
    const results = await alterConfigs(client, [
      { ...logger, set: { root: level! } },
      { ...group, set: { 'consumer.session.timeout.ms': '50000' } },
      { ...metrics, set: { 'interval.ms': '60000' } },
      { type: 'topic', name: (await broker.createTopic()).name, set: { 'retention.ms': 'long' } },
    ]);
    const invalid = expect.objectContaining({ errorName: 'INVALID_CONFIG' });
    expect([...results.values()]).toEqual([undefined, undefined, undefined, invalid]);
    await until('both are listed', async () => {
      const listed = await listConfigResources(client, ['group', 'clientMetrics']);
      return [group, metrics].every((wanted) => listed.some(({ type, name }) => type === wanted.type && name === wanted.name));
    });
    await until('it holds', async () => (await valueOf(group, 'consumer.session.timeout.ms')) === '50000');
    const restored = await alterConfigs(client, [
      { ...group, delete: ['consumer.session.timeout.ms'] },
      { ...metrics, delete: ['interval.ms'] },
    ]);
    valuesOf(restored);
  });

  it('only says what would become of it', async () => {
    const topic = { type: 'topic', name: (await broker.createTopic()).name } as const;
    const [good, bad] = [
      { ...topic, set: { 'retention.ms': '7' } },
      { type: 'topic', name: broker.freshName('none'), set: { 'retention.ms': '7' } } as const,
    ];
    const before = await valueOf(topic, 'retention.ms');
    const checked = await alterConfigs(client, [good, bad], { validateOnly: true });
    expect(checked.get(good)).toBeUndefined();
    expect(checked.get(bad)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await valueOf(topic, 'retention.ms')).toBe(before);
  });

  it.each([
    [{ type: 'topic', name: 'a' }, /nothing to change for topic 'a'/],
    [{ type: 'topic', name: 'a', set: { x: 1 } }, /the value of x must be a string, not 1/],
    [{ type: 'topic', name: 'a', set: { x: '1' }, delete: ['x'] }, /x of topic 'a' is named twice/],
    [{ type: 'topic', name: 'a', delete: 'x' }, /delete must be given as an array/],
  ])('refuses %j', async (change, message) => {
    await expect(alterConfigs(client, [change as never])).rejects.toThrow(message);
  });
});

it('listConfigResources lists all types, or some', async () => {
  const { name } = await broker.createTopic();
  const all = await listConfigResources(client);
  expect(all).toContainEqual({ type: 'topic', name });
  expect(all).toContainEqual({ type: 'broker', name: '1' });
  expect((await listConfigResources(client, ['broker'])).every(({ type }) => type === 'broker')).toBe(true);
  await expect(listConfigResources(client, ['brokers' as never])).rejects.toThrow(TypeError);
});
