import type { ApiName } from '../api-name.ts';

/** The releases of Kafka that the mock can pass for, oldest first. */
export const kafkaReleases = [
  ...['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'],
  ...['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9'],
  ...['4.0', '4.1', '4.2', '4.3'],
] as const;

export type KafkaRelease = (typeof kafkaReleases)[number];

export const newestRelease: KafkaRelease = '4.3';

/**
 * `2.4:8` says that brokers take version 8 from 2.4 on. As ApiKeys of each release's kafka-clients has it, versions that were not stable yet
 * left out, but for previews that brokers named and refused until they were told otherwise: the consumer groups of 3.7 to 3.9 (KIP-848) and
 * the share groups of 4.1 (KIP-932).
 */
const newestVersions: Partial<Record<ApiName, string>> = {
  Produce: '2.1:7 2.4:8 2.8:9 3.7:10 3.8:11 4.0:12 4.1:13',
  Fetch: '2.1:10 2.3:11 2.7:12 3.1:13 3.5:15 3.7:16 3.9:17 4.1:18',
  ListOffsets: '2.1:4 2.2:5 2.8:6 3.0:7 3.5:8 3.9:9 4.0:10 4.2:11',
  Metadata: '2.1:7 2.3:8 2.4:9 2.8:11 3.1:12 4.0:13',
  OffsetCommit: '2.1:6 2.3:7 2.4:8 3.7:9 4.2:10',
  OffsetFetch: '2.1:5 2.4:6 2.5:7 3.0:8 3.7:9 4.2:10',
  JoinGroup: '2.1:3 2.2:4 2.3:5 2.4:6 2.5:7 3.2:9',
  SyncGroup: '2.1:2 2.3:3 2.4:4 2.5:5',
  Heartbeat: '2.1:2 2.3:3 2.4:4',
  LeaveGroup: '2.1:2 2.4:4 3.2:5',
  FindCoordinator: '2.1:2 2.4:3 3.0:4 3.8:5 3.9:6',
  DescribeGroups: '2.1:2 2.3:3 2.4:5 4.0:6',
  ListGroups: '2.1:2 2.4:3 2.6:4 3.8:5',
  SaslHandshake: '2.1:1',
  ApiVersions: '2.1:2 2.4:3 3.9:4',
  CreateTopics: '2.1:3 2.4:5 2.7:6 2.8:7',
  DeleteTopics: '2.1:3 2.4:4 2.7:5 2.8:6',
  DeleteRecords: '2.1:1 2.6:2',
  InitProducerId: '2.1:1 2.4:2 2.5:3 2.7:4 3.8:5',
  AddPartitionsToTxn: '2.1:1 2.7:2 2.8:3 3.6:4 3.8:5',
  AddOffsetsToTxn: '2.1:1 2.7:2 2.8:3 3.8:4',
  EndTxn: '2.1:1 2.7:2 2.8:3 3.8:4 4.0:5',
  WriteTxnMarkers: '2.1:0 2.8:1 4.2:2',
  TxnOffsetCommit: '2.1:2 2.5:3 3.8:4 4.0:5',
  OffsetForLeaderEpoch: '2.1:2 2.3:3 2.8:4',
  DescribeConfigs: '2.1:2 2.6:3 2.8:4',
  AlterConfigs: '2.1:1 2.8:2',
  IncrementalAlterConfigs: '2.3:0 2.4:1',
  ListConfigResources: '3.7:0 4.1:1',
  SaslAuthenticate: '2.1:0 2.2:1 2.5:2',
  AlterPartitionReassignments: '2.4:0 4.1:1',
  ListPartitionReassignments: '2.4:0',
  ElectLeaders: '2.2:0 2.4:2',
  AlterReplicaLogDirs: '2.1:1 2.8:2',
  DescribeLogDirs: '2.1:1 2.6:2 3.2:3 3.3:4 4.3:5',
  DescribeQuorum: '3.0:0 3.3:1 3.9:2',
  UpdateFeatures: '2.7:0 3.3:1 4.0:2',
  UnregisterBroker: '3.3:0',
  AddRaftVoter: '3.9:0 4.2:1',
  RemoveRaftVoter: '3.9:0',
  GetTelemetrySubscriptions: '3.7:0',
  PushTelemetry: '3.7:0',
  CreatePartitions: '2.1:1 2.5:2 2.7:3',
  DeleteGroups: '2.1:1 2.4:2',
  OffsetDelete: '2.4:0',
  DescribeCluster: '2.8:0 3.7:1 4.0:2',
  ConsumerGroupHeartbeat: '4.0:1',
  ConsumerGroupDescribe: '4.0:1',
  DescribeProducers: '2.8:0',
  DescribeTransactions: '3.0:0',
  ListTransactions: '3.0:0 3.8:1 4.1:2',
  DescribeTopicPartitions: '3.8:0',
  CreateDelegationToken: '2.1:1 2.4:2 3.3:3',
  RenewDelegationToken: '2.1:1 2.5:2',
  ExpireDelegationToken: '2.1:1 2.5:2',
  DescribeDelegationToken: '2.1:1 2.5:2 3.3:3',
  DescribeUserScramCredentials: '2.7:0',
  AlterUserScramCredentials: '2.7:0',
  DescribeClientQuotas: '2.6:0 2.8:1',
  AlterClientQuotas: '2.6:0 2.8:1',
  DescribeAcls: '2.1:1 2.5:2 3.3:3',
  CreateAcls: '2.1:1 2.5:2 3.3:3',
  DeleteAcls: '2.1:1 2.5:2 3.3:3',
  ShareGroupHeartbeat: '4.2:1',
  ShareGroupDescribe: '4.2:1',
  ShareFetch: '4.2:2',
  ShareAcknowledge: '4.2:2',
  DescribeShareGroupOffsets: '4.2:1',
  AlterShareGroupOffsets: '4.2:0',
  DeleteShareGroupOffsets: '4.2:0',
};

/** The newest version of an API that brokers of this release take; undefined when they do not have it. */
export function newestVersionIn(release: KafkaRelease, api: ApiName): number | undefined {
  let newest: number | undefined;
  for (const step of newestVersions[api]?.split(' ') ?? []) {
    const [since, version] = step.split(':') as [KafkaRelease, string];
    if (isAtLeast(release, since)) newest = Number(version);
  }
  return newest;
}

export function isAtLeast(release: KafkaRelease, since: KafkaRelease): boolean {
  return kafkaReleases.indexOf(release) >= kafkaReleases.indexOf(since);
}

/** Reads `2.8` and `2.8.1` alike. */
export function parseRelease(text: string): KafkaRelease {
  const release = kafkaReleases.find((known) => text === known || text.startsWith(`${known}.`));
  if (release !== undefined) return release;
  throw new RangeError(`the mock can act as Kafka ${kafkaReleases[0]} to ${newestRelease}, not '${text}'`);
}
