import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { nowhere } from './requests.ts';

const { alterConfigs, incrementalAlterConfigs, describeConfigs, listConfigResources } = apis;

const resource = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
const op = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

type Configs = Readonly<Record<string, string | null>>;
type Change = readonly [name: string, configOperation: number, value: string | null];

/** All that the resource has: what is not named is gone. */
const all = (resourceType: number, resourceName: string, configs: Configs, validateOnly = false) => ({
  resources: [{ resourceType, resourceName, configs: Object.entries(configs).map(([name, value]) => ({ name, value })) }],
  validateOnly,
});

const changes = (resourceType: number, resourceName: string, list: readonly Change[], validateOnly = false) => ({
  resources: [{ resourceType, resourceName, configs: list.map(([name, configOperation, value]) => ({ name, configOperation, value })) }],
  validateOnly,
});

const topicChange = async (talk: Talk, ...list: readonly Change[]) => changes(resource.topic, (await talk.topic()).name, list);

/** The real broker hears of a change after the controller has answered. */
async function settled(talk: Talk, resourceType: number, resourceName: string, name: string, value: string): Promise<void> {
  await talk.until(`${name} of ${resourceName} is ${value}`, async () => {
    const { results } = await talk.peek(describeConfigs, { resources: [{ resourceType, resourceName, configurationKeys: [name] }] });
    return results[0]!.configs.some((config) => config.value === value);
  });
}

const described = (talk: Talk, resourceType: number, resourceName: string, ...configurationKeys: string[]) =>
  talk.ask(describeConfigs, { resources: [{ resourceType, resourceName, configurationKeys }], includeSynonyms: true });

export const alterConfigsScenarios: Scenario[] = [
  {
    api: alterConfigs,
    title: 'what is not named is gone',
    run: async (talk) => {
      const { name } = await talk.topic({ configs: { 'retention.ms': '1000', 'max.message.bytes': '2000' } });
      await talk.ask(alterConfigs, all(resource.topic, name, { 'retention.ms': '5000', 'cleanup.policy': 'compact,delete' }));
      await settled(talk, resource.topic, name, 'retention.ms', '5000');
      await described(talk, resource.topic, name, 'retention.ms', 'max.message.bytes', 'cleanup.policy');
    },
  },
  ...requests(alterConfigs, [
    ['looked at only', async (talk) => all(resource.topic, (await talk.topic()).name, { 'retention.ms': '1' }, true)],
    ['an unknown configuration', async (talk) => all(resource.topic, (await talk.topic()).name, { 'no.such.thing': '1' })],
    ['an invalid value', async (talk) => all(resource.topic, (await talk.topic()).name, { 'retention.ms': 'long' })],
    ['a value out of range', async (talk) => all(resource.topic, (await talk.topic()).name, { 'retention.ms': '-2' })],
    ['a null value', async (talk) => all(resource.topic, (await talk.topic()).name, { 'retention.ms': null })],
    ['an unknown topic', () => all(resource.topic, nowhere.name, { 'retention.ms': '1' })],
    ['an invalid topic', () => all(resource.topic, 'with spaces', { 'retention.ms': '1' })],
    ['a topic without a name', () => all(resource.topic, '', { 'retention.ms': '1' })],
    ['a broker', () => all(resource.broker, '1', { 'log.cleaner.threads': '2' }, true)],
    ['an unknown broker', () => all(resource.broker, '9', { 'log.cleaner.threads': '2' }, true)],
    ['a broker that is no number', () => all(resource.broker, 'one', { 'log.cleaner.threads': '2' }, true)],
    ['what a broker cannot change', () => all(resource.broker, '1', { 'node.id': '7' }, true)],
    ['a logger', () => all(resource.brokerLogger, '1', { 'kafka.server': 'DEBUG' }, true)],
    ['a resource of no kind', () => all(3, 'name', { a: '1' })],
    ['nothing', () => ({ resources: [], validateOnly: false })],
  ]),
  {
    api: incrementalAlterConfigs,
    title: 'a topic is changed, step by step',
    run: async (talk) => {
      const { name } = await talk.topic({ configs: { 'retention.ms': '1000' } });
      const keys = ['retention.ms', 'cleanup.policy', 'max.message.bytes'];
      const first = changes(resource.topic, name, [
        ['max.message.bytes', op.set, '3000'],
        ['cleanup.policy', op.append, 'compact'],
      ]);
      await talk.ask(incrementalAlterConfigs, first);
      await settled(talk, resource.topic, name, 'max.message.bytes', '3000');
      await described(talk, resource.topic, name, ...keys);
      const second = changes(resource.topic, name, [
        ['max.message.bytes', op.set, '4000'],
        ['retention.ms', op.delete, null],
        ['cleanup.policy', op.subtract, 'delete'],
      ]);
      await talk.ask(incrementalAlterConfigs, second);
      await settled(talk, resource.topic, name, 'max.message.bytes', '4000');
      await described(talk, resource.topic, name, ...keys);
    },
  },
  {
    api: incrementalAlterConfigs,
    title: 'a group has its own configurations',
    run: async (talk) => {
      const name = talk.name('group');
      await talk.ask(incrementalAlterConfigs, changes(resource.group, name, [['consumer.session.timeout.ms', op.set, '20000']]));
      await settled(talk, resource.group, name, 'consumer.session.timeout.ms', '20000');
      await described(talk, resource.group, name, 'consumer.session.timeout.ms', 'share.auto.offset.reset');
      await talk.ask(incrementalAlterConfigs, changes(resource.group, name, [['consumer.session.timeout.ms', op.delete, null]]));
    },
  },
  {
    api: incrementalAlterConfigs,
    title: 'client metrics have theirs',
    run: async (talk) => {
      const name = talk.name('metrics');
      await talk.ask(incrementalAlterConfigs, changes(resource.clientMetrics, name, [['interval.ms', op.set, '20000']]));
      await settled(talk, resource.clientMetrics, name, 'interval.ms', '20000');
      await described(talk, resource.clientMetrics, name, 'interval.ms', 'metrics', 'match');
      await talk.ask(incrementalAlterConfigs, changes(resource.clientMetrics, name, [['interval.ms', op.delete, null]]));
    },
  },
  ...requests(incrementalAlterConfigs, [
    ['looked at only', async (talk) => changes(resource.topic, (await talk.topic()).name, [['retention.ms', op.set, '1']], true)],
    ['an unknown configuration', (talk) => topicChange(talk, ['no.such.thing', op.set, '1'])],
    ['an invalid value', (talk) => topicChange(talk, ['retention.ms', op.set, 'long'])],
    ['a null value', (talk) => topicChange(talk, ['retention.ms', op.set, null])],
    ['the end of what is not set', (talk) => topicChange(talk, ['retention.ms', op.delete, null])],
    ['an addition to what is no list', (talk) => topicChange(talk, ['retention.ms', op.append, '1'])],
    ['an addition of what is there', (talk) => topicChange(talk, ['cleanup.policy', op.append, 'delete'])],
    ['a subtraction of what is not there', (talk) => topicChange(talk, ['cleanup.policy', op.subtract, 'compact'])],
    ['an operation that does not exist', (talk) => topicChange(talk, ['retention.ms', 9, '1'])],
    ['a configuration twice', (talk) => topicChange(talk, ['retention.ms', op.set, '1'], ['retention.ms', op.set, '2'])],
    ['no changes', (talk) => topicChange(talk)],
    ['an unknown topic', () => changes(resource.topic, nowhere.name, [['retention.ms', op.set, '1']])],
    ['a broker', () => changes(resource.broker, '1', [['log.cleaner.threads', op.set, '2']], true)],
    ['all brokers', () => changes(resource.broker, '', [['log.cleaner.threads', op.set, '2']], true)],
    ['an unknown broker', () => changes(resource.broker, '9', [['log.cleaner.threads', op.set, '2']], true)],
    ['a broker that is no number', () => changes(resource.broker, 'one', [['log.cleaner.threads', op.set, '2']], true)],
    ['what a broker cannot change', () => changes(resource.broker, '1', [['node.id', op.set, '7']], true)],
    ['an invalid value of a broker', () => changes(resource.broker, '1', [['log.cleaner.threads', op.set, 'many']], true)],
    ['a logger', () => changes(resource.brokerLogger, '1', [['kafka.server', op.set, 'DEBUG']], true)],
    ['an unknown logger', () => changes(resource.brokerLogger, '1', [['no.such.logger', op.set, 'DEBUG']], true)],
    ['a level that does not exist', () => changes(resource.brokerLogger, '1', [['kafka.server', op.set, 'LOUD']], true)],
    ['an unknown configuration of a group', (talk) => changes(resource.group, talk.name('group'), [['none', op.set, '1']])],
    ['an invalid value of a group', (talk) => changes(resource.group, talk.name('group'), [['consumer.session.timeout.ms', op.set, '1']])],
    ['a group without a name', () => changes(resource.group, '', [['consumer.session.timeout.ms', op.set, '20000']])],
    ['an unknown configuration of client metrics', (talk) => changes(resource.clientMetrics, talk.name('m'), [['none', op.set, '1']])],
    ['an invalid interval of client metrics', (talk) => changes(resource.clientMetrics, talk.name('m'), [['interval.ms', op.set, '1']])],
    ['an invalid match of client metrics', (talk) => changes(resource.clientMetrics, talk.name('m'), [['match', op.set, 'a=b']])],
    ['a resource of no kind', () => changes(3, 'name', [['a', op.set, '1']])],
    ['nothing', () => ({ resources: [], validateOnly: false })],
  ]),
  {
    api: listConfigResources,
    title: 'client metrics',
    run: async (talk, version) => {
      const name = talk.name('metrics');
      await talk.peek(incrementalAlterConfigs, changes(resource.clientMetrics, name, [['interval.ms', op.set, '20000']]));
      await settled(talk, resource.clientMetrics, name, 'interval.ms', '20000');
      await talk.ask(listConfigResources, version === 0 ? {} : { resourceTypes: [resource.clientMetrics] }, { own: 'configResources' });
      await talk.peek(incrementalAlterConfigs, changes(resource.clientMetrics, name, [['interval.ms', op.delete, null]]));
    },
  },
  {
    api: listConfigResources,
    since: 1,
    title: 'resources of other kinds',
    run: async (talk) => {
      await talk.topic();
      const name = talk.name('group');
      await talk.peek(incrementalAlterConfigs, changes(resource.group, name, [['consumer.session.timeout.ms', op.set, '20000']]));
      await settled(talk, resource.group, name, 'consumer.session.timeout.ms', '20000');
      await talk.ask(listConfigResources, { resourceTypes: [resource.topic, resource.group] }, { own: 'configResources' });
      await talk.ask(listConfigResources, { resourceTypes: [resource.broker] });
      await talk.ask(listConfigResources, { resourceTypes: [resource.brokerLogger] });
      await talk.ask(listConfigResources, { resourceTypes: [] }, { own: 'configResources' });
      await talk.ask(listConfigResources, { resourceTypes: [3] });
      await talk.peek(incrementalAlterConfigs, changes(resource.group, name, [['consumer.session.timeout.ms', op.delete, null]]));
    },
  },
];
