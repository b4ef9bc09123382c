export { KafkaClient } from './client.ts';
export type { ClientOptions, Logger } from './options.ts';
export { type PartitionInfo, Topic } from './topic.ts';
export type { TopicPartition } from './topic-partition.ts';
export type { BrokerNode } from './cluster/metadata-cache.ts';
export { type OffsetSpec, OffsetType } from './offsets/offset.ts';
export type { Isolation } from './offsets/offsets-request.ts';
export type { ResolveOptions } from './offsets/resolve.ts';
export { createTopics, type CreateTopicsOptions, deleteTopics, type NewTopic, type TopicResults } from './admin/topics.ts';
export type { AdminOptions } from './admin/admin-options.ts';
export { type Results, valuesOf } from './admin/results.ts';
export type { AclOperation } from './admin/acl-operations.ts';
export { describeApiVersions } from './admin/api-versions.ts';
export { alterConfigs, type AlterConfigsOptions, type ConfigChange } from './admin/alter-configs.ts';
export type { ConfigResource, ConfigResourceType } from './admin/config-resource.ts';
export { createPartitions, type CreatePartitionsOptions, type NewPartitions } from './admin/create-partitions.ts';
export { deleteRecords, type RecordsToDelete } from './admin/delete-records.ts';
export { type BrokerDescription, type ClusterDescription, describeCluster, type DescribeClusterOptions } from './admin/describe-cluster.ts';
export {
  type ConfigEntry,
  type ConfigSource,
  type ConfigSynonym,
  type ConfigValueType,
  describeConfigs,
  type DescribeConfigsOptions,
} from './admin/describe-configs.ts';
export { describeTopics, type DescribeTopicsOptions, type PartitionDescription, type TopicDescription } from './admin/describe-topics.ts';
export { electLeaders, type ElectionType } from './admin/elect-leaders.ts';
export {
  describeFeatures,
  type DescribeFeaturesOptions,
  type FeatureMetadata,
  type FeatureRange,
  type FeatureUpdate,
  updateFeatures,
  type UpdateFeaturesOptions,
} from './admin/features.ts';
export { listConfigResources } from './admin/list-config-resources.ts';
export { type ListedOffset, listOffsets, type ListOffsetsOptions, type LogPlace, type PartitionPlace } from './admin/list-offsets.ts';
export { listTimestamps, type ListTimestampsOptions } from './admin/list-timestamps.ts';
export type { PartitionOffset } from './admin/search-timestamps.ts';
export {
  addRaftVoter,
  describeMetadataQuorum,
  type QuorumDescription,
  type QuorumReplica,
  type RaftEndpoint,
  type RaftVoter,
  type RaftVoterOptions,
  removeRaftVoter,
} from './admin/quorum.ts';
export {
  alterPartitionReassignments,
  type AlterReassignmentsOptions,
  listPartitionReassignments,
  type NewReassignment,
  type PartitionReassignment,
} from './admin/reassignments.ts';
export {
  alterReplicaLogDirs,
  describeReplicaLogDirs,
  type Replica,
  type ReplicaLogDirs,
  type ReplicaMove,
  type ReplicaPlace,
} from './admin/replica-log-dirs.ts';
export type { TopicId } from './admin/topic-id.ts';
export { describeLogDirs, type LogDir, type LogDirReplica } from './admin/log-dirs.ts';
export { unregisterBroker } from './admin/unregister-broker.ts';
export { describeGroups, type DescribeGroupsOptions, type GroupDescription } from './admin/describe-groups.ts';
export type { GroupMember } from './admin/group-member.ts';
export { type MemberToRemove, removeGroupMembers, type RemoveGroupMembersOptions } from './admin/group-members.ts';
export { alterGroupOffsets, deleteGroupOffsets } from './admin/alter-group-offsets.ts';
export { type GroupOffset, groupOffsets, type GroupOffsetsOptions } from './admin/group-offsets.ts';
export {
  deleteGroups,
  type GroupListing,
  type GroupState,
  type GroupType,
  type ListedGroup,
  listGroups,
  type ListGroupsOptions,
} from './admin/groups.ts';
export { type Acl, type AclFilter, type AclResourceType, createAcls, deleteAcls, describeAcls, type NewAcl } from './admin/acls.ts';
export {
  alterClientQuotas,
  type AlterClientQuotasOptions,
  type ClientQuota,
  describeClientQuotas,
  type QuotaChange,
  type QuotaEntity,
  type QuotaFilter,
} from './admin/client-quotas.ts';
export {
  createDelegationToken,
  type CreateDelegationTokenOptions,
  type DelegationToken,
  describeDelegationTokens,
  expireDelegationToken,
  renewDelegationToken,
} from './admin/delegation-tokens.ts';
export {
  abortTransaction,
  describeProducers,
  type DescribeProducersOptions,
  type HangingTransaction,
  type ProducerState,
} from './admin/producers.ts';
export {
  alterUserScramCredentials,
  describeUserScramCredentials,
  type ScramChange,
  type ScramCredential,
  type ScramMechanism,
} from './admin/scram-users.ts';
export {
  describeTransactions,
  type FencedProducer,
  fenceProducers,
  forceTerminateTransaction,
  type ListedTransaction,
  listTransactions,
  type ListTransactionsOptions,
  type TransactionDescription,
  type TransactionListing,
  type TransactionState,
} from './admin/transactions.ts';
export { alterShareGroupOffsets, deleteShareGroupOffsets, type ShareGroupOffset, shareGroupOffsets } from './admin/share-group-offsets.ts';
export { tcpTransport, type SslOptions, type TcpTransportOptions } from './connection/tcp-transport.ts';
export type { SaslContext, SaslMechanism, SaslSession, SecretSource } from './connection/sasl/mechanism.ts';
export type { OauthBearerProvider, OauthBearerToken } from './connection/sasl/oauthbearer.ts';
export type { OidcOptions } from './connection/sasl/oidc.ts';
export type { SaslOptions } from './connection/sasl/options.ts';
export type { HeadersToSend, MessageBytes, MessageSink, MessageToSend } from './message-sink.ts';
export type { OpenTransaction, TransactionSource } from './offsets/transaction-source.ts';
export type { GroupMetadata, OffsetSource } from './offsets/offset-source.ts';
export type { OffsetToCommit } from './offsets/commit.ts';
export type { BrokerAddress, Transport, TransportEvents, TransportStream } from './transport.ts';
export type { Clock, Random, Timer } from './clock.ts';
export type { Diagnostics } from './diagnostics.ts';
export {
  AuthenticationError,
  BrokerError,
  ClosedError,
  CorruptRecordError,
  KafkaError,
  LogTruncationError,
  NoBrokersAvailableError,
  type Persistence,
  ProducerFencedError,
  ProducerQueueFullError,
  ProtocolError,
  SocketDisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from './errors.ts';
