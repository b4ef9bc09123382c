// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry, zeroUuid } from '../writer.ts';

/** Metadata, versions 0 to 13. */
export const metadata: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 13,
  flexibleVersion: 9,
  writeRequest: writeMetadataRequest,
  readRequest: readMetadataRequest,
  writeResponse: writeMetadataResponse,
  readResponse: readMetadataResponse,
};

export interface MetadataRequest {
  /** null 1+ */
  topics: readonly MetadataRequestTopic[] | null;
  /** 4+, default true */
  allowAutoTopicCreation?: boolean;
  /** 8-10 */
  includeClusterAuthorizedOperations?: boolean;
  /** 8+ */
  includeTopicAuthorizedOperations?: boolean;
}

export interface MetadataRequestTopic {
  /** 10+ */
  topicId?: string;
  /** null 10+ */
  name: string | null;
}

export interface MetadataResponse {
  /** 3+ */
  throttleTimeMs?: number;
  brokers: readonly Broker[];
  /** 2+, default null */
  clusterId?: string | null;
  /** 1+, default -1 */
  controllerId?: number;
  topics: readonly MetadataResponseTopic[];
  /** 8-10, default -2147483648 */
  clusterAuthorizedOperations?: number;
  /** 13+ */
  errorCode?: number;
}

export interface MetadataResponseTopic {
  errorCode: number;
  /** null 12+ */
  name: string | null;
  /** 10+ */
  topicId?: string;
  /** 1+, default false */
  isInternal?: boolean;
  partitions: readonly Partition[];
  /** 8+, default -2147483648 */
  topicAuthorizedOperations?: number;
}

export interface Partition {
  errorCode: number;
  partitionIndex: number;
  leaderId: number;
  /** 7+, default -1 */
  leaderEpoch?: number;
  replicaNodes: readonly number[];
  isrNodes: readonly number[];
  /** 5+ */
  offlineReplicas?: readonly number[];
}

export interface Broker {
  nodeId: number;
  host: string;
  port: number;
  /** 1+, default null */
  rack?: string | null;
}

function writeMetadataRequest(w: Writer, v: number, m: MetadataRequest): void {
  if (v >= 1) w.nullableArray(v, m.topics, writeMetadataRequestTopic);
  else w.array(v, m.topics ?? cannotCarry('MetadataRequest', 'topics: null', v), writeMetadataRequestTopic);
  const allowAutoTopicCreation = m.allowAutoTopicCreation ?? true;
  if (v >= 4) w.bool(allowAutoTopicCreation);
  else if (allowAutoTopicCreation !== true) cannotCarry('MetadataRequest', 'allowAutoTopicCreation', v);
  const includeClusterAuthorizedOperations = m.includeClusterAuthorizedOperations ?? false;
  if (v >= 8 && v <= 10) w.bool(includeClusterAuthorizedOperations);
  else if (includeClusterAuthorizedOperations !== false) cannotCarry('MetadataRequest', 'includeClusterAuthorizedOperations', v);
  const includeTopicAuthorizedOperations = m.includeTopicAuthorizedOperations ?? false;
  if (v >= 8) w.bool(includeTopicAuthorizedOperations);
  else if (includeTopicAuthorizedOperations !== false) cannotCarry('MetadataRequest', 'includeTopicAuthorizedOperations', v);
  w.tags();
}

function readMetadataRequest(r: Reader, v: number): Decoded<MetadataRequest> {
  const m: Decoded<MetadataRequest> = {
    topics: v >= 1 ? r.nullableArray(v, 2, readMetadataRequestTopic) : r.array(v, 2, readMetadataRequestTopic),
    allowAutoTopicCreation: v >= 4 ? r.bool() : true,
    includeClusterAuthorizedOperations: v >= 8 && v <= 10 ? r.bool() : false,
    includeTopicAuthorizedOperations: v >= 8 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeMetadataRequestTopic(w: Writer, v: number, m: MetadataRequestTopic): void {
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  if (v >= 10) w.nullableString(m.name);
  else w.string(m.name ?? cannotCarry('MetadataRequest', 'topics.name: null', v));
  w.tags();
}

function readMetadataRequestTopic(r: Reader, v: number): Decoded<MetadataRequestTopic> {
  const m: Decoded<MetadataRequestTopic> = { topicId: v >= 10 ? r.uuid() : zeroUuid, name: v >= 10 ? r.nullableString() : r.string() };
  r.tags();
  return m;
}

function writeMetadataResponse(w: Writer, v: number, m: MetadataResponse): void {
  if (v >= 3) w.int32(m.throttleTimeMs ?? 0);
  w.array(v, m.brokers, writeBroker);
  if (v >= 2) w.nullableString(m.clusterId ?? null);
  if (v >= 1) w.int32(m.controllerId ?? -1);
  w.array(v, m.topics, writeMetadataResponseTopic);
  const clusterAuthorizedOperations = m.clusterAuthorizedOperations ?? -2147483648;
  if (v >= 8 && v <= 10) w.int32(clusterAuthorizedOperations);
  else if (clusterAuthorizedOperations !== -2147483648) cannotCarry('MetadataResponse', 'clusterAuthorizedOperations', v);
  if (v >= 13) w.int16(m.errorCode ?? 0);
  w.tags();
}

function readMetadataResponse(r: Reader, v: number): Decoded<MetadataResponse> {
  const m: Decoded<MetadataResponse> = {
    throttleTimeMs: v >= 3 ? r.int32() : 0,
    brokers: r.array(v, 10, readBroker),
    clusterId: v >= 2 ? r.nullableString() : null,
    controllerId: v >= 1 ? r.int32() : -1,
    topics: r.array(v, 8, readMetadataResponseTopic),
    clusterAuthorizedOperations: v >= 8 && v <= 10 ? r.int32() : -2147483648,
    errorCode: v >= 13 ? r.int16() : 0,
  };
  r.tags();
  return m;
}

function writeMetadataResponseTopic(w: Writer, v: number, m: MetadataResponseTopic): void {
  w.int16(m.errorCode);
  if (v >= 12) w.nullableString(m.name);
  else w.string(m.name ?? cannotCarry('MetadataResponse', 'topics.name: null', v));
  if (v >= 10) w.uuid(m.topicId ?? zeroUuid);
  if (v >= 1) w.bool(m.isInternal ?? false);
  w.array(v, m.partitions, writePartition);
  const topicAuthorizedOperations = m.topicAuthorizedOperations ?? -2147483648;
  if (v >= 8) w.int32(topicAuthorizedOperations);
  else if (topicAuthorizedOperations !== -2147483648) cannotCarry('MetadataResponse', 'topics.topicAuthorizedOperations', v);
  w.tags();
}

function readMetadataResponseTopic(r: Reader, v: number): Decoded<MetadataResponseTopic> {
  const m: Decoded<MetadataResponseTopic> = {
    errorCode: r.int16(),
    name: v >= 12 ? r.nullableString() : r.string(),
    topicId: v >= 10 ? r.uuid() : zeroUuid,
    isInternal: v >= 1 ? r.bool() : false,
    partitions: r.array(v, 18, readPartition),
    topicAuthorizedOperations: v >= 8 ? r.int32() : -2147483648,
  };
  r.tags();
  return m;
}

function writePartition(w: Writer, v: number, m: Partition): void {
  w.int16(m.errorCode);
  w.int32(m.partitionIndex);
  w.int32(m.leaderId);
  if (v >= 7) w.int32(m.leaderEpoch ?? -1);
  w.array(v, m.replicaNodes, writeInt32);
  w.array(v, m.isrNodes, writeInt32);
  if (v >= 5) w.array(v, m.offlineReplicas ?? [], writeInt32);
  w.tags();
}

function readPartition(r: Reader, v: number): Decoded<Partition> {
  const m: Decoded<Partition> = {
    errorCode: r.int16(),
    partitionIndex: r.int32(),
    leaderId: r.int32(),
    leaderEpoch: v >= 7 ? r.int32() : -1,
    replicaNodes: r.array(v, 4, readInt32),
    isrNodes: r.array(v, 4, readInt32),
    offlineReplicas: v >= 5 ? r.array(v, 4, readInt32) : [],
  };
  r.tags();
  return m;
}

function writeBroker(w: Writer, v: number, m: Broker): void {
  w.int32(m.nodeId);
  w.string(m.host);
  w.int32(m.port);
  if (v >= 1) w.nullableString(m.rack ?? null);
  w.tags();
}

function readBroker(r: Reader, v: number): Decoded<Broker> {
  const m: Decoded<Broker> = { nodeId: r.int32(), host: r.string(), port: r.int32(), rack: v >= 1 ? r.nullableString() : null };
  r.tags();
  return m;
}
