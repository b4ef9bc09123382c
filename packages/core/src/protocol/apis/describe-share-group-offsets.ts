// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DescribeShareGroupOffsets, versions 0 to 1. */
export const describeShareGroupOffsets: Api<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  writeRequest: writeDescribeShareGroupOffsetsRequest,
  readRequest: readDescribeShareGroupOffsetsRequest,
  writeResponse: writeDescribeShareGroupOffsetsResponse,
  readResponse: readDescribeShareGroupOffsetsResponse,
};

export interface DescribeShareGroupOffsetsRequest {
  groups: readonly DescribeShareGroupOffsetsRequestGroup[];
}

export interface DescribeShareGroupOffsetsRequestGroup {
  groupId: string;
  topics: readonly DescribeShareGroupOffsetsRequestTopic[] | null;
}

export interface DescribeShareGroupOffsetsRequestTopic {
  topicName: string;
  partitions: readonly number[];
}

export interface DescribeShareGroupOffsetsResponse {
  throttleTimeMs: number;
  groups: readonly DescribeShareGroupOffsetsResponseGroup[];
}

export interface DescribeShareGroupOffsetsResponseGroup {
  groupId: string;
  topics: readonly DescribeShareGroupOffsetsResponseTopic[];
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

export interface DescribeShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  partitions: readonly Partition[];
}

export interface Partition {
  partitionIndex: number;
  startOffset: number;
  leaderEpoch: number;
  /** 1+, default -1 */
  lag?: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeDescribeShareGroupOffsetsRequest(w: Writer, v: number, m: DescribeShareGroupOffsetsRequest): void {
  w.array(v, m.groups, writeDescribeShareGroupOffsetsRequestGroup);
  w.tags();
}

function readDescribeShareGroupOffsetsRequest(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsRequest> {
  const m: Decoded<DescribeShareGroupOffsetsRequest> = { groups: r.array(v, 3, readDescribeShareGroupOffsetsRequestGroup) };
  r.tags();
  return m;
}

function writeDescribeShareGroupOffsetsRequestGroup(w: Writer, v: number, m: DescribeShareGroupOffsetsRequestGroup): void {
  w.string(m.groupId);
  w.nullableArray(v, m.topics, writeDescribeShareGroupOffsetsRequestTopic);
  w.tags();
}

function readDescribeShareGroupOffsetsRequestGroup(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsRequestGroup> {
  const m: Decoded<DescribeShareGroupOffsetsRequestGroup> = {
    groupId: r.string(),
    topics: r.nullableArray(v, 3, readDescribeShareGroupOffsetsRequestTopic),
  };
  r.tags();
  return m;
}

function writeDescribeShareGroupOffsetsRequestTopic(w: Writer, v: number, m: DescribeShareGroupOffsetsRequestTopic): void {
  w.string(m.topicName);
  w.array(v, m.partitions, writeInt32);
  w.tags();
}

function readDescribeShareGroupOffsetsRequestTopic(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsRequestTopic> {
  const m: Decoded<DescribeShareGroupOffsetsRequestTopic> = { topicName: r.string(), partitions: r.array(v, 4, readInt32) };
  r.tags();
  return m;
}

function writeDescribeShareGroupOffsetsResponse(w: Writer, v: number, m: DescribeShareGroupOffsetsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.groups, writeDescribeShareGroupOffsetsResponseGroup);
  w.tags();
}

function readDescribeShareGroupOffsetsResponse(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsResponse> {
  const m: Decoded<DescribeShareGroupOffsetsResponse> = {
    throttleTimeMs: r.int32(),
    groups: r.array(v, 6, readDescribeShareGroupOffsetsResponseGroup),
  };
  r.tags();
  return m;
}

function writeDescribeShareGroupOffsetsResponseGroup(w: Writer, v: number, m: DescribeShareGroupOffsetsResponseGroup): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeDescribeShareGroupOffsetsResponseTopic);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readDescribeShareGroupOffsetsResponseGroup(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsResponseGroup> {
  const m: Decoded<DescribeShareGroupOffsetsResponseGroup> = {
    groupId: r.string(),
    topics: r.array(v, 19, readDescribeShareGroupOffsetsResponseTopic),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
  };
  r.tags();
  return m;
}

function writeDescribeShareGroupOffsetsResponseTopic(w: Writer, v: number, m: DescribeShareGroupOffsetsResponseTopic): void {
  w.string(m.topicName);
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartition);
  w.tags();
}

function readDescribeShareGroupOffsetsResponseTopic(r: Reader, v: number): Decoded<DescribeShareGroupOffsetsResponseTopic> {
  const m: Decoded<DescribeShareGroupOffsetsResponseTopic> = {
    topicName: r.string(),
    topicId: r.uuid(),
    partitions: r.array(v, 20, readPartition),
  };
  r.tags();
  return m;
}

function writePartition(w: Writer, v: number, m: Partition): void {
  w.int32(m.partitionIndex);
  w.int64(m.startOffset);
  w.int32(m.leaderEpoch);
  if (v >= 1) w.int64(m.lag ?? -1);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readPartition(r: Reader, v: number): Decoded<Partition> {
  const m: Decoded<Partition> = {
    partitionIndex: r.int32(),
    startOffset: r.int64(),
    leaderEpoch: r.int32(),
    lag: v >= 1 ? r.int64() : -1,
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
  };
  r.tags();
  return m;
}
