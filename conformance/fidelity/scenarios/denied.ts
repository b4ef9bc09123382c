import { apis, type Api } from '@tskafka/core/protocol';
import { acl, type AclSpec, filterOf, saltedPassword } from '../../access/fixture.ts';
import type { Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { commitRequest, committedRequest, fetchRequest, listOffsetsRequest, nowhere, produceRequest, valuesBatch } from './requests.ts';
import { nobodysId, shareBeat, ShareMember } from './share-member.ts';

/** What a user is told who may do nothing of what the request wants. Nobody keeps a node from telling that it has not heard of the ban yet: it is asked again then. */

type Kind = 'cluster' | 'topic' | 'group' | 'transactionalId';
const all: readonly Kind[] = ['cluster', 'topic', 'group', 'transactionalId'];

/** Takes from the user all that bears a name of this scenario, and the cluster. */
function bans(talk: Talk, principal: string, kinds: readonly Kind[]): AclSpec[] {
  return kinds.map((type) => ({
    ...{ type, principal, permission: 'deny' },
    ...(type === 'cluster' ? { name: 'kafka-cluster' } : { name: talk.token, pattern: 'prefixed' }),
  }));
}

async function ask<Request, Response>(
  talk: Talk,
  api: Api<Request, Response>,
  request: Request,
  { kinds = all, mask = [] as readonly string[], own = undefined as string | undefined } = {},
): Promise<void> {
  const as = talk.name('user');
  const principal = `User:${as}`;
  const creations = bans(talk, principal, kinds).map(acl);
  await talk.peek(apis.createAcls, { creations });
  try {
    for (const node of [1, 2, 3]) {
      await talk.until(`node ${node} knows what ${as} may not`, async () => {
        const { resources } = await talk.peek(apis.describeAcls, filterOf(principal), { node });
        return resources.length === creations.length;
      });
    }
    await talk.ask(api, request, { as, mask, ...(own !== undefined && { own }) });
  } finally {
    await talk.peek(apis.deleteAcls, { filters: [filterOf(principal)] });
  }
}

/** A scenario for an API: the user is denied all that the request names, in every version. */
function denied<Request, Response>(
  api: Api<Request, Response>,
  request: (talk: Talk, version: number) => Request | Promise<Request>,
  options: Parameters<typeof ask>[3] & { readonly title?: string } = {},
): Scenario {
  const { title = 'of a user who may not', ...rest } = options;
  return { api, nodes: 3, title, run: async (talk, version) => ask(talk, api, await request(talk, version), rest) };
}

const topicOn1 = (talk: Talk) => talk.topic({ assignments: [[1]] });
const change = { configs: [{ name: 'retention.ms', configOperation: 0, value: '1' }] };

export const deniedScenarios: Scenario[] = [
  denied(apis.alterPartitionReassignments, async (talk) => ({
    topics: [{ name: (await topicOn1(talk)).name, partitions: [{ partitionIndex: 0, replicas: [2] }] }],
  })),
  denied(apis.listPartitionReassignments, () => ({ topics: null })),
  denied(apis.electLeaders, async (talk) => ({ topicPartitions: [{ topic: (await topicOn1(talk)).name, partitions: [0] }] })),
  denied(apis.describeLogDirs, async (talk) => ({ topics: [{ topic: (await topicOn1(talk)).name, partitions: [0] }] })),
  denied(apis.alterReplicaLogDirs, async (talk) => ({
    dirs: [{ path: '/x', topics: [{ name: (await topicOn1(talk)).name, partitions: [0] }] }],
  })),
  denied(apis.describeQuorum, () => ({ topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] })),
  denied(apis.addRaftVoter, () => ({
    ...{ clusterId: null, timeoutMs: 1000, voterId: 9, voterDirectoryId: nowhere.id },
    listeners: [{ name: 'CONTROLLER', host: 'localhost', port: 1 }],
  })),
  denied(apis.removeRaftVoter, () => ({ clusterId: null, voterId: 9, voterDirectoryId: nowhere.id })),
  denied(apis.updateFeatures, () => ({ featureUpdates: [{ feature: 'group.version', maxVersionLevel: 1 }] })),
  denied(apis.unregisterBroker, () => ({ brokerId: 99 })),
  denied(apis.describeClientQuotas, () => ({ components: [], strict: false })),
  denied(apis.alterClientQuotas, (talk) => ({
    entries: [
      {
        entity: [{ entityType: 'user', entityName: talk.name('user') }],
        ops: [{ key: 'producer_byte_rate', value: 1, remove: false }],
      },
    ],
    validateOnly: false,
  })),
  denied(apis.describeUserScramCredentials, (talk) => ({ users: [{ name: talk.name('user') }] })),
  denied(apis.alterUserScramCredentials, (talk) => ({
    deletions: [],
    upsertions: [{ name: talk.name('user'), ...saltedPassword('SCRAM-SHA-256', 'secret') }],
  })),
  denied(apis.listConfigResources, () => ({})),
  denied(apis.describeAcls, () => filterOf('User:alice')),
  denied(apis.createAcls, (talk) => ({ creations: [acl({ name: talk.name('topic'), principal: 'User:alice' })] })),
  denied(apis.deleteAcls, () => ({ filters: [filterOf('User:nobody')] })),
  denied(apis.describeConfigs, async (talk) => ({
    resources: [
      { resourceType: 2, resourceName: (await topicOn1(talk)).name, configurationKeys: null },
      { resourceType: 4, resourceName: '1', configurationKeys: null },
      { resourceType: 32, resourceName: talk.name('group'), configurationKeys: null },
      { resourceType: 16, resourceName: talk.name('metrics'), configurationKeys: null },
    ],
  })),
  denied(apis.alterConfigs, async (talk) => ({
    resources: [
      { resourceType: 2, resourceName: (await topicOn1(talk)).name, configs: [{ name: 'retention.ms', value: '1' }] },
      { resourceType: 4, resourceName: '1', configs: [{ name: 'log.cleaner.threads', value: '1' }] },
    ],
    validateOnly: true,
  })),
  denied(apis.incrementalAlterConfigs, async (talk) => ({
    resources: [
      { resourceType: 2, resourceName: (await topicOn1(talk)).name, ...change },
      { resourceType: 4, resourceName: '1', ...change },
      { resourceType: 8, resourceName: '1', ...change },
      { resourceType: 16, resourceName: talk.name('metrics'), ...change },
      { resourceType: 32, resourceName: talk.name('group'), ...change },
    ],
    validateOnly: true,
  })),
  denied(apis.describeProducers, async (talk) => ({ topics: [{ name: (await topicOn1(talk)).name, partitionIndexes: [0] }] })),
  denied(apis.describeTransactions, (talk) => ({ transactionalIds: [talk.name('transactional')] })),
  denied(apis.listTransactions, () => ({ stateFilters: [], producerIdFilters: [] }), { own: 'transactionStates' }),
  denied(apis.writeTxnMarkers, async (talk) => ({
    markers: [
      {
        ...{ producerId: 1, producerEpoch: 0, transactionResult: false, coordinatorEpoch: 0 },
        topics: [{ name: (await topicOn1(talk)).name, partitionIndexes: [0] }],
      },
    ],
  })),
  denied(apis.initProducerId, (talk) => ({ transactionalId: talk.name('transactional'), transactionTimeoutMs: 1000 })),
  denied(apis.initProducerId, () => ({ transactionalId: null, transactionTimeoutMs: 1000 }), { title: 'without a transactional id' }),
  denied(apis.addPartitionsToTxn, async (talk, version) => {
    const topics = [{ name: (await topicOn1(talk)).name, partitions: [0] }];
    const transactionalId = talk.name('transactional');
    if (version >= 4) return { transactions: [{ transactionalId, producerId: 1, producerEpoch: 0, topics }] };
    return {
      ...{ v3AndBelowTransactionalId: transactionalId, v3AndBelowProducerId: 1, v3AndBelowProducerEpoch: 0 },
      v3AndBelowTopics: topics,
    };
  }),
  denied(apis.addOffsetsToTxn, (talk) => ({
    transactionalId: talk.name('id'),
    producerId: 1,
    producerEpoch: 0,
    groupId: talk.name('group'),
  })),
  denied(apis.endTxn, (talk) => ({ transactionalId: talk.name('id'), producerId: 1, producerEpoch: 0, committed: true })),
  denied(apis.txnOffsetCommit, async (talk) => ({
    ...{ transactionalId: talk.name('id'), groupId: talk.name('group'), producerId: 1, producerEpoch: 0 },
    topics: [{ name: (await topicOn1(talk)).name, partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }],
  })),
  denied(apis.produce, async (talk) => produceRequest(await topicOn1(talk), valuesBatch('a'))),
  denied(apis.fetch, async (talk) => fetchRequest(await topicOn1(talk), 0)),
  denied(apis.listOffsets, async (talk) => listOffsetsRequest(await topicOn1(talk), -1)),
  denied(apis.offsetForLeaderEpoch, async (talk) => ({
    topics: [{ topic: (await topicOn1(talk)).name, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
  })),
  denied(apis.metadata, async (talk) => ({ topics: [{ name: (await topicOn1(talk)).name }] }), { mask: ['controllerId'] }),
  denied(apis.describeTopicPartitions, async (talk) => ({ topics: [{ name: (await topicOn1(talk)).name }] })),
  denied(apis.createTopics, (talk) => ({
    topics: [{ name: talk.name('new'), numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 1000,
  })),
  denied(apis.createPartitions, async (talk) => ({
    topics: [{ name: (await topicOn1(talk)).name, count: 2, assignments: null }],
    ...{ timeoutMs: 1000, validateOnly: true },
  })),
  denied(apis.deleteTopics, async (talk, version) => {
    const { name } = await topicOn1(talk);
    return version >= 6
      ? { topics: [{ name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }], timeoutMs: 1000 }
      : { topicNames: [name], timeoutMs: 1000 };
  }),
  denied(apis.deleteRecords, async (talk) => ({
    topics: [{ name: (await topicOn1(talk)).name, partitions: [{ partitionIndex: 0, offset: 0 }] }],
    timeoutMs: 1000,
  })),
  denied(apis.offsetCommit, async (talk) => commitRequest(talk.name('group'), await topicOn1(talk), 1)),
  denied(apis.offsetFetch, async (talk, version) => committedRequest(version, talk.name('group'), [await topicOn1(talk)], [0])),
  denied(apis.offsetDelete, async (talk) => ({
    groupId: talk.name('group'),
    topics: [{ name: (await topicOn1(talk)).name, partitions: [{ partitionIndex: 0 }] }],
  })),
  denied(apis.findCoordinator, (talk, version) => (version >= 4 ? { coordinatorKeys: [talk.name('group')] } : { key: talk.name('group') })),
  denied(apis.describeGroups, (talk) => ({ groups: [talk.name('group')] })),
  denied(apis.deleteGroups, (talk) => ({ groupsNames: [talk.name('group')] })),
  denied(apis.consumerGroupHeartbeat, async (talk) => ({
    ...{ groupId: talk.name('group'), memberId: `${nobodysId}1`, memberEpoch: 0, rebalanceTimeoutMs: 1000, topicPartitions: [] },
    subscribedTopicNames: [(await topicOn1(talk)).name],
  })),
  denied(apis.consumerGroupDescribe, (talk) => ({ groupIds: [talk.name('group')], includeAuthorizedOperations: false })),
  denied(apis.shareGroupHeartbeat, (talk) => shareBeat(talk.name('group'), `${nobodysId}1`, 0, ['a'])),
  denied(apis.shareGroupDescribe, (talk) => ({ groupIds: [talk.name('group')], includeAuthorizedOperations: false })),
  denied(apis.describeShareGroupOffsets, async (talk) => ({
    groups: [{ groupId: talk.name('group'), topics: [{ topicName: (await topicOn1(talk)).name, partitions: [0] }] }],
  })),
  denied(apis.alterShareGroupOffsets, async (talk) => ({
    groupId: talk.name('group'),
    topics: [{ topicName: (await topicOn1(talk)).name, partitions: [{ partitionIndex: 0, startOffset: 0 }] }],
  })),
  denied(apis.deleteShareGroupOffsets, async (talk) => ({
    groupId: talk.name('group'),
    topics: [{ topicName: (await topicOn1(talk)).name }],
  })),
  denied(apis.shareFetch, async (talk) => new ShareMember(talk, talk.name('group'), await topicOn1(talk)).fetching({ maxWaitMs: 0 })),
  denied(apis.shareAcknowledge, async (talk) => new ShareMember(talk, talk.name('group'), await topicOn1(talk)).acknowledging([])),
  denied(apis.shareFetch, async (talk) => new ShareMember(talk, talk.name('group'), await topicOn1(talk)).fetching({ maxWaitMs: 0 }), {
    kinds: ['topic'],
    title: 'of a user who may not read the topic',
  }),
  {
    api: apis.shareAcknowledge,
    nodes: 3,
    title: 'of a user who may not read the topic',
    run: async (talk) => {
      const member = new ShareMember(talk, talk.name('group'), await topicOn1(talk));
      await talk.peek(apis.shareFetch, member.fetching({ maxWaitMs: 0 }));
      member.sessionEpoch++;
      await ask(talk, apis.shareAcknowledge, member.acknowledging([{ firstOffset: 0, lastOffset: 0, acknowledgeTypes: [1] }]), {
        kinds: ['topic'],
      });
    },
  },
];
