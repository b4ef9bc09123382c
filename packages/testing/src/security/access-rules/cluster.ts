import { errorCodes } from '@tskafka/core/protocol';
import type { Operation } from '../acl.ts';
import { AccessRule, authorizationMessages, type Need, onCluster } from '../access-rule.ts';

/** What stands behind a cluster's refusal: `Request needs ALTER permission.` */
const text = (operation: string): string => `Request needs ${operation} permission.`;
const cluster = (operation: Operation) => (): Need => onCluster(operation);

const configType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Configurations are asked for where they are kept: at a topic, a group, or the cluster. */
function configNeed(operation: Operation, { resourceType, resourceName }: ConfigResource): Need | undefined {
  switch (resourceType) {
    case configType.topic:
      return [operation, 'topic', resourceName];
    case configType.group:
      return [operation, 'group', resourceName];
    case configType.broker:
    case configType.clientMetrics:
      return onCluster(operation);
    case configType.brokerLogger:
      return onCluster(operation === 'alterConfigs' ? 'clusterAction' : operation);
    default:
      return undefined;
  }
}

function refusedResource({ resourceType, resourceName }: ConfigResource, errorCode: number) {
  return { errorCode, errorMessage: authorizationMessages[errorCode]!, resourceType, resourceName };
}

const nobody = { nodeId: -1, host: '', port: -1 };

/** What the APIs of the cluster, its configurations, users and quotas ask for. */
export const clusterRules = [
  new AccessRule('FindCoordinator')
    .step(({ key, keyType }, context) => {
      if (context.version >= 4) return undefined;
      const [need, errorCode] = coordinatorNeed(keyType, key) ?? [];
      if (need === undefined || context.access.may(...need)) return undefined;
      return { answer: { ...nobody, errorCode: errorCode!, errorMessage: authorizationMessages[errorCode!]! } };
    })
    .each('coordinatorKeys', 'coordinators', {
      // Share coordinators are for brokers, and were not there before version 6.
      need: (key, { version }, { keyType }) => (keyType === 2 && version < 6 ? undefined : coordinatorNeed(keyType, key)?.[0]),
      refused: (key, errorCode) => ({ key, ...nobody, errorCode, errorMessage: '' }),
      place: 'asAsked',
    }),
  new AccessRule('DescribeConfigs').each('resources', 'results', {
    need: (resource) => configNeed('describeConfigs', resource),
    refused: (resource, errorCode) => ({ ...refusedResource(resource, errorCode), configs: [] }),
  }),
  new AccessRule('AlterConfigs').each('resources', 'responses', {
    need: (resource) => configNeed('alterConfigs', resource),
    refused: refusedResource,
  }),
  new AccessRule('IncrementalAlterConfigs').each('resources', 'responses', {
    need: (resource) => configNeed('alterConfigs', resource),
    // Loggers are looked after by another part of the broker, which says nothing.
    refused: (resource, errorCode) => ({
      ...refusedResource(resource, errorCode),
      ...(resource.resourceType === configType.brokerLogger && { errorMessage: null }),
    }),
  }),
  new AccessRule('ListConfigResources').whole(cluster('describeConfigs'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    configResources: [],
  })),

  new AccessRule('DescribeAcls').whole(cluster('describe'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: text('DESCRIBE'),
    resources: [],
  })),
  new AccessRule('CreateAcls').whole(cluster('alter'), (errorCode, { creations }) => ({
    throttleTimeMs: 0,
    results: creations.map(() => ({ errorCode, errorMessage: text('ALTER') })),
  })),
  new AccessRule('DeleteAcls').whole(cluster('alter'), (errorCode, { filters }) => ({
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({ errorCode, errorMessage: text('ALTER'), matchingAcls: [] })),
  })),

  new AccessRule('DescribeClientQuotas').whole(cluster('describeConfigs'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: null,
    entries: null,
  })),
  new AccessRule('AlterClientQuotas').whole(cluster('alterConfigs'), (errorCode, { entries }) => ({
    throttleTimeMs: 0,
    entries: entries.map(({ entity }) => ({ entity, errorCode, errorMessage: authorizationMessages[errorCode]! })),
  })),
  new AccessRule('DescribeUserScramCredentials').whole(cluster('describe'), (errorCode, { users }) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: null,
    results: (users ?? []).map(() => ({ user: '', errorCode, errorMessage: null, credentialInfos: [] })),
  })),
  new AccessRule('AlterUserScramCredentials').whole(cluster('alter'), (errorCode, { deletions, upsertions }) => ({
    throttleTimeMs: 0,
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))]
      .sort()
      .map((user) => ({ user, errorCode, errorMessage: text('ALTER') })),
  })),

  new AccessRule('DescribeLogDirs').whole(cluster('describe'), (errorCode) => ({ throttleTimeMs: 0, errorCode, results: [] })),
  new AccessRule('AlterReplicaLogDirs').whole(cluster('alter'), (errorCode, { dirs }) => ({
    throttleTimeMs: 0,
    results: dirs.flatMap(({ topics }) =>
      topics.map(({ name, partitions }) => ({
        topicName: name,
        partitions: partitions.map((partitionIndex) => ({ partitionIndex, errorCode })),
      })),
    ),
  })),
  new AccessRule('ElectLeaders').whole(cluster('alter'), (errorCode, { topicPartitions }, { version }) => ({
    throttleTimeMs: 0,
    errorCode: version >= 1 ? errorCode : errorCodes.NONE, // before, only partitions have one
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage: text('ALTER') })),
    })),
  })),
  new AccessRule('AlterPartitionReassignments').whole(cluster('alter'), (errorCode, { topics }) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: text('ALTER'),
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage: text('ALTER') })),
    })),
  })),
  new AccessRule('ListPartitionReassignments').whole(cluster('describe'), (errorCode, { topics }) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: text('DESCRIBE'),
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, replicas: [], addingReplicas: [], removingReplicas: [] })),
    })),
  })),

  new AccessRule('UpdateFeatures').whole(cluster('alter'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: text('ALTER'),
    results: [],
  })),
  new AccessRule('UnregisterBroker').whole(cluster('alter'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: text('ALTER'),
  })),
  new AccessRule('DescribeQuorum').whole(cluster('describe'), (errorCode) => ({
    errorCode,
    errorMessage: authorizationMessages[errorCode]!,
    topics: [],
    nodes: [],
  })),
  new AccessRule('AddRaftVoter').whole(cluster('alter'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: authorizationMessages[errorCode]!,
  })),
  new AccessRule('RemoveRaftVoter').whole(cluster('alter'), (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: authorizationMessages[errorCode]!,
  })),
];

function coordinatorNeed(keyType: number, key: string): readonly [Need, number] | undefined {
  switch (keyType) {
    case 0:
      return [['describe', 'group', key], errorCodes.GROUP_AUTHORIZATION_FAILED];
    case 1:
      return [['describe', 'transactionalId', key], errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED];
    case 2:
      return [onCluster('clusterAction'), errorCodes.CLUSTER_AUTHORIZATION_FAILED];
    default:
      return undefined;
  }
}
