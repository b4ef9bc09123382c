import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import { nowhere } from './requests.ts';

const { apiVersions, describeCluster, describeConfigs, saslHandshake, saslAuthenticate } = apis;

const resource = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

const configsOf = (resourceType: number, resourceName: string, configurationKeys: readonly string[] | null, includeSynonyms = false) => ({
  resources: [{ resourceType, resourceName, configurationKeys }],
  includeSynonyms,
});

const program = { clientSoftwareName: 'fidelity', clientSoftwareVersion: '1.0' };

export const clusterScenarios: Scenario[] = [
  {
    api: apiVersions,
    title: 'what is offered',
    run: async (talk, version) => {
      await talk.ask(apiVersions, version >= 3 ? program : {}, { mask: ['finalizedFeaturesEpoch'] }); // it grows with the log of the controllers
    },
  },
  ...requests(
    apiVersions,
    [
      ['a name of the program that is none', () => ({ ...program, clientSoftwareName: '-no name' })],
      ['no version of the program', () => ({ ...program, clientSoftwareVersion: '' })],
    ],
    { since: 3 },
  ),
  ...requests(describeCluster, [
    ['the brokers', () => ({ includeClusterAuthorizedOperations: false })],
    ['authorized operations', () => ({ includeClusterAuthorizedOperations: true })],
  ]),
  ...requests(
    describeCluster,
    [
      ['the controllers', () => ({ includeClusterAuthorizedOperations: false, endpointType: 2 })],
      ['endpoints of no kind', () => ({ includeClusterAuthorizedOperations: false, endpointType: 3 })],
    ],
    { since: 1 },
  ),
  ...requests(describeCluster, [['fenced brokers', () => ({ includeClusterAuthorizedOperations: false, includeFencedBrokers: true })]], {
    since: 2,
  }),
  ...requests(describeConfigs, [
    ['a topic', async (talk) => configsOf(resource.topic, (await talk.topic({ configs: { 'retention.ms': '1000' } })).name, null)],
    [
      'a topic with synonyms',
      async (talk) => configsOf(resource.topic, (await talk.topic({ configs: { 'retention.ms': '1000' } })).name, null, true),
    ],
    ['some of a topic', async (talk) => configsOf(resource.topic, (await talk.topic()).name, ['retention.ms', 'no.such.thing'])],
    ['an unknown topic', () => configsOf(resource.topic, nowhere.name, null)],
    ['an invalid topic', () => configsOf(resource.topic, 'with spaces', null)],
    ['some of a broker', () => configsOf(resource.broker, '1', ['message.max.bytes', 'num.partitions', 'min.insync.replicas'], true)],
    ['an unknown broker', () => configsOf(resource.broker, '9', null)],
    ['a broker that is no number', () => configsOf(resource.broker, 'one', null)],
    ['no resource of this kind', () => configsOf(3, 'name', null)],
  ]),
  ...requests(saslHandshake, [
    ['where nobody logs in', () => ({ mechanism: 'PLAIN' })],
    ['an unknown mechanism where nobody logs in', () => ({ mechanism: 'NONE' })],
  ]),
  ...requests(saslAuthenticate, [['where nobody logs in', () => ({ authBytes: Buffer.from('\0user\0password') })]]),
];
