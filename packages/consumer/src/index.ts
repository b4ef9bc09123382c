export { SimpleConsumer } from './simple-consumer.ts';
export { BalancedConsumer } from './balanced-consumer.ts';
export type { BalancedConsumerOptions, GroupProtocol, PlacesAfterRebalance } from './balanced-options.ts';
export type { Assignor, GroupSubscription, OwnAssignment, RacksOf } from './group/assignors/assignor.ts';
export type { AssignorName } from './group/assignors/named.ts';
export { ShareConsumer } from './share/share-consumer.ts';
export type { Acknowledged, ShareConsumerOptions } from './share/share-options.ts';
export type { AcknowledgeType } from './share/acknowledge-type.ts';
export type { ShareBatch } from './share/share-batch.ts';
export type { ShareCommitResult } from './share/acknowledgement-results.ts';
export type { ShareStats } from './share/share-engine.ts';
export type { ShareHealth, SharePartitionHealth, SharePartitionState } from './share/share-health.ts';
export type { ShareMessage } from './share/share-message.ts';
export type { AfterFailure, ShareHandler, ShareRunOptions } from './share/share-run-options.ts';
export { lastMessages, type LastMessagesOptions } from './last-messages.ts';
export type { CallOptions } from './call-options.ts';
export type { Consumer, ConsumerStats } from './consumer.ts';
export type { ConsumerHealth, PartitionHealth, PartitionState } from './partition-health.ts';
export { nodeStream, webStream } from './streams.ts';
export type { PartitionLag, ResolvedOffset } from './lag.ts';
export type { ConsumerPartition, PartitionKey } from './consumer-partitions.ts';
export type { CommitSpec } from './offsets-to-commit.ts';
export type { Handler, HandlerContext, RunOptions } from './run/run-options.ts';
export type { HandlerTransaction, ProcessHandler, ProcessOptions } from './processor/process-options.ts';
export type { Unparsable } from './unparsable.ts';
export type { ConsumerOptions, SimpleConsumerOptions } from './options.ts';
export type { Message } from './message.ts';
export {
  type Deserializer,
  type DeserializerContext,
  type Deserializers,
  type FieldDeserializer,
  jsonDeserializer,
  type PairDeserializer,
} from './deserializer.ts';
export type { MessageBatch } from './message-batch.ts';
// What every program needs, so that one installation runs it.
export { KafkaClient, OffsetType, Topic } from '@tskafka/core';
export type { ClientOptions, Isolation, Logger, OffsetSpec, PartitionInfo, TopicPartition } from '@tskafka/core';
export {
  AuthenticationError,
  BrokerError,
  ClosedError,
  CorruptRecordError,
  KafkaError,
  LogTruncationError,
  NoBrokersAvailableError,
  ProtocolError,
  SocketDisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from '@tskafka/core';
