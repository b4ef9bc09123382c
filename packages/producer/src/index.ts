export { type CloseOptions, type FlushOptions, Producer } from './producer.ts';
export { type GroupOffsets, Transaction } from './transactions/transaction.ts';
export { type TopicMessage, TopicProducer } from './topic-producer.ts';
export {
  jsonSerializer,
  type FieldSerializer,
  type PairSerializer,
  type Serializer,
  type SerializerContext,
  type Serializers,
} from './serializer.ts';
export type { StandardSchema } from './standard-schema.ts';
export { type ProducerInterceptor, withHeaders } from './interceptors.ts';
export type { DeliveryReport } from './delivery-reports.ts';
export type { ProducerStats } from './producer-stats.ts';
export type { ProducerOptions } from './options.ts';
export type { ProducerMessage, RecordMetadata } from './message.ts';
export {
  type MessageToPlace,
  murmur2Partitioner,
  type Partitioner,
  type PartitionerArguments,
  type PartitionToChoose,
} from './partitioner.ts';
export {
  consistentPartitioner,
  consistentRandomPartitioner,
  fnv1aPartitioner,
  fnv1aRandomPartitioner,
  murmur2OfAllPartitioner,
} from './partitioners/librdkafka.ts';
export { groupHashingPartitioner, type HashFunction, hashingPartitioner, roundRobinPartitioner } from './partitioners/pykafka.ts';

// One install runs a program, also where packages see only their own dependencies.
export { KafkaClient, OffsetType } from '@tskafka/core';
export type {
  ClientOptions,
  HeadersToSend,
  Logger,
  MessageBytes,
  MessageSink,
  MessageToSend,
  OffsetSource,
  OffsetToCommit,
  Persistence,
  Topic,
} from '@tskafka/core';
export {
  AuthenticationError,
  BrokerError,
  ClosedError,
  CorruptRecordError,
  KafkaError,
  NoBrokersAvailableError,
  ProducerFencedError,
  ProducerQueueFullError,
  ProtocolError,
  SocketDisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from '@tskafka/core';
