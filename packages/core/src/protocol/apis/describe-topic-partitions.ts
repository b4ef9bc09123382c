// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeTopicPartitions, versions 0 to 0. */
export const describeTopicPartitions: Api<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> = {
  key: 75,
  name: 'DescribeTopicPartitions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDescribeTopicPartitionsRequest,
  readRequest: readDescribeTopicPartitionsRequest,
  writeResponse: writeDescribeTopicPartitionsResponse,
  readResponse: readDescribeTopicPartitionsResponse,
};

export interface DescribeTopicPartitionsRequest {
  topics: readonly TopicRequest[];
  /** default 2000 */
  responsePartitionLimit?: number;
  /** default null */
  cursor?: DescribeTopicPartitionsRequestCursor | null;
}

export interface DescribeTopicPartitionsRequestCursor {
  topicName: string;
  partitionIndex: number;
}

export interface TopicRequest {
  name: string;
}

export interface DescribeTopicPartitionsResponse {
  throttleTimeMs: number;
  topics: readonly Topic[];
  /** default null */
  nextCursor?: DescribeTopicPartitionsResponseCursor | null;
}

export interface DescribeTopicPartitionsResponseCursor {
  topicName: string;
  partitionIndex: number;
}

export interface Topic {
  errorCode: number;
  name: string | null;
  topicId: string;
  /** default false */
  isInternal?: boolean;
  partitions: readonly Partition[];
  /** default -2147483648 */
  topicAuthorizedOperations?: number;
}

export interface Partition {
  errorCode: number;
  partitionIndex: number;
  leaderId: number;
  /** default -1 */
  leaderEpoch?: number;
  replicaNodes: readonly number[];
  isrNodes: readonly number[];
  /** default null */
  eligibleLeaderReplicas?: readonly number[] | null;
  /** default null */
  lastKnownElr?: readonly number[] | null;
  offlineReplicas: readonly number[];
}

function writeDescribeTopicPartitionsRequest(w: Writer, v: number, m: DescribeTopicPartitionsRequest): void {
  w.array(v, m.topics, writeTopicRequest);
  w.int32(m.responsePartitionLimit ?? 2000);
  w.nullableStruct(v, m.cursor ?? null, writeDescribeTopicPartitionsRequestCursor);
  w.tags();
}

function readDescribeTopicPartitionsRequest(r: Reader, v: number): Decoded<DescribeTopicPartitionsRequest> {
  const m: Decoded<DescribeTopicPartitionsRequest> = {
    topics: r.array(v, 2, readTopicRequest),
    responsePartitionLimit: r.int32(),
    cursor: r.nullableStruct(v, readDescribeTopicPartitionsRequestCursor),
  };
  r.tags();
  return m;
}

function writeDescribeTopicPartitionsRequestCursor(w: Writer, _v: number, m: DescribeTopicPartitionsRequestCursor): void {
  w.string(m.topicName);
  w.int32(m.partitionIndex);
  w.tags();
}

function readDescribeTopicPartitionsRequestCursor(r: Reader, _v: number): Decoded<DescribeTopicPartitionsRequestCursor> {
  const m: Decoded<DescribeTopicPartitionsRequestCursor> = { topicName: r.string(), partitionIndex: r.int32() };
  r.tags();
  return m;
}

function writeTopicRequest(w: Writer, _v: number, m: TopicRequest): void {
  w.string(m.name);
  w.tags();
}

function readTopicRequest(r: Reader, _v: number): Decoded<TopicRequest> {
  const m: Decoded<TopicRequest> = { name: r.string() };
  r.tags();
  return m;
}

function writeDescribeTopicPartitionsResponse(w: Writer, v: number, m: DescribeTopicPartitionsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeTopic);
  w.nullableStruct(v, m.nextCursor ?? null, writeDescribeTopicPartitionsResponseCursor);
  w.tags();
}

function readDescribeTopicPartitionsResponse(r: Reader, v: number): Decoded<DescribeTopicPartitionsResponse> {
  const m: Decoded<DescribeTopicPartitionsResponse> = {
    throttleTimeMs: r.int32(),
    topics: r.array(v, 26, readTopic),
    nextCursor: r.nullableStruct(v, readDescribeTopicPartitionsResponseCursor),
  };
  r.tags();
  return m;
}

function writeDescribeTopicPartitionsResponseCursor(w: Writer, _v: number, m: DescribeTopicPartitionsResponseCursor): void {
  w.string(m.topicName);
  w.int32(m.partitionIndex);
  w.tags();
}

function readDescribeTopicPartitionsResponseCursor(r: Reader, _v: number): Decoded<DescribeTopicPartitionsResponseCursor> {
  const m: Decoded<DescribeTopicPartitionsResponseCursor> = { topicName: r.string(), partitionIndex: r.int32() };
  r.tags();
  return m;
}

function writeTopic(w: Writer, v: number, m: Topic): void {
  w.int16(m.errorCode);
  w.nullableString(m.name);
  w.uuid(m.topicId);
  w.bool(m.isInternal ?? false);
  w.array(v, m.partitions, writePartition);
  w.int32(m.topicAuthorizedOperations ?? -2147483648);
  w.tags();
}

function readTopic(r: Reader, v: number): Decoded<Topic> {
  const m: Decoded<Topic> = {
    errorCode: r.int16(),
    name: r.nullableString(),
    topicId: r.uuid(),
    isInternal: r.bool(),
    partitions: r.array(v, 20, readPartition),
    topicAuthorizedOperations: r.int32(),
  };
  r.tags();
  return m;
}

function writePartition(w: Writer, v: number, m: Partition): void {
  w.int16(m.errorCode);
  w.int32(m.partitionIndex);
  w.int32(m.leaderId);
  w.int32(m.leaderEpoch ?? -1);
  w.array(v, m.replicaNodes, writeInt32);
  w.array(v, m.isrNodes, writeInt32);
  w.nullableArray(v, m.eligibleLeaderReplicas ?? null, writeInt32);
  w.nullableArray(v, m.lastKnownElr ?? null, writeInt32);
  w.array(v, m.offlineReplicas, writeInt32);
  w.tags();
}

function readPartition(r: Reader, v: number): Decoded<Partition> {
  const m: Decoded<Partition> = {
    errorCode: r.int16(),
    partitionIndex: r.int32(),
    leaderId: r.int32(),
    leaderEpoch: r.int32(),
    replicaNodes: r.array(v, 4, readInt32),
    isrNodes: r.array(v, 4, readInt32),
    eligibleLeaderReplicas: r.nullableArray(v, 4, readInt32),
    lastKnownElr: r.nullableArray(v, 4, readInt32),
    offlineReplicas: r.array(v, 4, readInt32),
  };
  r.tags();
  return m;
}
