// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** DeleteShareGroupState, versions 0 to 0. */
export const deleteShareGroupState: Api<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse> = {
  key: 86,
  name: 'DeleteShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeDeleteShareGroupStateRequest,
  readRequest: readDeleteShareGroupStateRequest,
  writeResponse: writeDeleteShareGroupStateResponse,
  readResponse: readDeleteShareGroupStateResponse,
};

export interface DeleteShareGroupStateRequest {
  groupId: string;
  topics: readonly DeleteStateData[];
}

export interface DeleteStateData {
  topicId: string;
  partitions: readonly PartitionData[];
}

export interface PartitionData {
  partition: number;
}

export interface DeleteShareGroupStateResponse {
  results: readonly DeleteStateResult[];
}

export interface DeleteStateResult {
  topicId: string;
  partitions: readonly PartitionResult[];
}

export interface PartitionResult {
  partition: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
}

function writeDeleteShareGroupStateRequest(w: Writer, v: number, m: DeleteShareGroupStateRequest): void {
  w.string(m.groupId);
  w.array(v, m.topics, writeDeleteStateData);
  w.tags();
}

function readDeleteShareGroupStateRequest(r: Reader, v: number): Decoded<DeleteShareGroupStateRequest> {
  const m: Decoded<DeleteShareGroupStateRequest> = { groupId: r.string(), topics: r.array(v, 18, readDeleteStateData) };
  r.tags();
  return m;
}

function writeDeleteStateData(w: Writer, v: number, m: DeleteStateData): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionData);
  w.tags();
}

function readDeleteStateData(r: Reader, v: number): Decoded<DeleteStateData> {
  const m: Decoded<DeleteStateData> = { topicId: r.uuid(), partitions: r.array(v, 5, readPartitionData) };
  r.tags();
  return m;
}

function writePartitionData(w: Writer, _v: number, m: PartitionData): void {
  w.int32(m.partition);
  w.tags();
}

function readPartitionData(r: Reader, _v: number): Decoded<PartitionData> {
  const m: Decoded<PartitionData> = { partition: r.int32() };
  r.tags();
  return m;
}

function writeDeleteShareGroupStateResponse(w: Writer, v: number, m: DeleteShareGroupStateResponse): void {
  w.array(v, m.results, writeDeleteStateResult);
  w.tags();
}

function readDeleteShareGroupStateResponse(r: Reader, v: number): Decoded<DeleteShareGroupStateResponse> {
  const m: Decoded<DeleteShareGroupStateResponse> = { results: r.array(v, 18, readDeleteStateResult) };
  r.tags();
  return m;
}

function writeDeleteStateResult(w: Writer, v: number, m: DeleteStateResult): void {
  w.uuid(m.topicId);
  w.array(v, m.partitions, writePartitionResult);
  w.tags();
}

function readDeleteStateResult(r: Reader, v: number): Decoded<DeleteStateResult> {
  const m: Decoded<DeleteStateResult> = { topicId: r.uuid(), partitions: r.array(v, 8, readPartitionResult) };
  r.tags();
  return m;
}

function writePartitionResult(w: Writer, _v: number, m: PartitionResult): void {
  w.int32(m.partition);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  w.tags();
}

function readPartitionResult(r: Reader, _v: number): Decoded<PartitionResult> {
  const m: Decoded<PartitionResult> = { partition: r.int32(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
