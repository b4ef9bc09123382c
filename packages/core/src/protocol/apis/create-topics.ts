// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { zeroUuid } from '../writer.ts';

/** CreateTopics, versions 2 to 7. */
export const createTopics: Api<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  flexibleVersion: 5,
  writeRequest: writeCreateTopicsRequest,
  readRequest: readCreateTopicsRequest,
  writeResponse: writeCreateTopicsResponse,
  readResponse: readCreateTopicsResponse,
};

export interface CreateTopicsRequest {
  topics: readonly CreatableTopic[];
  /** default 60000 */
  timeoutMs?: number;
  /** default false */
  validateOnly?: boolean;
}

export interface CreatableTopic {
  name: string;
  numPartitions: number;
  replicationFactor: number;
  assignments: readonly CreatableReplicaAssignment[];
  configs: readonly CreatableTopicConfig[];
}

export interface CreatableTopicConfig {
  name: string;
  value: string | null;
}

export interface CreatableReplicaAssignment {
  partitionIndex: number;
  brokerIds: readonly number[];
}

export interface CreateTopicsResponse {
  throttleTimeMs: number;
  topics: readonly CreatableTopicResult[];
}

export interface CreatableTopicResult {
  name: string;
  /** 7+ */
  topicId?: string;
  errorCode: number;
  errorMessage: string | null;
  /** 5+ */
  topicConfigErrorCode?: number;
  /** 5+, default -1 */
  numPartitions?: number;
  /** 5+, default -1 */
  replicationFactor?: number;
  /** 5+ */
  configs?: readonly CreatableTopicConfigs[] | null;
}

export interface CreatableTopicConfigs {
  name: string;
  value: string | null;
  readOnly: boolean;
  /** default -1 */
  configSource?: number;
  isSensitive: boolean;
}

function writeCreateTopicsRequest(w: Writer, v: number, m: CreateTopicsRequest): void {
  w.array(v, m.topics, writeCreatableTopic);
  w.int32(m.timeoutMs ?? 60000);
  w.bool(m.validateOnly ?? false);
  w.tags();
}

function readCreateTopicsRequest(r: Reader, v: number): Decoded<CreateTopicsRequest> {
  const m: Decoded<CreateTopicsRequest> = { topics: r.array(v, 10, readCreatableTopic), timeoutMs: r.int32(), validateOnly: r.bool() };
  r.tags();
  return m;
}

function writeCreatableTopic(w: Writer, v: number, m: CreatableTopic): void {
  w.string(m.name);
  w.int32(m.numPartitions);
  w.int16(m.replicationFactor);
  w.array(v, m.assignments, writeCreatableReplicaAssignment);
  w.array(v, m.configs, writeCreatableTopicConfig);
  w.tags();
}

function readCreatableTopic(r: Reader, v: number): Decoded<CreatableTopic> {
  const m: Decoded<CreatableTopic> = {
    name: r.string(),
    numPartitions: r.int32(),
    replicationFactor: r.int16(),
    assignments: r.array(v, 6, readCreatableReplicaAssignment),
    configs: r.array(v, 3, readCreatableTopicConfig),
  };
  r.tags();
  return m;
}

function writeCreatableTopicConfig(w: Writer, _v: number, m: CreatableTopicConfig): void {
  w.string(m.name);
  w.nullableString(m.value);
  w.tags();
}

function readCreatableTopicConfig(r: Reader, _v: number): Decoded<CreatableTopicConfig> {
  const m: Decoded<CreatableTopicConfig> = { name: r.string(), value: r.nullableString() };
  r.tags();
  return m;
}

function writeCreatableReplicaAssignment(w: Writer, v: number, m: CreatableReplicaAssignment): void {
  w.int32(m.partitionIndex);
  w.array(v, m.brokerIds, writeInt32);
  w.tags();
}

function readCreatableReplicaAssignment(r: Reader, v: number): Decoded<CreatableReplicaAssignment> {
  const m: Decoded<CreatableReplicaAssignment> = { partitionIndex: r.int32(), brokerIds: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeCreateTopicsResponse(w: Writer, v: number, m: CreateTopicsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeCreatableTopicResult);
  w.tags();
}

function readCreateTopicsResponse(r: Reader, v: number): Decoded<CreateTopicsResponse> {
  const m: Decoded<CreateTopicsResponse> = { throttleTimeMs: r.int32(), topics: r.array(v, 6, readCreatableTopicResult) };
  r.tags();
  return m;
}

function writeCreatableTopicResult(w: Writer, v: number, m: CreatableTopicResult): void {
  w.string(m.name);
  if (v >= 7) w.uuid(m.topicId ?? zeroUuid);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  if (v >= 5) w.int32(m.numPartitions ?? -1);
  if (v >= 5) w.int16(m.replicationFactor ?? -1);
  if (v >= 5) w.nullableArray(v, m.configs === undefined ? [] : m.configs, writeCreatableTopicConfigs);
  const topicConfigErrorCode = m.topicConfigErrorCode ?? 0;
  w.tags([v >= 5 && topicConfigErrorCode !== 0 && [0, (w) => w.int16(topicConfigErrorCode)]]);
}

function readCreatableTopicResult(r: Reader, v: number): Decoded<CreatableTopicResult> {
  const m: Decoded<CreatableTopicResult> = {
    name: r.string(),
    topicId: v >= 7 ? r.uuid() : zeroUuid,
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    topicConfigErrorCode: 0,
    numPartitions: v >= 5 ? r.int32() : -1,
    replicationFactor: v >= 5 ? r.int16() : -1,
    configs: v >= 5 ? r.nullableArray(v, 6, readCreatableTopicConfigs) : [],
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 5) m.topicConfigErrorCode = r.int16();
    else return false;
    return true;
  });
  return m;
}

function writeCreatableTopicConfigs(w: Writer, _v: number, m: CreatableTopicConfigs): void {
  w.string(m.name);
  w.nullableString(m.value);
  w.bool(m.readOnly);
  w.int8(m.configSource ?? -1);
  w.bool(m.isSensitive);
  w.tags();
}

function readCreatableTopicConfigs(r: Reader, _v: number): Decoded<CreatableTopicConfigs> {
  const m: Decoded<CreatableTopicConfigs> = {
    name: r.string(),
    value: r.nullableString(),
    readOnly: r.bool(),
    configSource: r.int8(),
    isSensitive: r.bool(),
  };
  r.tags();
  return m;
}
