// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** AlterShareGroupOffsets, versions 0 to 0. */
export const alterShareGroupOffsets: Api<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> = {
  key: 91,
  name: 'AlterShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeAlterShareGroupOffsetsRequest,
  readRequest: readAlterShareGroupOffsetsRequest,
  writeResponse: writeAlterShareGroupOffsetsResponse,
  readResponse: readAlterShareGroupOffsetsResponse,
};

export interface AlterShareGroupOffsetsRequest {
  groupId: string;
  topics: readonly AlterShareGroupOffsetsRequestTopic[];
}

export interface AlterShareGroupOffsetsRequestTopic {
  topicName: string;
  partitions: readonly AlterShareGroupOffsetsRequestPartition[];
}

export interface AlterShareGroupOffsetsRequestPartition {
  partitionIndex: number;
  startOffset: number;
}

export interface AlterShareGroupOffsetsResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  responses: readonly AlterShareGroupOffsetsResponseTopic[];
}

export interface AlterShareGroupOffsetsResponseTopic {
  topicName: string;
  topicId: string;
  partitions: readonly AlterShareGroupOffsetsResponsePartition[];
}

export interface AlterShareGroupOffsetsResponsePartition {
  partitionIndex: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeAlterShareGroupOffsetsRequest(w: Writer, v: number, m: AlterShareGroupOffsetsRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeAlterShareGroupOffsetsRequestTopic);
  w.tags();
}

function readAlterShareGroupOffsetsRequest(r: Reader, v: number): Decoded<AlterShareGroupOffsetsRequest> {
  const m: Decoded<AlterShareGroupOffsetsRequest> = { groupId: r.string(), topics: r.array(v, 3, readAlterShareGroupOffsetsRequestTopic) };
  r.tags();
  return m;
}

function writeAlterShareGroupOffsetsRequestTopic(w: Writer, v: number, m: AlterShareGroupOffsetsRequestTopic): void {
  w.string(m.topicName);
  w.array(v, m.partitions, writeAlterShareGroupOffsetsRequestPartition);
  w.tags();
}

function readAlterShareGroupOffsetsRequestTopic(r: Reader, v: number): Decoded<AlterShareGroupOffsetsRequestTopic> {
  const m: Decoded<AlterShareGroupOffsetsRequestTopic> = {
    topicName: r.string(),
    partitions: r.array(v, 13, readAlterShareGroupOffsetsRequestPartition),
  };
  r.tags();
  return m;
}

function writeAlterShareGroupOffsetsRequestPartition(w: Writer, _v: number, m: AlterShareGroupOffsetsRequestPartition): void {
  w.int32(m.partitionIndex);
  w.int64(m.startOffset);
  w.tags();
}

function readAlterShareGroupOffsetsRequestPartition(r: Reader, _v: number): Decoded<AlterShareGroupOffsetsRequestPartition> {
  const m: Decoded<AlterShareGroupOffsetsRequestPartition> = { partitionIndex: r.int32(), startOffset: r.int64() };
  r.tags();
  return m;
}

function writeAlterShareGroupOffsetsResponse(w: Writer, v: number, m: AlterShareGroupOffsetsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.array(v, m.responses, writeAlterShareGroupOffsetsResponseTopic);
  w.tags();
}

function readAlterShareGroupOffsetsResponse(r: Reader, v: number): Decoded<AlterShareGroupOffsetsResponse> {
  const m: Decoded<AlterShareGroupOffsetsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    responses: r.array(v, 19, readAlterShareGroupOffsetsResponseTopic),
  };
  r.tags();
  return m;
}

function writeAlterShareGroupOffsetsResponseTopic(w: Writer, v: number, m: AlterShareGroupOffsetsResponseTopic): void {
  w.string(m.topicName);
  w.uuid(m.topicId);
  w.array(v, m.partitions, writeAlterShareGroupOffsetsResponsePartition);
  w.tags();
}

function readAlterShareGroupOffsetsResponseTopic(r: Reader, v: number): Decoded<AlterShareGroupOffsetsResponseTopic> {
  const m: Decoded<AlterShareGroupOffsetsResponseTopic> = {
    topicName: r.string(),
    topicId: r.uuid(),
    partitions: r.array(v, 8, readAlterShareGroupOffsetsResponsePartition),
  };
  r.tags();
  return m;
}

function writeAlterShareGroupOffsetsResponsePartition(w: Writer, _v: number, m: AlterShareGroupOffsetsResponsePartition): void {
  w.int32(m.partitionIndex);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readAlterShareGroupOffsetsResponsePartition(r: Reader, _v: number): Decoded<AlterShareGroupOffsetsResponsePartition> {
  const m: Decoded<AlterShareGroupOffsetsResponsePartition> = {
    partitionIndex: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
  };
  r.tags();
  return m;
}
