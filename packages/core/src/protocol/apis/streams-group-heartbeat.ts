// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt16, writeInt16, readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** StreamsGroupHeartbeat, versions 0 to 0. */
export const streamsGroupHeartbeat: Api<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> = {
  key: 88,
  name: 'StreamsGroupHeartbeat',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeStreamsGroupHeartbeatRequest,
  readRequest: readStreamsGroupHeartbeatRequest,
  writeResponse: writeStreamsGroupHeartbeatResponse,
  readResponse: readStreamsGroupHeartbeatResponse,
};

export interface StreamsGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  endpointInformationEpoch: number;
  /** default null */
  instanceId?: string | null;
  /** default null */
  rackId?: string | null;
  /** default -1 */
  rebalanceTimeoutMs?: number;
  /** default null */
  topology?: Topology | null;
  /** default null */
  activeTasks?: readonly StreamsGroupHeartbeatRequestTaskIds[] | null;
  /** default null */
  standbyTasks?: readonly StreamsGroupHeartbeatRequestTaskIds[] | null;
  /** default null */
  warmupTasks?: readonly StreamsGroupHeartbeatRequestTaskIds[] | null;
  /** default null */
  processId?: string | null;
  /** default null */
  userEndpoint?: StreamsGroupHeartbeatRequestEndpoint | null;
  /** default null */
  clientTags?: readonly KeyValue[] | null;
  /** default null */
  taskOffsets?: readonly TaskOffset[] | null;
  /** default null */
  taskEndOffsets?: readonly TaskOffset[] | null;
  /** default false */
  shutdownApplication?: boolean;
}

export interface TaskOffset {
  subtopologyId: string;
  partition: number;
  offset: number;
}

export interface StreamsGroupHeartbeatRequestEndpoint {
  host: string;
  port: number;
}

export interface StreamsGroupHeartbeatRequestTaskIds {
  subtopologyId: string;
  partitions: readonly number[];
}

export interface Topology {
  epoch: number;
  subtopologies: readonly Subtopology[];
}

export interface Subtopology {
  subtopologyId: string;
  sourceTopics: readonly string[];
  sourceTopicRegex: readonly string[];
  stateChangelogTopics: readonly TopicInfo[];
  repartitionSinkTopics: readonly string[];
  repartitionSourceTopics: readonly TopicInfo[];
  copartitionGroups: readonly CopartitionGroup[];
}

export interface CopartitionGroup {
  sourceTopics: readonly number[];
  sourceTopicRegex: readonly number[];
  repartitionSourceTopics: readonly number[];
}

export interface TopicInfo {
  name: string;
  partitions: number;
  replicationFactor: number;
  topicConfigs: readonly KeyValue[];
}

export interface KeyValue {
  key: string;
  value: string;
}

export interface StreamsGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  memberId: string;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  acceptableRecoveryLag: number;
  taskOffsetIntervalMs: number;
  status: readonly Status[] | null;
  /** default null */
  activeTasks?: readonly StreamsGroupHeartbeatResponseTaskIds[] | null;
  /** default null */
  standbyTasks?: readonly StreamsGroupHeartbeatResponseTaskIds[] | null;
  /** default null */
  warmupTasks?: readonly StreamsGroupHeartbeatResponseTaskIds[] | null;
  endpointInformationEpoch: number;
  /** default null */
  partitionsByUserEndpoint?: readonly EndpointToPartitions[] | null;
}

export interface EndpointToPartitions {
  userEndpoint: StreamsGroupHeartbeatResponseEndpoint;
  activePartitions: readonly TopicPartition[];
  standbyPartitions: readonly TopicPartition[];
}

export interface TopicPartition {
  topic: string;
  partitions: readonly number[];
}

export interface StreamsGroupHeartbeatResponseEndpoint {
  host: string;
  port: number;
}

export interface StreamsGroupHeartbeatResponseTaskIds {
  subtopologyId: string;
  partitions: readonly number[];
}

export interface Status {
  statusCode: number;
  statusDetail: string;
}

function writeStreamsGroupHeartbeatRequest(w: Writer, v: number, m: StreamsGroupHeartbeatRequest): void {
  w.string(m.groupId);
  w.string(m.memberId);
  w.int32(m.memberEpoch);
  w.int32(m.endpointInformationEpoch);
  w.nullableString(m.instanceId ?? null);
  w.nullableString(m.rackId ?? null);
  w.int32(m.rebalanceTimeoutMs ?? -1);
  w.nullableStruct(v, m.topology ?? null, writeTopology);
  w.nullableArray(v, m.activeTasks ?? null, writeStreamsGroupHeartbeatRequestTaskIds);
  w.nullableArray(v, m.standbyTasks ?? null, writeStreamsGroupHeartbeatRequestTaskIds);
  w.nullableArray(v, m.warmupTasks ?? null, writeStreamsGroupHeartbeatRequestTaskIds);
  w.nullableString(m.processId ?? null);
  w.nullableStruct(v, m.userEndpoint ?? null, writeStreamsGroupHeartbeatRequestEndpoint);
  w.nullableArray(v, m.clientTags ?? null, writeKeyValue);
  w.nullableArray(v, m.taskOffsets ?? null, writeTaskOffset);
  w.nullableArray(v, m.taskEndOffsets ?? null, writeTaskOffset);
  w.bool(m.shutdownApplication ?? false);
  w.tags();
}

function readStreamsGroupHeartbeatRequest(r: Reader, v: number): Decoded<StreamsGroupHeartbeatRequest> {
  const m: Decoded<StreamsGroupHeartbeatRequest> = {
    groupId: r.string(),
    memberId: r.string(),
    memberEpoch: r.int32(),
    endpointInformationEpoch: r.int32(),
    instanceId: r.nullableString(),
    rackId: r.nullableString(),
    rebalanceTimeoutMs: r.int32(),
    topology: r.nullableStruct(v, readTopology),
    activeTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatRequestTaskIds),
    standbyTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatRequestTaskIds),
    warmupTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatRequestTaskIds),
    processId: r.nullableString(),
    userEndpoint: r.nullableStruct(v, readStreamsGroupHeartbeatRequestEndpoint),
    clientTags: r.nullableArray(v, 3, readKeyValue),
    taskOffsets: r.nullableArray(v, 14, readTaskOffset),
    taskEndOffsets: r.nullableArray(v, 14, readTaskOffset),
    shutdownApplication: r.bool(),
  };
  r.tags();
  return m;
}

function writeTaskOffset(w: Writer, _v: number, m: TaskOffset): void {
  w.string(m.subtopologyId);
  w.int32(m.partition);
  w.int64(m.offset);
  w.tags();
}

function readTaskOffset(r: Reader, _v: number): Decoded<TaskOffset> {
  const m: Decoded<TaskOffset> = { subtopologyId: r.string(), partition: r.int32(), offset: r.int64() };
  r.tags();
  return m;
}

function writeStreamsGroupHeartbeatRequestEndpoint(w: Writer, _v: number, m: StreamsGroupHeartbeatRequestEndpoint): void {
  w.string(m.host);
  w.uint16(m.port);
  w.tags();
}

function readStreamsGroupHeartbeatRequestEndpoint(r: Reader, _v: number): Decoded<StreamsGroupHeartbeatRequestEndpoint> {
  const m: Decoded<StreamsGroupHeartbeatRequestEndpoint> = { host: r.string(), port: r.uint16() };
  r.tags();
  return m;
}

function writeStreamsGroupHeartbeatRequestTaskIds(w: Writer, v: number, m: StreamsGroupHeartbeatRequestTaskIds): void {
  w.string(m.subtopologyId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readStreamsGroupHeartbeatRequestTaskIds(r: Reader, v: number): Decoded<StreamsGroupHeartbeatRequestTaskIds> {
  const m: Decoded<StreamsGroupHeartbeatRequestTaskIds> = { subtopologyId: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeTopology(w: Writer, v: number, m: Topology): void {
  w.int32(m.epoch);
  w.array(v, m.subtopologies, writeSubtopology);
  w.tags();
}

function readTopology(r: Reader, v: number): Decoded<Topology> {
  const m: Decoded<Topology> = { epoch: r.int32(), subtopologies: r.array(v, 8, readSubtopology) };
  r.tags();
  return m;
}

function writeSubtopology(w: Writer, v: number, m: Subtopology): void {
  w.string(m.subtopologyId);
  w.array(v, m.sourceTopics, writeString);
  w.array(v, m.sourceTopicRegex, writeString);
  w.array(v, m.stateChangelogTopics, writeTopicInfo);
  w.array(v, m.repartitionSinkTopics, writeString);
  w.array(v, m.repartitionSourceTopics, writeTopicInfo);
  w.array(v, m.copartitionGroups, writeCopartitionGroup);
  w.tags();
}

function readSubtopology(r: Reader, v: number): Decoded<Subtopology> {
  const m: Decoded<Subtopology> = {
    subtopologyId: r.string(),
    sourceTopics: r.array(v, 1, readString),
    sourceTopicRegex: r.array(v, 1, readString),
    stateChangelogTopics: r.array(v, 9, readTopicInfo),
    repartitionSinkTopics: r.array(v, 1, readString),
    repartitionSourceTopics: r.array(v, 9, readTopicInfo),
    copartitionGroups: r.array(v, 4, readCopartitionGroup),
  };
  r.tags();
  return m;
}

function writeCopartitionGroup(w: Writer, v: number, m: CopartitionGroup): void {
  w.array(v, m.sourceTopics, writeInt16);
  w.array(v, m.sourceTopicRegex, writeInt16);
  w.array(v, m.repartitionSourceTopics, writeInt16);
  w.tags();
}

function readCopartitionGroup(r: Reader, v: number): Decoded<CopartitionGroup> {
  const m: Decoded<CopartitionGroup> = {
    sourceTopics: r.array(v, 2, readInt16),
    sourceTopicRegex: r.array(v, 2, readInt16),
    repartitionSourceTopics: r.array(v, 2, readInt16),
  };
  r.tags();
  return m;
}

function writeTopicInfo(w: Writer, v: number, m: TopicInfo): void {
  w.string(m.name);
  w.int32(m.partitions);
  w.int16(m.replicationFactor);
  w.array(v, m.topicConfigs, writeKeyValue);
  w.tags();
}

function readTopicInfo(r: Reader, v: number): Decoded<TopicInfo> {
  const m: Decoded<TopicInfo> = {
    name: r.string(),
    partitions: r.int32(),
    replicationFactor: r.int16(),
    topicConfigs: r.array(v, 3, readKeyValue),
  };
  r.tags();
  return m;
}

function writeKeyValue(w: Writer, _v: number, m: KeyValue): void {
  w.string(m.key);
  w.string(m.value);
  w.tags();
}

function readKeyValue(r: Reader, _v: number): Decoded<KeyValue> {
  const m: Decoded<KeyValue> = { key: r.string(), value: r.string() };
  r.tags();
  return m;
}

function writeStreamsGroupHeartbeatResponse(w: Writer, v: number, m: StreamsGroupHeartbeatResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.string(m.memberId);
  w.int32(m.memberEpoch);
  w.int32(m.heartbeatIntervalMs);
  w.int32(m.acceptableRecoveryLag);
  w.int32(m.taskOffsetIntervalMs);
  w.nullableArray(v, m.status, writeStatus);
  w.nullableArray(v, m.activeTasks ?? null, writeStreamsGroupHeartbeatResponseTaskIds);
  w.nullableArray(v, m.standbyTasks ?? null, writeStreamsGroupHeartbeatResponseTaskIds);
  w.nullableArray(v, m.warmupTasks ?? null, writeStreamsGroupHeartbeatResponseTaskIds);
  w.int32(m.endpointInformationEpoch);
  w.nullableArray(v, m.partitionsByUserEndpoint ?? null, writeEndpointToPartitions);
  w.tags();
}

function readStreamsGroupHeartbeatResponse(r: Reader, v: number): Decoded<StreamsGroupHeartbeatResponse> {
  const m: Decoded<StreamsGroupHeartbeatResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    memberId: r.string(),
    memberEpoch: r.int32(),
    heartbeatIntervalMs: r.int32(),
    acceptableRecoveryLag: r.int32(),
    taskOffsetIntervalMs: r.int32(),
    status: r.nullableArray(v, 3, readStatus),
    activeTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatResponseTaskIds),
    standbyTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatResponseTaskIds),
    warmupTasks: r.nullableArray(v, 3, readStreamsGroupHeartbeatResponseTaskIds),
    endpointInformationEpoch: r.int32(),
    partitionsByUserEndpoint: r.nullableArray(v, 7, readEndpointToPartitions),
  };
  r.tags();
  return m;
}

function writeEndpointToPartitions(w: Writer, v: number, m: EndpointToPartitions): void {
  writeStreamsGroupHeartbeatResponseEndpoint(w, v, m.userEndpoint);
  w.array(v, m.activePartitions, writeTopicPartition);
  w.array(v, m.standbyPartitions, writeTopicPartition);
  w.tags();
}

function readEndpointToPartitions(r: Reader, v: number): Decoded<EndpointToPartitions> {
  const m: Decoded<EndpointToPartitions> = {
    userEndpoint: readStreamsGroupHeartbeatResponseEndpoint(r, v),
    activePartitions: r.array(v, 3, readTopicPartition),
    standbyPartitions: r.array(v, 3, readTopicPartition),
  };
  r.tags();
  return m;
}

function writeTopicPartition(w: Writer, v: number, m: TopicPartition): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTopicPartition(r: Reader, v: number): Decoded<TopicPartition> {
  const m: Decoded<TopicPartition> = { topic: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeStreamsGroupHeartbeatResponseEndpoint(w: Writer, _v: number, m: StreamsGroupHeartbeatResponseEndpoint): void {
  w.string(m.host);
  w.uint16(m.port);
  w.tags();
}

function readStreamsGroupHeartbeatResponseEndpoint(r: Reader, _v: number): Decoded<StreamsGroupHeartbeatResponseEndpoint> {
  const m: Decoded<StreamsGroupHeartbeatResponseEndpoint> = { host: r.string(), port: r.uint16() };
  r.tags();
  return m;
}

function writeStreamsGroupHeartbeatResponseTaskIds(w: Writer, v: number, m: StreamsGroupHeartbeatResponseTaskIds): void {
  w.string(m.subtopologyId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readStreamsGroupHeartbeatResponseTaskIds(r: Reader, v: number): Decoded<StreamsGroupHeartbeatResponseTaskIds> {
  const m: Decoded<StreamsGroupHeartbeatResponseTaskIds> = { subtopologyId: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeStatus(w: Writer, _v: number, m: Status): void {
  w.int8(m.statusCode);
  w.string(m.statusDetail);
  w.tags();
}

function readStatus(r: Reader, _v: number): Decoded<Status> {
  const m: Decoded<Status> = { statusCode: r.int8(), statusDetail: r.string() };
  r.tags();
  return m;
}
