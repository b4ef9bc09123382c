import { apis, zeroUuid } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { describeQuorum, addRaftVoter, removeRaftVoter, updateFeatures, unregisterBroker, describeCluster } = apis;

const of = (topicName: string, ...partitions: number[]) => ({
  topics: [{ topicName, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
});

/** How far the controllers' log has come, and which of them leads. */
const mask = ['leaderId', 'leaderEpoch', 'highWatermark', 'logEndOffset', 'lastFetchTimestamp', 'lastCaughtUpTimestamp'];

async function clusterId(talk: Talk): Promise<string> {
  const { clusterId } = await talk.peek(describeCluster, { includeClusterAuthorizedOperations: false });
  return clusterId;
}

const directoryId = 'AQIDBAUGBwgJCgsMDQ4PEA';
const voter = { voterId: 9, voterDirectoryId: directoryId };
const listeners = [{ name: 'CONTROLLER', host: 'localhost', port: 1 }];

/** Nothing of this is done: the cluster goes on as it is. */
const update = (version: number, feature: string, maxVersionLevel: number, upgradeType = 1) => ({
  featureUpdates: [{ feature, maxVersionLevel, ...(version >= 1 ? { upgradeType } : { allowDowngrade: upgradeType > 1 }) }],
  ...(version >= 1 && { validateOnly: true }),
});

export const quorumScenarios: Scenario[] = [
  ...([1, 3] as const).map((nodes): Scenario => ({
    ...{ api: describeQuorum, nodes, title: `${nodes} controllers` },
    run: async (talk) => void (await talk.ask(describeQuorum, of('__cluster_metadata', 0), { mask })),
  })),
  ...requests(describeQuorum, [
    ['another topic', () => of('topic', 0)],
    ['another partition', () => of('__cluster_metadata', 1)],
    ['too many partitions', () => of('__cluster_metadata', 0, 1)],
    ['no partitions', () => of('__cluster_metadata')],
    ['no topics', () => ({ topics: [] })],
    ['the topic and another', () => ({ topics: [...of('__cluster_metadata', 0).topics, ...of('topic', 0).topics] })],
  ]),
  ...requests(addRaftVoter, [
    ['where voters are configured', async (talk) => ({ clusterId: await clusterId(talk), timeoutMs: 1000, ...voter, listeners })],
    ['of any cluster', () => ({ clusterId: null, timeoutMs: 1000, ...voter, listeners })],
    ['without listeners', () => ({ clusterId: null, timeoutMs: 1000, ...voter, listeners: [] })],
    ['of a voter that is there', () => ({ clusterId: null, timeoutMs: 1000, ...voter, voterId: 1, listeners })],
    ['without a folder', () => ({ clusterId: null, timeoutMs: 1000, ...voter, voterDirectoryId: zeroUuid, listeners })],
  ]),
  ...requests(removeRaftVoter, [
    ['where voters are configured', async (talk) => ({ clusterId: await clusterId(talk), ...voter })],
    ['of any cluster', () => ({ clusterId: null, ...voter })],
    ['without a folder', () => ({ clusterId: null, ...voter, voterDirectoryId: zeroUuid })],
  ]),
  {
    api: addRaftVoter,
    title: 'of another cluster',
    run: async (talk) => {
      await talk.ask(describeCluster, { includeClusterAuthorizedOperations: false });
      await talk.ask(addRaftVoter, { clusterId: 'another', timeoutMs: 1000, ...voter, listeners });
    },
  },
  {
    api: removeRaftVoter,
    title: 'of another cluster',
    run: async (talk) => {
      await talk.ask(describeCluster, { includeClusterAuthorizedOperations: false });
      await talk.ask(removeRaftVoter, { clusterId: 'another', ...voter });
    },
  },
  ...requests(updateFeatures, [
    ['an unknown feature', (_, version) => update(version, 'no.such.feature', 1)],
    ['a feature without a name', (_, version) => update(version, '', 1)],
    ['a level that does not exist', (_, version) => update(version, 'group.version', 99)],
    ['a level below zero', (_, version) => update(version, 'group.version', -1)],
    ['a lower level where only a higher one is asked for', (_, version) => update(version, 'group.version', 0)],
    ['a level of metadata that does not exist', (_, version) => update(version, 'metadata.version', 999)],
    ['no metadata at all', (_, version) => update(version, 'metadata.version', 0, 2)],
    ['a lower metadata version', (_, version) => update(version, 'metadata.version', 7)],
    ['nothing', () => ({ featureUpdates: [] })],
  ]),
  ...requests(
    updateFeatures,
    [
      ['a lower level, looked at only', (_, version) => update(version, 'group.version', 0, 2)],
      ['a lower level without safety, looked at only', (_, version) => update(version, 'group.version', 0, 3)],
      ['the level that it has, looked at only', (_, version) => update(version, 'group.version', 1)],
      ['an upgrade of no kind', (_, version) => update(version, 'group.version', 1, 9)],
      [
        'one that is fine and one that is not',
        (_, version) => ({
          featureUpdates: [...update(version, 'group.version', 1).featureUpdates, ...update(version, 'none', 1).featureUpdates],
          validateOnly: true,
        }),
      ],
    ],
    { since: 1 },
  ),
  ...requests(unregisterBroker, [
    ['an unknown broker', () => ({ brokerId: 99 })],
    ['a broker below zero', () => ({ brokerId: -1 })],
  ]),
];
