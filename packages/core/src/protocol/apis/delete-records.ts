// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DeleteRecords, versions 0 to 2. */
export const deleteRecords: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
  writeRequest: writeDeleteRecordsRequest,
  readRequest: readDeleteRecordsRequest,
  writeResponse: writeDeleteRecordsResponse,
  readResponse: readDeleteRecordsResponse,
};

export interface DeleteRecordsRequest {
  topics: readonly DeleteRecordsTopic[];
  timeoutMs: number;
}

export interface DeleteRecordsTopic {
  name: string;
  partitions: readonly DeleteRecordsPartition[];
}

export interface DeleteRecordsPartition {
  partitionIndex: number;
  offset: number;
}

export interface DeleteRecordsResponse {
  throttleTimeMs: number;
  topics: readonly DeleteRecordsTopicResult[];
}

export interface DeleteRecordsTopicResult {
  name: string;
  partitions: readonly DeleteRecordsPartitionResult[];
}

export interface DeleteRecordsPartitionResult {
  partitionIndex: number;
  lowWatermark: number;
  errorCode: number;
}

function writeDeleteRecordsRequest(w: Writer, v: number, m: DeleteRecordsRequest): void {
  w.array(v, m.topics, writeDeleteRecordsTopic);
  w.int32(m.timeoutMs);
  w.tags();
}

function readDeleteRecordsRequest(r: Reader, v: number): Decoded<DeleteRecordsRequest> {
  const m: Decoded<DeleteRecordsRequest> = { topics: r.array(v, 3, readDeleteRecordsTopic), timeoutMs: r.int32() };
  r.tags();
  return m;
}

function writeDeleteRecordsTopic(w: Writer, v: number, m: DeleteRecordsTopic): void {
  w.string(m.name);
  w.array(v, m.partitions, writeDeleteRecordsPartition);
  w.tags();
}

function readDeleteRecordsTopic(r: Reader, v: number): Decoded<DeleteRecordsTopic> {
  const m: Decoded<DeleteRecordsTopic> = { name: r.string(), partitions: r.array(v, 12, readDeleteRecordsPartition) };
  r.tags();
  return m;
}

function writeDeleteRecordsPartition(w: Writer, _v: number, m: DeleteRecordsPartition): void {
  w.int32(m.partitionIndex);
  w.int64(m.offset);
  w.tags();
}

function readDeleteRecordsPartition(r: Reader, _v: number): Decoded<DeleteRecordsPartition> {
  const m: Decoded<DeleteRecordsPartition> = { partitionIndex: r.int32(), offset: r.int64() };
  r.tags();
  return m;
}

function writeDeleteRecordsResponse(w: Writer, v: number, m: DeleteRecordsResponse): void {
  w.int32(m.throttleTimeMs);
  w.array(v, m.topics, writeDeleteRecordsTopicResult);
  w.tags();
}

function readDeleteRecordsResponse(r: Reader, v: number): Decoded<DeleteRecordsResponse> {
  const m: Decoded<DeleteRecordsResponse> = { throttleTimeMs: r.int32(), topics: r.array(v, 3, readDeleteRecordsTopicResult) };
  r.tags();
  return m;
}

function writeDeleteRecordsTopicResult(w: Writer, v: number, m: DeleteRecordsTopicResult): void {
  w.string(m.name);
  w.array(v, m.partitions, writeDeleteRecordsPartitionResult);
  w.tags();
}

function readDeleteRecordsTopicResult(r: Reader, v: number): Decoded<DeleteRecordsTopicResult> {
  const m: Decoded<DeleteRecordsTopicResult> = { name: r.string(), partitions: r.array(v, 14, readDeleteRecordsPartitionResult) };
  r.tags();
  return m;
}

function writeDeleteRecordsPartitionResult(w: Writer, _v: number, m: DeleteRecordsPartitionResult): void {
  w.int32(m.partitionIndex);
  w.int64(m.lowWatermark);
  w.int16(m.errorCode);
  w.tags();
}

function readDeleteRecordsPartitionResult(r: Reader, _v: number): Decoded<DeleteRecordsPartitionResult> {
  const m: Decoded<DeleteRecordsPartitionResult> = { partitionIndex: r.int32(), lowWatermark: r.int64(), errorCode: r.int16() };
  r.tags();
  return m;
}
