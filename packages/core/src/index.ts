export { KafkaClient } from './client.ts';
export type { ClientOptions, Logger } from './options.ts';
export { type PartitionInfo, Topic } from './topic.ts';
export type { TopicPartition } from './topic-partition.ts';
export type { BrokerNode } from './cluster/metadata-cache.ts';
export { type OffsetSpec, OffsetType } from './offsets/offset.ts';
export type { Isolation, ResolveOptions } from './offsets/resolve.ts';
export { createTopics, deleteTopics, type NewTopic, type TopicResults } from './admin/topics.ts';
export type { AdminOptions } from './admin/admin-options.ts';
export { type Results, valuesOf } from './admin/results.ts';
export { deleteRecords, type RecordsToDelete } from './admin/delete-records.ts';
export { describeLogDirs, type LogDir, type LogDirReplica } from './admin/log-dirs.ts';
export { unregisterBroker } from './admin/unregister-broker.ts';
export { deleteGroups, type GroupOffset, groupOffsets, type GroupResults, type ListedGroup, listGroups } from './admin/groups.ts';
export { tcpTransport, type SslOptions, type TcpTransportOptions } from './connection/tcp-transport.ts';
export type { SaslContext, SaslMechanism, SaslSession, SecretSource } from './connection/sasl/mechanism.ts';
export type { OauthBearerProvider, OauthBearerToken } from './connection/sasl/oauthbearer.ts';
export type { OidcOptions } from './connection/sasl/oidc.ts';
export type { SaslOptions } from './connection/sasl/options.ts';
export type { HeadersToSend, MessageBytes, MessageSink, MessageToSend } from './message-sink.ts';
export type { OpenTransaction, TransactionSource } from './offsets/transaction-source.ts';
export type { GroupMetadata, OffsetSource } from './offsets/offset-source.ts';
export type { OffsetToCommit } from './offsets/committed.ts';
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
