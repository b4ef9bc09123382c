// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** StreamsGroupDescribe, versions 0 to 0. */
export const streamsGroupDescribe: Api<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> = {
  key: 89,
  name: 'StreamsGroupDescribe',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeStreamsGroupDescribeRequest,
  readRequest: readStreamsGroupDescribeRequest,
  writeResponse: writeStreamsGroupDescribeResponse,
  readResponse: readStreamsGroupDescribeResponse,
};

export interface StreamsGroupDescribeRequest {
  groupIds: readonly string[];
  includeAuthorizedOperations: boolean;
}

export interface StreamsGroupDescribeResponse {
  throttleTimeMs: number;
  groups: readonly DescribedGroup[];
}

export interface DescribedGroup {
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  groupId: string;
  groupState: string;
  groupEpoch: number;
  assignmentEpoch: number;
  /** default null */
  topology?: Topology | null;
  members: readonly Member[];
  /** default -2147483648 */
  authorizedOperations?: number;
}

export interface Member {
  memberId: string;
  memberEpoch: number;
  /** default null */
  instanceId?: string | null;
  /** default null */
  rackId?: string | null;
  clientId: string;
  clientHost: string;
  topologyEpoch: number;
  processId: string;
  /** default null */
  userEndpoint?: Endpoint | null;
  clientTags: readonly KeyValue[];
  taskOffsets: readonly TaskOffset[];
  taskEndOffsets: readonly TaskOffset[];
  assignment: Assignment;
  targetAssignment: Assignment;
  isClassic: boolean;
}

export interface Assignment {
  activeTasks: readonly TaskIds[];
  standbyTasks: readonly TaskIds[];
  warmupTasks: readonly TaskIds[];
}

export interface TaskIds {
  subtopologyId: string;
  partitions: readonly number[];
}

export interface TaskOffset {
  subtopologyId: string;
  partition: number;
  offset: number;
}

export interface Endpoint {
  host: string;
  port: number;
}

export interface Topology {
  epoch: number;
  /** default null */
  subtopologies?: readonly Subtopology[] | null;
}

export interface Subtopology {
  subtopologyId: string;
  sourceTopics: readonly string[];
  repartitionSinkTopics: readonly string[];
  stateChangelogTopics: readonly TopicInfo[];
  repartitionSourceTopics: readonly TopicInfo[];
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

function writeStreamsGroupDescribeRequest(w: Writer, v: number, m: StreamsGroupDescribeRequest): void {
  w.array(v, m.groupIds, writeString);
  w.bool(m.includeAuthorizedOperations);
  w.tags();
}

function readStreamsGroupDescribeRequest(r: Reader, v: number): Decoded<StreamsGroupDescribeRequest> {
  const m: Decoded<StreamsGroupDescribeRequest> = { groupIds: r.array(v, 1, readString), includeAuthorizedOperations: r.bool() };
  r.tags();
  return m;
}

function writeStreamsGroupDescribeResponse(w: Writer, v: number, m: StreamsGroupDescribeResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.groups, writeDescribedGroup);
  w.tags();
}

function readStreamsGroupDescribeResponse(r: Reader, v: number): Decoded<StreamsGroupDescribeResponse> {
  const m: Decoded<StreamsGroupDescribeResponse> = { throttleTimeMs: r.int32(), groups: r.array(v, 20, readDescribedGroup) };
  r.tags();
  return m;
}

function writeDescribedGroup(w: Writer, v: number, m: DescribedGroup): void {
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.string(m.groupId);
  w.string(m.groupState);
  w.int32(m.groupEpoch);
  w.int32(m.assignmentEpoch);
  w.nullableStruct(v, m.topology ?? null, writeTopology);
  w.array(v, m.members, writeMember);
  w.int32(m.authorizedOperations ?? -2147483648);
  w.tags();
}

function readDescribedGroup(r: Reader, v: number): Decoded<DescribedGroup> {
  const m: Decoded<DescribedGroup> = {
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    groupId: r.string(),
    groupState: r.string(),
    groupEpoch: r.int32(),
    assignmentEpoch: r.int32(),
    topology: r.nullableStruct(v, readTopology),
    members: r.array(v, 28, readMember),
    authorizedOperations: r.int32(),
  };
  r.tags();
  return m;
}

function writeMember(w: Writer, v: number, m: Member): void {
  w.string(m.memberId);
  w.int32(m.memberEpoch);
  w.nullableString(m.instanceId ?? null);
  w.nullableString(m.rackId ?? null);
  w.string(m.clientId);
  w.string(m.clientHost);
  w.int32(m.topologyEpoch);
  w.string(m.processId);
  w.nullableStruct(v, m.userEndpoint ?? null, writeEndpoint);
  w.array(v, m.clientTags, writeKeyValue);
  w.array(v, m.taskOffsets, writeTaskOffset);
  w.array(v, m.taskEndOffsets, writeTaskOffset);
  writeAssignment(w, v, m.assignment);
  writeAssignment(w, v, m.targetAssignment);
  w.bool(m.isClassic);
  w.tags();
}

function readMember(r: Reader, v: number): Decoded<Member> {
  const m: Decoded<Member> = {
    memberId: r.string(),
    memberEpoch: r.int32(),
    instanceId: r.nullableString(),
    rackId: r.nullableString(),
    clientId: r.string(),
    clientHost: r.string(),
    topologyEpoch: r.int32(),
    processId: r.string(),
    userEndpoint: r.nullableStruct(v, readEndpoint),
    clientTags: r.array(v, 3, readKeyValue),
    taskOffsets: r.array(v, 14, readTaskOffset),
    taskEndOffsets: r.array(v, 14, readTaskOffset),
    assignment: readAssignment(r, v),
    targetAssignment: readAssignment(r, v),
    isClassic: r.bool(),
  };
  r.tags();
  return m;
}

function writeAssignment(w: Writer, v: number, m: Assignment): void {
  w.array(v, m.activeTasks, writeTaskIds);
  w.array(v, m.standbyTasks, writeTaskIds);
  w.array(v, m.warmupTasks, writeTaskIds);
  w.tags();
}

function readAssignment(r: Reader, v: number): Decoded<Assignment> {
  const m: Decoded<Assignment> = {
    activeTasks: r.array(v, 3, readTaskIds),
    standbyTasks: r.array(v, 3, readTaskIds),
    warmupTasks: r.array(v, 3, readTaskIds),
  };
  r.tags();
  return m;
}

function writeTaskIds(w: Writer, v: number, m: TaskIds): void {
  w.string(m.subtopologyId);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readTaskIds(r: Reader, v: number): Decoded<TaskIds> {
  const m: Decoded<TaskIds> = { subtopologyId: r.string(), partitions: r.array(v, 4, readInt32) };
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

function writeEndpoint(w: Writer, _v: number, m: Endpoint): void {
  w.string(m.host);
  w.uint16(m.port);
  w.tags();
}

function readEndpoint(r: Reader, _v: number): Decoded<Endpoint> {
  const m: Decoded<Endpoint> = { host: r.string(), port: r.uint16() };
  r.tags();
  return m;
}

function writeTopology(w: Writer, v: number, m: Topology): void {
  w.int32(m.epoch);
  w.nullableArray(v, m.subtopologies ?? null, writeSubtopology);
  w.tags();
}

function readTopology(r: Reader, v: number): Decoded<Topology> {
  const m: Decoded<Topology> = { epoch: r.int32(), subtopologies: r.nullableArray(v, 6, readSubtopology) };
  r.tags();
  return m;
}

function writeSubtopology(w: Writer, v: number, m: Subtopology): void {
  w.string(m.subtopologyId);
  w.array(v, m.sourceTopics, writeString);
  w.array(v, m.repartitionSinkTopics, writeString);
  w.array(v, m.stateChangelogTopics, writeTopicInfo);
  w.array(v, m.repartitionSourceTopics, writeTopicInfo);
  w.tags();
}

function readSubtopology(r: Reader, v: number): Decoded<Subtopology> {
  const m: Decoded<Subtopology> = {
    subtopologyId: r.string(),
    sourceTopics: r.array(v, 1, readString),
    repartitionSinkTopics: r.array(v, 1, readString),
    stateChangelogTopics: r.array(v, 9, readTopicInfo),
    repartitionSourceTopics: r.array(v, 9, readTopicInfo),
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
